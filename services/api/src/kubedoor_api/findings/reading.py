"""Reads the objects of a cluster into the facts that findings go by. Pure."""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import UTC, datetime

from kubedoor_api.findings.facts import (
    CORDON_TAINT,
    ContainerState,
    DeploymentState,
    NodeState,
    PodState,
    Pressure,
    QuotaState,
    ReplicaSetState,
    Template,
    Volume,
)
from kubedoor_api.kube.manifests import (
    COLUMNS,
    NANO_PER_M,
    NANO_PER_MIB,
    RESTARTED_AT,
    RESTARTED_BY,
    VALUES,
    condition_of,
    control_value,
    moment,
    replicas_of,
    value_of,
)
from kubedoor_api.kube.objects.cluster import Node, PersistentVolume, PersistentVolumeClaim, ResourceQuota
from kubedoor_api.kube.objects.meta import ObjectMeta
from kubedoor_api.kube.objects.pods import Container, ContainerStatus, Pod, PodTemplate
from kubedoor_api.kube.objects.workloads import Deployment, ReplicaSet
from kubedoor_api.kube.rollout import HASH, TIMED_OUT, statuses_of, trouble_of
from kubedoor_api.workloads.room import Amount, asked_by
from kubedoor_core.domain import quantity
from kubedoor_core.domain.placement.model import Taint
from kubedoor_core.domain.placement.selecting import read_node_terms
from kubedoor_core.errors import BadValueError

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
REVISION = "deployment.kubernetes.io/revision"
RESTARTS = (RESTARTED_BY, RESTARTED_AT, "kubectl.kubernetes.io/restartedAt")
PLACEMENT = ("nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "nodeName")


def _at(text: object) -> datetime:
    return moment(text) or UNKNOWN_TIME


def _owner(metadata: ObjectMeta) -> tuple[str, str]:
    owners = metadata.get("ownerReferences") or []
    return next(((str(one["kind"]), str(one["name"])) for one in owners if one.get("controller")), ("", ""))


def _container(container: Container, status: ContainerStatus) -> ContainerState:
    state, before = status.get("state") or {}, status.get("lastState") or {}
    ended, waiting = state.get("terminated") or before.get("terminated") or {}, state.get("waiting") or {}
    # How long it may be unready once it runs, by its probes.
    both = (container.get("startupProbe"), container.get("readinessProbe"))
    probes = [probe for probe in both if probe]
    waits = (
        int(one.get("initialDelaySeconds") or 0)
        + int(one.get("periodSeconds") or 10) * int(one.get("failureThreshold") or 3)
        for one in probes
    )
    return ContainerState(
        name=str(container["name"]),
        image=str(container.get("image") or ""),
        ready=bool(status.get("ready")),
        restarts=int(status.get("restartCount") or 0),
        waiting=str(waiting.get("reason") or ""),
        said=str(waiting.get("message") or "")[:600],
        running_since=moment((state.get("running") or {}).get("startedAt")),
        ended=str(ended.get("reason") or ""),
        exit_code=ended.get("exitCode"),
        ended_at=moment(ended.get("finishedAt")),
        unready_s=sum(waits) if probes else None,
    )


def read_pod(pod: Pod) -> PodState:
    """Read a pod."""
    metadata, spec, status = pod["metadata"], pod.get("spec") or {}, pod.get("status") or {}
    told = {one["name"]: one for one in statuses_of(pod)}
    containers = (*(spec.get("initContainers") or []), *(spec.get("containers") or []))
    ready, scheduled = condition_of(pod, "Ready"), condition_of(pod, "PodScheduled")
    waits = scheduled.get("status") == "False" and scheduled.get("reason") == "Unschedulable"
    created_at = _at(metadata.get("creationTimestamp"))
    node = str(spec.get("nodeName") or "")
    return PodState(
        uid=str(metadata.get("uid") or ""),
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata["name"]),
        labels=metadata.get("labels") or {},
        node=node,
        owner=_owner(metadata),
        phase=str(status.get("phase") or ""),
        reason=str(status.get("reason") or ""),
        created_at=created_at,
        changed_at=moment(ready.get("lastTransitionTime")) or created_at,
        leaving=bool(metadata.get("deletionTimestamp")),
        ready=ready.get("status") == "True",
        unscheduled_at=_at(scheduled.get("lastTransitionTime")) if waits else None,
        message=str((scheduled if waits else status).get("message") or "")[:600],
        containers=tuple(_container(one, told.get(one["name"], {})) for one in containers),
        asked=asked_by(spec),
        trouble=trouble_of(pod),
        spec=None if node else spec,
    )


def read_node(node: Node) -> NodeState:
    """Read a node."""
    metadata, spec = node["metadata"], node.get("spec") or {}
    ready, has = condition_of(node, "Ready"), (node.get("status") or {}).get("allocatable") or {}
    conditions = ((kind, condition_of(node, kind)) for kind in PRESSURES)
    taints = (
        Taint(str(one["key"]), str(one.get("value") or ""), str(one.get("effect") or ""))
        for one in spec.get("taints") or []
    )
    cordoned = (
        moment(one.get("timeAdded")) for one in spec.get("taints") or [] if one["key"] == CORDON_TAINT
    )
    cpu, memory = quantity.parse(has.get("cpu", "0")), quantity.parse(has.get("memory", "0"))
    return NodeState(
        name=str(metadata["name"]),
        labels=metadata.get("labels") or {},
        ready=ready.get("status") == "True",
        ready_changed_at=_at(ready.get("lastTransitionTime")),
        ready_reason=str(ready.get("reason") or ""),
        created_at=_at(metadata.get("creationTimestamp")),
        pressures=tuple(
            Pressure(kind, _at(one.get("lastTransitionTime")))
            for kind, one in conditions
            if one.get("status") == "True"
        ),
        cordoned=bool(spec.get("unschedulable")),
        cordoned_at=next(cordoned, None),
        taints=tuple(taints),
        allocatable=Amount(cpu // NANO_PER_M, memory // NANO_PER_MIB),
        pods=quantity.parse(has.get("pods", "0")) // quantity.NANO,
    )


def read_deployment(deployment: Deployment) -> DeploymentState:
    """Read a Deployment."""
    status = deployment.get("status") or {}
    progressing, failure = condition_of(deployment, "Progressing"), condition_of(deployment, "ReplicaFailure")
    stuck, refused = progressing.get("reason") == TIMED_OUT, failure.get("status") == "True"
    return DeploymentState(
        namespace=str(deployment["metadata"].get("namespace") or ""),
        name=str(deployment["metadata"]["name"]),
        desired=replicas_of(deployment),
        updated=int(status.get("updatedReplicas") or 0),
        available=int(status.get("availableReplicas") or 0),
        stuck_at=_at(progressing.get("lastUpdateTime")) if stuck else None,
        refused_at=_at(failure.get("lastTransitionTime")) if refused else None,
        refused=str(failure.get("message") or "")[:600] if refused else "",
    )


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def read_template(template: PodTemplate) -> Template:
    """Read a pod template."""
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    containers = (*(spec.get("initContainers") or []), *(spec.get("containers") or []))
    values = dict[tuple[str, str], int]()
    for container in containers:
        for name, part, what in VALUES:
            text = value_of(container, part, what)
            if text is not None:
                with contextlib.suppress(BadValueError):
                    values[container["name"], COLUMNS[name]] = control_value(name, text)
    annotations = metadata.get("annotations") or {}
    kept = {key: value for key, value in annotations.items() if key not in RESTARTS}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    others = [{k: v for k, v in one.items() if k not in ("image", "resources")} for one in containers]
    without = ("containers", "initContainers", *PLACEMENT)
    rest = {key: value for key, value in spec.items() if key not in without}
    return Template(
        images={str(one["name"]): str(one.get("image") or "") for one in containers},
        values=values,
        placement=_digest({key: spec.get(key) for key in PLACEMENT}),
        rest=_digest([kept, labels, others, rest]),
        restarted_at=_digest([annotations.get(key) for key in RESTARTS]),
    )


def read_replica_set(found: ReplicaSet) -> ReplicaSetState:
    """Read a ReplicaSet."""
    metadata = found["metadata"]
    kind, name = _owner(metadata)
    revision = str((metadata.get("annotations") or {}).get(REVISION) or "")
    return ReplicaSetState(
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata["name"]),
        deployment=name if kind == "Deployment" else "",
        revision=int(revision) if revision.isdigit() else 0,
        created_at=_at(metadata.get("creationTimestamp")),
        template=read_template((found.get("spec") or {}).get("template") or {}),
    )


def read_claim(claim: PersistentVolumeClaim) -> str:
    """Return the name of the volume that a PersistentVolumeClaim is bound to; empty if to none."""
    return str((claim.get("spec") or {}).get("volumeName") or "")


def read_volume(volume: PersistentVolume) -> Volume:
    """Read where a PersistentVolume can be mounted."""
    required = ((volume.get("spec") or {}).get("nodeAffinity") or {}).get("required") or {}
    return Volume(read_node_terms(required.get("nodeSelectorTerms")))


def read_quota(quota: ResourceQuota) -> QuotaState | None:
    """Read a ResourceQuota; None for one that counts only some pods, which is not worked out here."""
    spec, status = quota.get("spec") or {}, quota.get("status") or {}
    if spec.get("scopes") or spec.get("scopeSelector"):
        return None
    hard, used = status.get("hard") or spec.get("hard") or {}, status.get("used") or {}
    return QuotaState(
        namespace=str(quota["metadata"].get("namespace") or ""),
        name=str(quota["metadata"]["name"]),
        hard={name: quantity.parse(str(value)) for name, value in hard.items()},
        used={name: quantity.parse(str(value)) for name, value in used.items()},
    )
