"""What is asked and told of peaks."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 `date` is a field of most models here
from typing import Annotated

from pydantic import Field

from kubedoor_api.control.models import Measured
from kubedoor_api.web.fields import LABEL, EnvPath, LooseName, Model, ServiceName
from kubedoor_core.domain.env_policy import CURRENCY, EnvPolicy, prices_of


class DayQuery(Model):
    """Which day."""

    date: LocalDate | None = None
    """Local day of the peak; without it the latest collected one"""


class SpanQuery(Model):
    """Which days."""

    since: LocalDate | None = None
    """First local day; without it 90 days before the last"""
    until: LocalDate | None = None
    """Last local day; without it the latest collected one"""


class NamespaceStatsPath(EnvPath):
    """A namespace, however it is named."""

    namespace: LooseName
    """Kubernetes namespace"""


class ServiceLinesQuery(Model):
    """Which services, and how many days."""

    days: Annotated[int, Field(ge=1, le=90)] = 10
    """The last so many peak days that were collected"""
    namespace: Annotated[str, Field(pattern=LABEL, max_length=63)] | None = None
    """Only this namespace"""


class Amount(Model):
    """One resource over all pods at the peak; cpu in millicores, memory in MiB."""

    used: int
    """Pods × P95, summed up"""
    requested: int
    """Pods × request, summed up, where there was a request"""
    limited: int
    """Pods × limit, summed up, where there was a limit"""
    waste: int
    """Request above use, summed up over the containers that asked for more than they used"""
    shortage: int
    """Use above request, summed up over the containers that used more than they asked for"""


class Totals(Model):
    """The peak of some services."""

    services: int
    """Services that were seen"""
    pods: int
    """Their pods"""
    cpu_m: Amount
    """CPU, millicores"""
    mem_mib: Amount
    """Memory, MiB"""


class DayTotals(Totals):
    """The peak of one day."""

    date: LocalDate
    """Local day on which the window began"""


class Money(Model):
    """What the peak's requests cost a month, by the prices of the settings."""

    currency: str
    """Currency, three letters (ISO 4217)"""
    core_month: float
    """Price of one core a month"""
    gib_month: float
    """Price of one GiB of memory a month"""
    requested: float
    """What the requests cost a month"""
    used: float
    """What the use at the peak would cost a month"""
    waste: float
    """What is asked for and not used, a month: `waste_cpu` and `waste_mem`"""
    waste_cpu: float
    """The cpu of it"""
    waste_mem: float
    """The memory of it"""

    @classmethod
    def of(cls, totals: Totals, policy: EnvPolicy) -> Money | None:
        """Return what a peak costs a month, rounded to hundredths; None while no price is known."""
        prices, (cpu, mem) = prices_of(policy), (totals.cpu_m, totals.mem_mib)
        requested, used = (
            prices.money(cpu.requested, mem.requested),
            prices.money(cpu.used, mem.used),
        )
        of_cpu, of_mem = prices.money(cpu.waste, 0), prices.money(0, mem.waste)
        if requested is None or used is None or of_cpu is None or of_mem is None:
            return None
        waste_cpu, waste_mem = round(of_cpu, 2), round(of_mem, 2)
        return cls(
            currency=policy[CURRENCY],
            core_month=prices.core_month,
            gib_month=prices.gib_month,
            requested=round(requested, 2),
            used=round(used, 2),
            waste=round(waste_cpu + waste_mem, 2),
            waste_cpu=waste_cpu,
            waste_mem=waste_mem,
        )


class Trend(Model):
    """Totals day by day; days that were not collected are missing, never zero."""

    days: list[DayTotals]
    """The days, oldest first"""


class NamespaceTotals(Totals):
    """The peak of one namespace."""

    namespace: str
    """Kubernetes namespace"""
    cpu_share: float | None
    """Its share of the env's used cpu, 0..1; null where nothing was used"""
    mem_share: float | None
    """Its share of the env's used memory, 0..1"""
    pod_share: float | None
    """Its share of the env's pods, 0..1"""


class NamespaceTotalsList(Model):
    """The namespaces of an env at their peak, the largest cpu use first."""

    date: LocalDate | None
    """The day; null while nothing has been collected"""
    items: list[NamespaceTotals]
    """The namespaces"""


class ServiceTotals(ServiceName, Totals):
    """One service at its peak."""


class ContainerDay(Measured):
    """One container on one day; null where unknown."""

    date: LocalDate
    """Local day on which the window began"""
    container: str
    """Name of the container"""
    pod_count: int | None
    """Median over the window of the number of pods"""
    oom_kills: int | None
    """Out-of-memory kills in the window"""
    throttled_pct: float | None
    """Share of the window's periods that were throttled, per cent"""
    coverage: float | None
    """Samples that were there over samples that should have been, 0..1"""


class TrafficDay(Model):
    """What a service was asked on one day; null where unknown."""

    date: LocalDate
    """Local day on which the window began"""
    source: str
    """Who counts: `istio`, `linkerd`, `micrometer`, `otel`, `grpc`, `dubbo` or `ingress`"""
    qps_p95: float | None
    """P95 over the window of the requests a second of all pods"""
    qps_max: float | None
    """The most requests a second of all pods"""
    qps_hot_pod: float | None
    """The largest of the pods' own P95s"""
    requests: float | None
    """Requests in the window"""
    errors: float | None
    """Of them, those that failed"""
    error_pct: float | None
    """The same, per cent"""
    latency_p50_ms: float | None
    """Half of the requests took at most so long, milliseconds"""
    latency_p95_ms: float | None
    """95 % of them did"""
    latency_p99_ms: float | None
    """99 % of them did"""
    coverage: float | None
    """Minutes of the window that are known, 0..1"""


class JvmDay(Model):
    """What the JVMs of a container did on one day; null where unknown."""

    date: LocalDate
    """Local day on which the window began"""
    container: str
    """Name of the container"""
    source: str
    """Who tells: `micrometer`, `client_java`, `simpleclient` or `otel`"""
    heap_max_mib: float | None
    """Largest heap that a pod may have, MiB; of the pods, the smallest"""
    heap_used_p95_mib: float | None
    """P95 over the window of a pod's used heap, MiB; of the pods, the largest"""
    heap_live_mib: float | None
    """What was left of the heap after a collection, MiB; of the pods, the largest"""
    nonheap_p95_mib: float | None
    """P95 of what a JVM uses beside its heap, MiB; of the pods, the largest"""
    gc_overhead_pct: float | None
    """Share of the window in which a pod stood still for collections, per cent; the mean of the pods"""
    gc_per_min: float | None
    """Pauses a minute of a pod"""
    full_gc: float | None
    """Full collections of all pods in the window"""
    gc_pause_max_ms: float | None
    """The longest pause of any pod, milliseconds"""
    threads_p95: float | None
    """P95 of a pod's threads; of the pods, the largest"""
    coverage: float | None
    """Minutes of the window that are known, 0..1"""


class ServiceTrend(Model):
    """One service day by day."""

    days: list[ContainerDay]
    """Containers and days, oldest first"""
    traffic: list[TrafficDay]
    """What it was asked, oldest first; empty where no source tells"""
    jvm: list[JvmDay]
    """What the JVMs of its containers did, oldest first; empty where there are none, or none tells"""


class ServiceLine(ServiceName):
    """One service over the days of the list; null on a day on which it was not seen."""

    cpu_m: list[int | None]
    """P95 of the cpu use of one pod, all its containers, millicores, day by day"""
    mem_mib: list[int | None]
    """P95 of the memory of one pod, all its containers, MiB, day by day"""


class ServiceLines(Model):
    """Many services over the last peak days."""

    dates: list[LocalDate]
    """The days, oldest first; days that were not collected are missing"""
    items: list[ServiceLine]
    """The services"""
