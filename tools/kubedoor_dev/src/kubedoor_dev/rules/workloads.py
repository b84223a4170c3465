"""Alert rules of containers, pods, workloads and autoscalers, by cAdvisor and kube-state-metrics."""

from __future__ import annotations

from kubedoor_core.metrics.selecting import Scope
from kubedoor_core.metrics.thresholds import NEAR_LIMIT, THROTTLED
from kubedoor_core.metrics.wrong import Wrong
from kubedoor_dev.rules.model import KEPT, Alert, Group

POD = ", ".join((*KEPT, "namespace", "pod"))
CONTAINER = f"{POD}, container"
WRONG = Wrong(Scope(), KEPT)
IMAGE = "ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull"
CONFIG = "CreateContainerConfigError|CreateContainerError|RunContainerError|StartError"


def _status(what: str, reasons: str = "") -> str:
    """Return a selector of a status of containers, init containers among them."""
    reason = f', reason=~"{reasons}"' if reasons else ""
    return f'{{__name__=~"kube_pod_(init_)?container_status_{what}"{reason}}}'


def _waiting(reasons: str) -> str:
    waiting = _status("waiting_reason", reasons)
    return f"max by ({CONTAINER}, reason) (max_over_time({waiting}[5m])) == 1"


def _missing(kind: str, asked: str, ready: str, updated: str) -> str:
    """Return the query of how many pods a workload lacks that is not being rolled out."""
    by = ", ".join((*KEPT, "namespace", kind))
    lacks = f"max by ({by}) (kube_{kind}_{asked}) - max by ({by}) (kube_{kind}_status_{ready}) > 0"
    return f"({lacks} unless max by ({by}) (changes(kube_{kind}_status_{updated}[10m])) > 0)"


STUCK = (
    f"max by ({', '.join((*KEPT, 'namespace', 'deployment'))})"
    ' (kube_deployment_status_condition{condition="Progressing", status="false"}) == 1'
)
KILLED = (
    f"max by ({CONTAINER}) (increase({_status('restarts_total')}[10m])) > 0"
    f" and on ({CONTAINER}) max by ({CONTAINER})"
    f" ({_status('last_terminated_reason', 'OOMKilled')}) == 1"
)
PENDING = (
    f'max by ({POD}) (kube_pod_status_phase{{phase="Pending"}}) == 1'
    f" unless on ({POD}) max by ({POD}) ({_status('waiting_reason', f'{IMAGE}|{CONFIG}')}) == 1"
)
MISSING = " or ".join(
    (
        _missing("deployment", "spec_replicas", "replicas_available", "replicas_updated"),
        _missing("statefulset", "replicas", "replicas_ready", "replicas_updated"),
        _missing("daemonset", "status_desired_number_scheduled", "number_ready", "updated_number_scheduled"),
    )
)
PERCENT = "{{ $value | humanizePercentage }}"
_TARGET = ("scaletargetref_kind", "workload_type"), ("scaletargetref_name", "workload")
CAPPED = WRONG.autoscalers_capped()
for _label, _name in _TARGET:
    CAPPED = f'label_replace({CAPPED}, "{_name}", "$1", "{_label}", "(.+)")'


def groups() -> list[Group]:
    """Return the rules."""
    return [Group("kubedoor-containers", _CONTAINERS), Group("kubedoor-workloads", _WORKLOADS)]


_CONTAINERS = (
    Alert(
        "ContainerOOMKilled",
        KILLED,
        "A container was killed because it was out of memory",
        "{{ $labels.container }} of {{ $labels.pod }} reached its memory limit. Raise the limit, or"
        " find the leak.",
        severity="critical",
    ),
    Alert(
        "ContainerCrashLoop",
        _waiting("CrashLoopBackOff"),
        "A container crashes again and again",
        "{{ $labels.container }} of {{ $labels.pod }} ends as soon as it has begun. Its log of the"
        " run before says why.",
        "5m",
        "critical",
    ),
    Alert(
        "ImagePullFails",
        _waiting(IMAGE),
        "An image can't be pulled",
        "{{ $labels.container }} of {{ $labels.pod }} waits: {{ $labels.reason }}. Check its name,"
        " its tag and"
        " the registry's credentials.",
        "5m",
    ),
    Alert(
        "ContainerNotCreated",
        _waiting(CONFIG),
        "A container can't be created",
        "{{ $labels.container }} of {{ $labels.pod }} waits: {{ $labels.reason }}. A Secret, a"
        " ConfigMap or its"
        " command is missing, as a rule.",
        "5m",
    ),
    Alert(
        "ContainerThrottled",
        WRONG.throttled(300),
        "A container waits for cpu",
        f"{{{{ $labels.container }}}} of {{{{ $labels.pod }}}} reached its cpu limit in {PERCENT} of"
        " its periods;"
        f" more than {THROTTLED:.0%} make it slow.",
        "15m",
    ),
    Alert(
        "ContainerMemoryNearLimit",
        WRONG.memory_near_limit(),
        "A container is about to reach its memory limit",
        f"{{{{ $labels.container }}}} of {{{{ $labels.pod }}}} uses {PERCENT} of its limit; at 100%"
        " it is killed."
        f" Told from {NEAR_LIMIT:.0%} on.",
        "10m",
    ),
)
_WORKLOADS = (
    Alert(
        "PodPending",
        PENDING,
        "A pod does not start",
        "{{ $labels.pod }} has been pending for a quarter of an hour: no node takes it, or a volume"
        " does not come.",
        "15m",
    ),
    Alert(
        "RolloutStuck",
        STUCK,
        "A rollout makes no progress",
        "The Deployment {{ $labels.deployment }} did not finish within its progressDeadlineSeconds.",
        "5m",
    ),
    Alert(
        "ReplicasMissing",
        MISSING,
        "Pods of a workload are missing",
        "{{ $labels.deployment }}{{ $labels.statefulset }}{{ $labels.daemonset }} lacks {{ $value }}"
        " pods that"
        " should be ready.",
        "15m",
    ),
    Alert(
        "AutoscalerAtMaximum",
        CAPPED,
        "An autoscaler wants more pods than it may have",
        "{{ $labels.horizontalpodautoscaler }} has been at its maximum of {{ $value }} pods for a"
        " quarter of an hour.",
        "15m",
    ),
)
