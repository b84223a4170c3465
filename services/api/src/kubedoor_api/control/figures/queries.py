"""The statements of services' requests, JVMs and scores on one day, and how their rows become figures."""

from __future__ import annotations

from datetime import date, timedelta

from kubedoor_api.control.figures.models import (
    Figures,
    FigureSources,
    ServiceJvm,
    ServiceTraffic,
    ShownScore,
    Unknown,
    WhyUnmeasured,
)
from kubedoor_core.clickhouse import Row
from kubedoor_core.domain.score import ScorePolicy, grade_of

USUAL_DAYS = 14
"""So many days make a service's usual latency."""
LEAST_COVERAGE = ScorePolicy.coverage

TRAFFIC = """
SELECT
    namespace, kind, name,
    countIf(date = {{date:Date}}) > 0 AS counted,
    anyIf(source, date = {{date:Date}}) AS traffic_source,
    anyIf(qps_p95, date = {{date:Date}}) AS qps_p95,
    anyIf(latency_p95_ms, date = {{date:Date}}) AS latency_ms,
    anyIf(error_pct, date = {{date:Date}}) AS error_pct,
    anyIf(coverage, date = {{date:Date}}) AS traffic_coverage,
    quantileExactInclusiveOrNull(0.5)(latency_p95_ms) AS usual_latency_ms
FROM traffic_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{date:Date}} AND NOT deleted{filter}
GROUP BY namespace, kind, name
"""
"""What each service was asked on a day, and the latency that is usual from `since` on."""
JVM = """
SELECT
    namespace, kind, name,
    count() > 0 AS has_jvm,
    any(source) AS jvm_source,
    max(100 * heap_used_p95_mib / nullIf(heap_max_mib, 0)) AS heap_used_pct,
    max(100 * heap_live_mib / nullIf(heap_max_mib, 0)) AS heap_live_pct,
    max(gc_overhead_pct) AS most_gc_pct,
    min(coverage) AS jvm_coverage
FROM jvm_daily FINAL
WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted{filter}
GROUP BY namespace, kind, name
"""
"""Each service's heap and garbage collection on a day: the largest of its containers."""
SCORE = """
SELECT namespace, kind, name, 1 AS scored, score, known_pct
FROM score_daily FINAL
WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted{filter}
"""
"""Each service's score of a day, as it was last made."""
EACH = (TRAFFIC, JVM, SCORE)

SORTED_BY = {
    "qps": (TRAFFIC, "f.qps_p95"),
    "qps_per_pod": (TRAFFIC, "f.qps_p95 / nullIf(p.pod_count, 0)"),
    "latency": (TRAFFIC, "f.latency_ms"),
    "errors": (TRAFFIC, "f.error_pct"),
    "heap": (JVM, "f.heap_used_pct"),
    "gc": (JVM, "f.most_gc_pct"),
    "score": (SCORE, "f.score"),
}
"""What a list of services may be sorted by: where that is read (`f`), and its column."""

SOURCES = """
    (
        SELECT arraySort(groupUniqArray(toString(source))) FROM traffic_daily FINAL
        WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
    ) AS traffic_sources,
    (
        SELECT arraySort(groupUniqArray(toString(source))) FROM jvm_daily FINAL
        WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
    ) AS jvm_sources
"""


def usual_since(day: date) -> date:
    """Return the first of the days that make a service's usual latency on a day."""
    return max(date(1970, 1, 1), day - timedelta(days=USUAL_DAYS - 1))


def sources_of(row: Row) -> FigureSources:
    """Read a row's sources."""
    return FigureSources(traffic=row["traffic_sources"], jvm=row["jvm_sources"])


def figures_of(row: Row, told: FigureSources, pods: int | None) -> Figures:
    """Read a row that has the columns of each statement here.

    :param pods: that the service had on the day.
    """
    traffic, jvm, score, points = _traffic(row, pods), _jvm(row), None, row["score"]
    if row["scored"]:
        score = ShownScore(
            score=None if points is None else round(points, 1),
            grade=None if points is None else grade_of(points),
            known_pct=round(row["known_pct"], 1),
        )
    unknown = Unknown(
        traffic=_why(traffic, told.traffic),
        jvm=_why(jvm, told.jvm),
        score="not_scored" if score is None else "little_known" if score.score is None else None,
    )
    return Figures(traffic, jvm, score, unknown, row["usual_latency_ms"])


def _traffic(row: Row, pods: int | None) -> ServiceTraffic | None:
    if not row["counted"]:
        return None
    qps = row["qps_p95"]
    return ServiceTraffic(
        source=row["traffic_source"],
        qps_p95=qps,
        qps_per_pod=qps / pods if qps is not None and pods else None,
        latency_p95_ms=row["latency_ms"],
        error_pct=row["error_pct"],
        coverage=row["traffic_coverage"],
    )


def _jvm(row: Row) -> ServiceJvm | None:
    if not row["has_jvm"]:
        return None
    return ServiceJvm(
        source=row["jvm_source"],
        heap_used_pct=row["heap_used_pct"],
        heap_live_pct=row["heap_live_pct"],
        gc_overhead_pct=row["most_gc_pct"],
        coverage=row["jvm_coverage"],
    )


def _why(found: ServiceTraffic | ServiceJvm | None, told: list[str]) -> WhyUnmeasured | None:
    if found is None:
        return "no_such_pod" if told else "no_source"
    return "low_coverage" if found.coverage is not None and found.coverage < LEAST_COVERAGE else None
