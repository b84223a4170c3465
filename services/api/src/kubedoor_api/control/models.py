"""What is asked and told of services, one or many."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from kubedoor_api.admission.masters import QuotaExceeded
from kubedoor_api.admission.models import AdmissionNote
from kubedoor_api.control.figures.models import FigureSources, ServiceJvm, ServiceTraffic, ShownScore, Unknown
from kubedoor_api.web.fields import (
    LABEL,
    PRINTABLE,
    AskedService,
    CpuM,
    MemMib,
    Model,
    ModeName,
    NamespaceName,
    Note,
    Page,
    Policy,
    Replicas,
    ServiceName,
    SortKeys,
    Source,
    Time,
    Version,
    WorkloadName,
    fault,
)
from kubedoor_core.domain.autoscaler import Autoscaler, AutoscalerSource
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.domain.derivation.rules import MemoryRule, RequestRule
from kubedoor_core.problem_codes import FieldCode

MAX_SERVICES = 10_000

SortKey = Annotated[
    str,
    SortKeys(
        "namespace", "name", "replicas", "pod_count", "p95_cpu_m", "p95_mem_mib", "cpu_pct", "mem_pct",
        "request_cpu_m", "request_mem_mib", "updated_at", "qps", "qps_per_pod", "latency", "errors", "heap",
        "gc", "score",
    ),
]  # fmt: skip

PeakFlag = Literal[
    "hot_pod", "low_coverage", "near_limit_cpu", "near_limit_mem", "no_owner", "oom_killed",
    "over_requested_cpu", "over_requested_mem", "throttled", "under_requested_cpu", "under_requested_mem",
    "unlimited_cpu", "unlimited_mem",
]  # fmt: skip
ServiceFlag = Literal[
    PeakFlag, "errors", "gc_overhead", "heap_full", "new", "no_replicas", "not_seen", "peaks_elsewhere",
    "slow",
]  # fmt: skip

ContainerName = Annotated[str, Field(pattern=r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$", max_length=63)]


class ServiceQuery(Page):
    """Which services, and in which order."""

    sort: SortKey = "namespace"
    """Column to sort by; a leading `-` sorts downwards. Unknown values come last either way"""
    q: Annotated[str, Field(pattern=PRINTABLE, max_length=253)] = ""
    """Part of the namespace's, the Deployment's or a container's name, in any case"""
    namespace: Annotated[str, Field(pattern=LABEL, max_length=63)] | None = None
    """Only this namespace"""


class ResourceValues(Model):
    """Requests and limits of one container; null where nobody knows."""

    request_cpu_m: CpuM | None
    """CPU request, millicores"""
    limit_cpu_m: CpuM | None
    """CPU limit, millicores"""
    request_mem_mib: MemMib | None
    """Memory request, MiB"""
    limit_mem_mib: MemMib | None
    """Memory limit, MiB"""


class Measured(Model):
    """A container's use, requests and limits in a peak window; null where unknown."""

    p95_cpu_m: int | None
    """P95 over the window of the mean over pods of the cpu use, millicores"""
    p95_cpu_hot_m: int | None
    """The hottest pod's own P95 of the cpu use, millicores"""
    p95_mem_mib: int | None
    """P95 over the window of the mean over pods of the memory working set, MiB"""
    p95_mem_hot_mib: int | None
    """The largest pod's own P95 of the memory working set, MiB"""
    max_mem_mib: int | None
    """Largest memory working set, MiB"""
    request_cpu_m: int | None
    """CPU request that the pods ran with, millicores"""
    limit_cpu_m: int | None
    """CPU limit that the pods ran with, millicores"""
    request_mem_mib: int | None
    """Memory request that the pods ran with, MiB"""
    limit_mem_mib: int | None
    """Memory limit that the pods ran with, MiB"""


class ContainerPeak(Measured):
    """What a container used in the peak window of one day; null where unknown."""

    cpu_pct: float | None
    """P95 of the cpu use in per cent of the limit that held; null without a limit"""
    mem_pct: float | None
    """P95 of the memory in per cent of the limit that held; null without a limit"""
    oom_kills: int | None
    """Out-of-memory kills in the window"""
    throttled_pct: float | None
    """Share of the window's periods that were throttled, per cent"""
    coverage: float | None
    """Samples that were there over samples that should have been, 0..1"""
    owner_source: Literal["metrics", "name"] | None
    """Who said which Deployment the pods are of: kube-state-metrics, or nobody, and it was read from
    the pods' names"""


class Container(Model):
    """One container of a service."""

    name: str
    """Name of the container; empty for the pod's first one"""
    effective: ResourceValues
    """What admission applies: the expert's value where there is one, else the derived one"""
    expert: ResourceValues
    """What was entered by hand"""
    derived: ResourceValues
    """What the collector derived: requests from the peak day, limits as first seen"""
    peak: ContainerPeak | None
    """Use at the latest collected peak; null if the container was not seen that day"""


class ReplicaCounts(Model):
    """Where the number of pods comes from; null where nobody knows."""

    effective: Replicas | None
    """What admission applies: manual, else ai, else observed"""
    source: Source | None
    """Which of them that is"""
    manual: Replicas | None
    """Entered by hand"""
    ai: Replicas | None
    """Of an accepted advice"""
    advice_id: str
    """The advice that was accepted; empty: none"""
    observed: Replicas | None
    """Pods on the cpu peak day"""
    initial: Replicas | None
    """Pods when the service was first seen"""


class ServicePeak(Model):
    """The latest collected peak window of the env, for one service."""

    date: date
    """Local day on which the window began"""
    pod_count: int | None
    """Median number of pods in the window"""
    window_start: Time
    """Start of the window, UTC"""
    window_end: Time
    """End of the window, UTC"""


class Provenance(Model):
    """Which peak days the derived values come from; null where not derived yet."""

    peak_date_cpu: date | None
    """Day on which pods × P95 cpu was largest"""
    peak_date_mem: date | None
    """Day on which pods × P95 memory was largest"""
    peak_pods_cpu: int | None
    """Pods on the cpu peak day"""
    peak_pods_mem: int | None
    """Pods on the memory peak day"""
    coverage_cpu: float | None
    """Coverage of the cpu peak day, 0..1"""
    coverage_mem: float | None
    """Coverage of the memory peak day, 0..1"""
    window_cpu: str
    """Peak hours of the cpu peak day, `HH:MM-HH:MM`; empty if unknown"""
    window_mem: str
    """Peak hours of the memory peak day, `HH:MM-HH:MM`; empty if unknown"""
    first_seen: date | None
    """First collected day with the service"""
    last_seen: date | None
    """Latest collected day with the service"""
    request_rule: RequestRule | Literal[""]
    """Rule that made the cpu requests: `peak_day`, `own_peak`, `whole_day` or `fleet`; empty if unknown"""
    memory_rule: MemoryRule | Literal[""]
    """Likewise of memory: `p95` or `max`"""
    runner_up_dates_cpu: list[date]
    """The days that come after the cpu peak day, the largest first"""
    runner_up_dates_mem: list[date]
    """The days that come after the memory peak day, the largest first"""
    hpa_cpu_pct: int | None
    """Utilisation of its cpu request that an autoscaler steers to: the request is use / this; null: none"""
    hpa_mem_pct: int | None
    """Likewise of memory"""
    hpa_left: bool
    """Whether these requests were left as they were instead"""
    rule_exception: str
    """The services of this rule, as the setting `rule_exceptions` names them; empty: the env's rule"""
    lookback_days: int | None
    """Days that its rule looked back on"""
    margin_pct: float | None
    """Added to the cpu used, per cent"""
    memory_margin_pct: float | None
    """Likewise of memory"""
    own_peak_hour: int | None
    """Local hour at which its own busiest hours begin; null while no whole day is known"""
    own_peak_cpu_m: int | None
    """P95 in these hours on its busiest day, of one pod"""


class FoundAutoscaler(Model):
    """What was found to own the count of a service."""

    name: str
    """Name of the HorizontalPodAutoscaler, or of KEDA's ScaledObject; empty: not known"""
    source: AutoscalerSource
    """How it was found: by its HorizontalPodAutoscaler (`hpa`), which KEDA may have made (`keda`), by
    `metrics`, or by its scaling (`scale`)"""
    min_replicas: int | None
    """Its least count of pods; null: not known"""
    max_replicas: int | None
    """Its largest count of pods; null: not known"""
    cpu_target_pct: int | None
    """Average cpu utilisation that it scales by, per cent of the requests; null: by none"""
    mem_target_pct: int | None
    """Likewise of memory"""
    since: Time
    """When it was found, UTC"""
    gone_at: Time | None
    """Since when it is gone, UTC; the count is KubeDoor's again a day later. Of source `scale`: when it
    was last seen to scale"""

    @classmethod
    def of(cls, row: Autoscaler) -> Self:
        """Return what is told of one."""
        return cls(
            name=row.autoscaler, **{one: getattr(row, one) for one in cls.model_fields if one != "name"}
        )


class Service(ServiceName):
    """A registered service: the expert's, the derived and the effective values, and its peak."""

    env: str
    """Name of the cluster"""
    version: Version
    """Version of the expert's row, `0` while there is none; goes into If-Match"""
    updated_at: Time
    """Latest change of any value, UTC"""
    updated_by: str
    """Who made it"""
    replicas: ReplicaCounts
    """Number of pods, and where it comes from"""
    replicas_policy: Policy
    """Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
    (`autoscaled`), or KubeDoor's whatever scales (`pinned`)"""
    autoscaled: bool
    """Whether admission leaves the count alone, by that and by what was found"""
    autoscaler: FoundAutoscaler | None
    """What was found to own the count; null: nothing"""
    mode: ModeName | None
    """The service's own admission mode; null: as its namespace or env says"""
    note: str
    """What people wrote about it"""
    flags: list[ServiceFlag]
    """What deserves a look; `new`: first seen within the 7 days up to the env's latest collected one, and
    after its first"""
    containers: list[Container]
    """Its containers"""
    peak: ServicePeak | None
    """The env's latest collected peak; null if the service was not seen then"""
    provenance: Provenance
    """Where the derived values come from"""
    traffic: ServiceTraffic | None
    """What it was asked at that peak; null where nobody counted, and `unknown` says why"""
    jvm: ServiceJvm | None
    """Heap and garbage collection at that peak; likewise"""
    score: ShownScore | None
    """Its score of that day; likewise"""
    unknown: Unknown
    """Why one of these is not known"""


class ChangedService(Service):
    """A service after a change, and what its namespace's LimitRange and quotas make of that."""

    notes: list[AdmissionNote]
    """Values that the namespace's LimitRange does not allow as they are: what admission sets in their
    place, or that it leaves all of them alone"""
    quotas_exceeded: list[QuotaExceeded]
    """The namespace's quotas that do not hold what the control table's values of its services come to
    together: pods beyond are refused"""

    @classmethod
    def of(cls, service: Service, notes: list[AdmissionNote], quotas_exceeded: list[QuotaExceeded]) -> Self:
        """Return what is told of a service after a change."""
        shown = {name: getattr(service, name) for name in Service.model_fields}
        return cls(**shown, notes=notes, quotas_exceeded=quotas_exceeded)


class ServiceList(Model):
    """One part of the services of an env."""

    items: list[Service]
    """The services"""
    total: int
    """How many there are in all parts"""
    peak_date: date | None
    """Latest collected day of the env, which the peak figures are of"""
    sources: FigureSources
    """Who told requests and JVM figures on that day, of any service"""


class ContainerEdit(Model):
    """New expert's values of one container. A field left out stays; null clears it."""

    name: ContainerName
    """Name of the container; empty for the pod's first one"""
    request_cpu_m: CpuM | None = None
    """CPU request, millicores"""
    limit_cpu_m: CpuM | None = None
    """CPU limit, millicores"""
    request_mem_mib: MemMib | None = None
    """Memory request, MiB"""
    limit_mem_mib: MemMib | None = None
    """Memory limit, MiB"""


def not_set(value: object) -> None:
    """Refuse the count of an advice as one of a person's values."""
    if value is not None:
        reason = "only accepting an advice sets it: enter a count of your own as replicas_manual, or null"
        raise fault(FieldCode.ONLY_BY_ACCEPTING, reason)


class ExpertValues(Model):
    """The expert's values that anybody may set, and whether they take an accepted advice away."""

    replicas_manual: Replicas | None = None
    """Number of pods by hand; 0 means zero"""
    replicas_policy: Policy = "as_found"
    """Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
    (`autoscaled`), or KubeDoor's whatever scales (`pinned`)"""
    mode: ModeName | None = None
    """The service's own admission mode; null: as its namespace or env says"""
    note: Note = ""
    """What people should know about it"""
    containers: Annotated[list[ContainerEdit], Field(max_length=100, default_factory=list)]
    """Containers to change; the ones not named stay"""

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [container.name for container in self.containers]
        for index, name in enumerate(names):
            if name in names[:index]:
                place = f"containers.{index}.name"
                raise fault(FieldCode.TWICE, f"{name!r} is duplicated", place, name=name)
        return self

    @property
    def removes_advice(self) -> bool:
        """Whether the count of an accepted advice is to go."""
        return "replicas_ai" in self.model_fields_set and getattr(self, "replicas_ai", None) is None


class ServiceEdit(ExpertValues):
    """A change of the expert's row. A field left out stays; null clears it."""

    replicas_ai: Annotated[None, BeforeValidator(not_set)] = None
    """Null takes the count of an accepted advice away; only accepting one sets it"""


class NewService(ServiceEdit):
    """A service to register: the expert's values that it starts with."""


class ExpertService(ExpertValues, AskedService):
    """The expert's values of one service, whole: what is left out is null, but for `replicas_ai`."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    name: WorkloadName
    """Name of the workload"""
    containers: Annotated[list[ContainerEdit], Field(max_length=100, default_factory=list)]
    """The expert's values, by container"""
    replicas_ai: Replicas | None = None
    """Count of an accepted advice: left out it stays, null takes it away, and another than stands is
    refused"""


def expert_service(row: ExpertRow | None) -> ExpertService | None:
    """Return the expert's values of a service; None where there is no row, or a tombstone."""
    return None if row is None or row.deleted else ExpertService.model_validate(row)
