"""A service's requests, JVMs and score on the shown day, and why one of them is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kubedoor_api.web.fields import Model
from kubedoor_core.domain.score import Grade

WhyUnmeasured = Literal["not_collected", "no_source", "no_such_pod", "low_coverage"]
WhyUnscored = Literal["not_collected", "not_scored", "little_known"]


class ServiceTraffic(Model):
    """What a service was asked in the peak window; null where its source does not tell."""

    source: str
    """Who counts, such as `istio` or `micrometer`"""
    qps_p95: float | None
    """P95 over the window of the requests a second of all pods"""
    qps_per_pod: float | None
    """The same, shared by the pods of the day"""
    latency_p95_ms: float | None
    """95 % of the requests took at most so long, milliseconds"""
    error_pct: float | None
    """Requests that failed, per cent"""
    coverage: float | None
    """Minutes of the window that are known, 0..1"""


class ServiceJvm(Model):
    """Heap and garbage collection in the peak window, the largest of the containers; null where unknown."""

    source: str
    """Who tells, such as `micrometer` or `client_java`"""
    heap_used_pct: float | None
    """P95 of the used heap, per cent of the largest possible one"""
    heap_live_pct: float | None
    """Heap that is left after a collection, per cent of the largest possible one"""
    gc_overhead_pct: float | None
    """Share of the window in which a pod stood still for garbage collection, per cent"""
    coverage: float | None
    """Minutes of the window that are known, 0..1; the smallest of the containers"""


class ShownScore(Model):
    """How well a service asks for what it uses, as it was last scored."""

    score: float | None
    """0 to 100; null where less than half of its weight is known"""
    grade: Grade | None
    """A from 90, B from 75, C from 60, D from 40, E"""
    known_pct: float
    """Share of the weight that is known"""


class Unknown(Model):
    """Why figures are not known, or known badly; null where they are known."""

    traffic: WhyUnmeasured | None
    """`not_collected`: no day of the env is; `no_source`: nobody counted any service's requests that day;
    `no_such_pod`: somebody did, and none of this one's; `low_coverage`: less than half of the window"""
    jvm: WhyUnmeasured | None
    """Likewise of its JVMs"""
    score: WhyUnscored | None
    """`not_collected` likewise; `not_scored`: it was not seen that day, or the day is not scored yet;
    `little_known`: less than half of the score's weight"""


class FigureSources(Model):
    """Who told anything on the shown day."""

    traffic: list[str]
    """Sources of requests; empty: nobody"""
    jvm: list[str]
    """Sources of JVM figures; empty: nobody"""


NO_SOURCES = FigureSources(traffic=[], jvm=[])


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it, for one service.

    :ivar usual_latency_ms: median over two weeks of its latency.
    """

    traffic: ServiceTraffic | None
    jvm: ServiceJvm | None
    score: ShownScore | None
    unknown: Unknown
    usual_latency_ms: float | None = None


NO_FIGURES = Figures(
    None, None, None, Unknown(traffic="not_collected", jvm="not_collected", score="not_collected")
)
