"""The resources that are served: names, types, and what is filled in and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import defaulting, deployment_validation, validation
from kubedoor_dev.cluster.errors import Kind

if TYPE_CHECKING:
    from kubedoor_dev.cluster.defaulting import Defaulter
    from kubedoor_dev.cluster.validation import Validator

Json = dict[str, Any]

NAMES = ("metadata.name", "metadata.namespace")


@dataclass(frozen=True)
class Resource:
    """One resource. `model` is kubernetes_asyncio's name of the type."""

    group: str
    version: str
    plural: str
    kind: str
    model: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    selectable: tuple[str, ...] = NAMES
    defaults: Defaulter = defaulting.nothing
    validate: Validator = validation.nothing
    label_name: bool = False
    has_generation: bool = False
    create_on_update: bool = False

    @property
    def id(self) -> str:
        """The key in the store."""
        return f"{self.group}/{self.plural}"

    @property
    def api_version(self) -> str:
        """`v1`, or `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def named(self) -> Kind:
        """What an error says of it: `deployments.apps`."""
        return Kind(self.group, self.plural)

    @property
    def qualified_kind(self) -> Kind:
        """What a validation error says of it: `Deployment.apps`."""
        return Kind(self.group, self.kind)


@dataclass(frozen=True)
class Form:
    """The type of what is read and written at a path: a resource's own, or a Scale."""

    group: str
    version: str
    kind: str
    model: str

    @property
    def api_version(self) -> str:
        """`v1`, or `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version


SCALE = Form("autoscaling", "v1", "Scale", "V1Scale")
EVICTION = Form("policy", "v1", "Eviction", "V1Eviction")

DEPLOYMENTS = Resource(
    "apps", "v1", "deployments", "Deployment", "V1Deployment",
    short_names=("deploy",),
    subresources=("scale", "status"),
    defaults=defaulting.deployment,
    validate=deployment_validation.deployment,
    has_generation=True,
)  # fmt: skip
REPLICA_SETS = Resource("apps", "v1", "replicasets", "ReplicaSet", "V1ReplicaSet", short_names=("rs",))
PODS = Resource(
    "", "v1", "pods", "Pod", "V1Pod",
    short_names=("po",),
    subresources=("resize", "log", "eviction", "exec", "ephemeralcontainers"),
    selectable=(*NAMES, "spec.nodeName", "status.phase", "spec.restartPolicy", "status.podIP"),
    defaults=defaulting.pod,
)  # fmt: skip
EVENTS = Resource(
    "", "v1", "events", "Event", "CoreV1Event",
    short_names=("ev",),
    selectable=(
        *NAMES, "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
        "involvedObject.uid", "involvedObject.apiVersion", "reason", "type",
    ),
)  # fmt: skip
NODES = Resource(
    "", "v1", "nodes", "Node", "V1Node",
    namespaced=False, short_names=("no",), selectable=("metadata.name", "spec.unschedulable"),
)  # fmt: skip
NAMESPACES = Resource(
    "", "v1", "namespaces", "Namespace", "V1Namespace",
    namespaced=False,
    short_names=("ns",),
    selectable=("metadata.name", "status.phase"),
    defaults=defaulting.namespace,
    label_name=True,
)  # fmt: skip
LEASES = Resource(
    "coordination.k8s.io", "v1", "leases", "Lease", "V1Lease",
    validate=validation.lease, create_on_update=True,
)  # fmt: skip
AUTOSCALERS = Resource(
    "autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler",
    "V2HorizontalPodAutoscaler",
    short_names=("hpa",), defaults=defaulting.autoscaler, validate=validation.autoscaler,
)  # fmt: skip
LIMIT_RANGES = Resource("", "v1", "limitranges", "LimitRange", "V1LimitRange", short_names=("limits",))
QUOTAS = Resource("", "v1", "resourcequotas", "ResourceQuota", "V1ResourceQuota", short_names=("quota",))
CLAIMS = Resource(
    "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "V1PersistentVolumeClaim",
    short_names=("pvc",),
)  # fmt: skip
VOLUMES = Resource(
    "", "v1", "persistentvolumes", "PersistentVolume", "V1PersistentVolume",
    namespaced=False, short_names=("pv",), selectable=("metadata.name",),
)  # fmt: skip
SERVICES = Resource("", "v1", "services", "Service", "V1Service", short_names=("svc",))
SLICES = Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "V1EndpointSlice")
POLICIES = Resource(
    "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "V1NetworkPolicy",
    short_names=("netpol",),
)  # fmt: skip
BUDGETS = Resource(
    "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "V1PodDisruptionBudget",
    short_names=("pdb",),
)  # fmt: skip
WEBHOOKS = Resource(
    "admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration", "V1MutatingWebhookConfiguration",
    namespaced=False,
    selectable=("metadata.name",),
    defaults=defaulting.webhook_configuration,
    validate=validation.webhook_configuration,
    has_generation=True,
)  # fmt: skip

ALL = (
    NAMESPACES, NODES, PODS, EVENTS, DEPLOYMENTS, REPLICA_SETS, LEASES, AUTOSCALERS, LIMIT_RANGES,
    QUOTAS, CLAIMS, VOLUMES, SERVICES, SLICES, POLICIES, BUDGETS, WEBHOOKS,
)  # fmt: skip
BY_PLACE = {(one.group, one.version, one.plural): one for one in ALL}


def form_of(resource: Resource, subresource: str = "") -> Form:
    """Return the type of what a path serves."""
    if subresource == "scale":
        return SCALE
    if subresource == "eviction":
        return EVICTION
    return Form(resource.group, resource.version, resource.kind, resource.model)
