"""Alert rules of what services are asked: failed requests, and latency beside the same hour of other days."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.labelling import Labelling
from kubedoor_core.metrics.selecting import Part, Scope
from kubedoor_core.metrics.thresholds import (
    DAYS,
    DAYS_LEAST,
    DEVIATION_LEAST,
    DEVIATIONS,
    ERRORS_MANY,
    REQUESTS_LEAST,
)
from kubedoor_core.metrics.traffic.dialects import DIALECTS, INGRESS, Dialect, TrafficSource
from kubedoor_core.metrics.traffic.promql import added_up, failures, series
from kubedoor_dev.rules.model import KEPT, Alert, Group, Recording

Speaking = Spoken[Dialect]
PART = Part(Scope(), (".+",))
RANGE_S = 300
POD = ", ".join((*KEPT, "namespace", "pod"))
NAMED = ", ".join((*KEPT, "namespace", "workload"))
WORKLOAD = f"{NAMED}, workload_type"
OWNER = "kubedoor:pod_workload"
REQUESTS, FAILED = "kubedoor:workload_requests:rate5m", "kubedoor:workload_errors:rate5m"
P95 = "kubedoor:workload_latency_ms:p95"
SAME_HOUR, MEDIAN, DEVIATION = f"{P95}_same_hour", f"{P95}_median", f"{P95}_deviation"
OWN_KINDS = ("StatefulSet", "DaemonSet")
_OTEL = {"namespace": "k8s_namespace_name", "pod": "k8s_pod_name"}


def _labelling(source: TrafficSource) -> Labelling:
    """Return what a source calls its labels by default."""
    match source:
        case "istio":
            return Labelling("destination_workload_namespace", "destination_workload")
        case "linkerd":
            return Labelling("namespace", "deployment")
        case "otel":
            return Labelling(_OTEL["namespace"], pod=_OTEL["pod"])
        case _:
            return Labelling("namespace", pod="pod")


def _spoken() -> dict[TrafficSource, list[Speaking]]:
    found: dict[TrafficSource, list[Speaking]] = {}
    for one in DIALECTS:
        if one.source != INGRESS:
            found.setdefault(one.source, []).append(Spoken(one.source, one, _labelling(one.source)))
    return found


def _of_workloads(one: Speaking, query: str, *by: str) -> str:
    """Add a query up by workload, whichever labels tell it."""
    labelling = one.labelling
    told = "pod" if labelling.pod else "workload"
    for name, given in (("namespace", labelling.namespace), (told, labelling.pod or labelling.workload)):
        if name != given:
            query = f'label_replace({query}, "{name}", "$1", "{given}", "(.+)")'
    owner = f"max by ({POD}, workload, workload_type) ({OWNER})"
    joined = f"{query} * on ({POD}) group_left (workload, workload_type) {owner}"
    if not labelling.pod:
        owner = f"topk by ({NAMED}) (1, max by ({WORKLOAD}) ({OWNER}))"
        joined = f"{query} * on ({NAMED}) group_left (workload_type) {owner}"
    return f"sum by ({', '.join((WORKLOAD, *by))}) ({joined})"


def _requests(one: Speaking) -> str:
    return _of_workloads(one, added_up(one, f"rate({series(PART, one, one.dialect.requests)}[5m])", by=KEPT))


def _failed(one: Speaking) -> str:
    return _of_workloads(one, added_up(one, failures(PART, one, "rate", RANGE_S), by=KEPT))


def _p95(one: Speaking) -> str:
    buckets = f"rate({series(PART, one, one.dialect.buckets)}[5m])"
    of_workloads = _of_workloads(one, added_up(one, buckets, by=(*KEPT, "le")), "le")
    return f"{one.dialect.unit_ms:g} * histogram_quantile(0.95, {of_workloads}) >= 0"


def _recorded(name: str, text: Callable[[Speaking], str]) -> Iterator[Recording]:
    """Record a measure of each source that has it; what has no histogram has no latency."""
    for source, spoken in _spoken().items():
        having = [one for one in spoken if text is not _p95 or one.dialect.buckets]
        if having:
            yield Recording(name, " or ".join(f"({text(one)})" for one in having), {"source": source})


def _owners() -> Iterator[Recording]:
    """Record which workload each pod is of."""
    controls = 'owner_is_controller="true"'
    place = ", ".join((*KEPT, "namespace", "replicaset"))
    of_sets = (
        f"topk by ({place}) (1, max by ({place}, owner_name)"
        ' (kube_replicaset_owner{owner_kind="Deployment"}))'
    )
    pods = (
        f'label_replace(kube_pod_owner{{owner_kind="ReplicaSet", {controls}}},'
        ' "replicaset", "$1", "owner_name", "(.+)")'
    )
    query = f"{pods} * on ({place}) group_left (owner_name) {of_sets}"
    yield _owner(query, "deployment")
    for kind in OWN_KINDS:
        yield _owner(f'kube_pod_owner{{owner_kind="{kind}", {controls}}}', kind.lower())


def _owner(query: str, kind: str) -> Recording:
    named = f'label_replace({query}, "workload", "$1", "owner_name", "(.+)")'
    return Recording(OWNER, f"max by ({POD}, workload) ({named})", {"workload_type": kind})


def _usual() -> Iterator[Recording]:
    """Record what the latency of each workload is at this hour, as a rule."""
    for day in range(1, DAYS + 1):
        offset_min = 24 * 60 * day - 30  # the hour around the same time
        yield Recording(SAME_HOUR, f"avg_over_time({P95}[1h] offset {offset_min}m)", {"day": str(day)})
    enough = f"count without (day) ({SAME_HOUR}) >= {DAYS_LEAST}"
    yield Recording(MEDIAN, f"quantile without (day) (0.5, {SAME_HOUR}) and {enough}")
    apart = f"abs({SAME_HOUR} - ignoring (day) group_left () {MEDIAN})"
    yield Recording(DEVIATION, f"quantile without (day) (0.5, {apart})")


def groups() -> list[Group]:
    """Return the rules."""
    recordings = [
        *_owners(),
        *_recorded(REQUESTS, _requests),
        *_recorded(FAILED, _failed),
        *_recorded(P95, _p95),
    ]
    return [
        Group("kubedoor-traffic", [*recordings, _FAIL]),
        Group("kubedoor-latency", [*_usual(), _SLOW], "5m"),
    ]


SPREAD = f"({DEVIATION} > {DEVIATION_LEAST} * {MEDIAN} or {DEVIATION_LEAST} * {MEDIAN})"
_ASKED = f"{REQUESTS} >= {REQUESTS_LEAST}"
_FAIL = Alert(
    "RequestsFail",
    f"max by ({WORKLOAD}) ({FAILED} / {REQUESTS} >= {ERRORS_MANY} and {_ASKED})",
    "Requests of a service fail",
    "{{ $value | humanizePercentage }} of what {{ $labels.workload }} was asked within five minutes failed.",
    "5m",
    "critical",
)
_SLOW = Alert(
    "RequestsSlow",
    f"max by ({WORKLOAD}) (avg_over_time({P95}[10m]) > {MEDIAN} + {DEVIATIONS} * {SPREAD} and {_ASKED})",
    "A service answers slower than usual at this hour",
    f"The 95th percentile of {{{{ $labels.workload }}}} is {{{{ $value | humanize }}}} ms: above the"
    " median of the same"
    f" hour of {DAYS} days by more than {DEVIATIONS} median absolute deviations.",
    "10m",
)
