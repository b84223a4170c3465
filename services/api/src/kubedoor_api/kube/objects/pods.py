"""Pods and what they are made from."""

from __future__ import annotations

from typing import TypedDict

from kubedoor_api.kube.objects.meta import Condition, KubeObject, LabelSelector, ObjectMeta, Requirement

Quantities = dict[str, str]
"""Amounts of resources, as Kubernetes writes them."""


class ResourceRequirements(TypedDict, total=False):
    """What a container asks for, and what it may have at most."""

    requests: Quantities
    limits: Quantities


class ResizePolicy(TypedDict, total=False):
    """Whether a container is restarted for another amount of a resource."""

    resourceName: str
    restartPolicy: str


class Probe(TypedDict, total=False):
    """When a container counts as started or ready, seconds."""

    initialDelaySeconds: int
    periodSeconds: int
    failureThreshold: int


class SecurityContext(TypedDict, total=False):
    """Which user a container runs as."""

    runAsUser: int
    runAsGroup: int
    runAsNonRoot: bool


class VolumeMount(TypedDict, total=False):
    """Where a container sees a volume."""

    name: str
    mountPath: str


class Container(TypedDict, total=False):
    """A container of a pod."""

    name: str
    image: str
    resources: ResourceRequirements
    resizePolicy: list[ResizePolicy]
    restartPolicy: str
    startupProbe: Probe
    readinessProbe: Probe
    securityContext: SecurityContext
    volumeMounts: list[VolumeMount]


class SpreadConstraint(TypedDict, total=False):
    """Over which nodes' label pods are spread."""

    topologyKey: str
    whenUnsatisfiable: str


class Toleration(TypedDict, total=False):
    """Which taints a pod bears."""

    key: str
    operator: str
    value: str
    effect: str


class NodeSelectorTerm(TypedDict, total=False):
    """Labels and fields that nodes are chosen by; an empty one chooses none."""

    matchExpressions: list[Requirement]
    matchFields: list[Requirement]


class NodeSelector(TypedDict, total=False):
    """Terms of which one is enough."""

    nodeSelectorTerms: list[NodeSelectorTerm]


class NodeAffinity(TypedDict, total=False):
    """Which nodes a pod can be on."""

    requiredDuringSchedulingIgnoredDuringExecution: NodeSelector


class PodAffinityTerm(TypedDict, total=False):
    """Which pods it is about, and the label of nodes within whose values."""

    labelSelector: LabelSelector
    namespaces: list[str]
    topologyKey: str


class PodAntiAffinity(TypedDict, total=False):
    """Which pods a pod can't be beside."""

    requiredDuringSchedulingIgnoredDuringExecution: list[PodAffinityTerm]


class Affinity(TypedDict, total=False):
    """Where a pod can be."""

    nodeAffinity: NodeAffinity
    podAntiAffinity: PodAntiAffinity


class ClaimReference(TypedDict, total=False):
    """A PersistentVolumeClaim of a pod's namespace."""

    claimName: str


class EmptyDir(TypedDict, total=False):
    """A folder that lasts as long as its pod: on the node's disk, or in memory (`Memory`)."""

    medium: str
    sizeLimit: str


class PodVolume(TypedDict, total=False):
    """A volume of a pod."""

    name: str
    emptyDir: EmptyDir
    persistentVolumeClaim: ClaimReference


class PodSpec(TypedDict, total=False):
    """What a pod is to be."""

    nodeName: str
    terminationGracePeriodSeconds: int
    nodeSelector: dict[str, str]
    tolerations: list[Toleration]
    volumes: list[PodVolume]
    containers: list[Container]
    initContainers: list[Container]
    ephemeralContainers: list[Container]
    resources: ResourceRequirements
    overhead: Quantities
    securityContext: SecurityContext
    affinity: Affinity
    topologySpreadConstraints: list[SpreadConstraint]


class PodTemplate(TypedDict, total=False):
    """What pods are made from."""

    metadata: ObjectMeta
    spec: PodSpec


class ContainerStateDetail(TypedDict, total=False):
    """Why a container waits, or how it ended; times are RFC 3339."""

    reason: str
    message: str
    exitCode: int
    startedAt: str
    finishedAt: str


class ContainerState(TypedDict, total=False):
    """One of the three."""

    waiting: ContainerStateDetail
    running: ContainerStateDetail
    terminated: ContainerStateDetail


class ContainerStatus(TypedDict, total=False):
    """How a container is."""

    name: str
    ready: bool
    restartCount: int
    state: ContainerState
    lastState: ContainerState
    resources: ResourceRequirements


class PodStatus(TypedDict, total=False):
    """How a pod is."""

    phase: str
    reason: str
    message: str
    observedGeneration: int
    conditions: list[Condition]
    containerStatuses: list[ContainerStatus]
    initContainerStatuses: list[ContainerStatus]
    ephemeralContainerStatuses: list[ContainerStatus]


class Pod(KubeObject, total=False):
    """A pod."""

    spec: PodSpec
    status: PodStatus
