"""The dashboard of a cluster at its peak."""

from __future__ import annotations

from collections.abc import Iterator

from kubedoor_dev.grafana import queries
from kubedoor_dev.grafana.panels import (
    Panel,
    bars,
    by_label,
    numbers,
    ranking,
    shares,
    steps,
    trend,
    words,
)
from kubedoor_dev.grafana.panels import (
    rows as table,
)

CORES, GIB, COUNT, PCT = "suffix: cores", "suffix: GiB", "short", "percent"
P95 = "P95 over the peak window, times pods, added up over containers."


def rows() -> Iterator[tuple[str, list[Panel]]]:
    """Return the rows of panels."""
    yield "The last peak day", _last_day()
    yield "Day by day", _days()
    yield "The ten largest", _largest()
    yield "Namespaces", _namespaces()


def _last_day() -> list[Panel]:
    return [
        words(
            "Peak day (local date)",
            "The last day in the chosen time that was collected.",
            queries.PEAK_DAY,
            3,
        ),
        numbers("CPU at peak (cores)", P95, queries.CPU, CORES, 6),
        numbers("Memory at peak (GiB)", P95, queries.MEM, GIB, 6),
        numbers(
            "Used of what is requested (%)",
            "Of containers with a request. Far below 100: nodes are full of reservations that nobody uses.",
            queries.USED_PCT,
            PCT,
            5,
        ),
        numbers("Services and pods (count)", "That ran in the peak window.", queries.COUNTS, COUNT, 4),
    ]


def _days() -> list[Panel]:
    return [
        trend("CPU at peak, day by day (cores)", P95, queries.CPU_TREND, CORES),
        trend("Memory at peak, day by day (GiB)", P95, queries.MEM_TREND, GIB),
        steps(
            trend(
                "Services and pods, day by day (count)",
                "That ran in the peak window.",
                queries.COUNT_TREND,
                COUNT,
            )
        ),
        bars(
            by_label(
                trend(
                    "Admission decisions (count a day)",
                    "What admission changed or refused, or in observe would have; the rest is not kept.",
                    queries.DECISIONS,
                    COUNT,
                ),
                "outcome",
            )
        ),
    ]


def _largest() -> list[Panel]:
    waste = "Requested above the P95, times pods: reserved and not used even at the peak."
    return [
        ranking("CPU used (cores)", P95, queries.TOP_CPU, CORES),
        ranking("CPU asked for and not used (cores)", waste, queries.TOP_CPU_WASTE, CORES),
        ranking("CPU near its limit (% of the limit)", "The fullest container.", queries.TOP_CPU_PCT, PCT),
        ranking("Memory used (GiB)", P95, queries.TOP_MEM, GIB),
        ranking("Memory asked for and not used (GiB)", waste, queries.TOP_MEM_WASTE, GIB),
        ranking("Memory near its limit (% of the limit)", "The fullest container.", queries.TOP_MEM_PCT, PCT),
        ranking("Pods (count)", "Median over the peak window.", queries.TOP_PODS, COUNT),
        ranking("Killed for memory (count)", "OOM kills in the peak window.", queries.TOP_OOM, COUNT),
    ]


def _namespaces() -> list[Panel]:
    return [
        table(
            "Namespaces with their share (count, cores, GiB and % of the whole)",
            P95 + " Shares are of all namespaces' together.",
            queries.NAMESPACE_SHARES,
            12,
        ),
        shares("CPU by namespace (cores)", P95, queries.NAMESPACE_CPU, CORES, 6),
        shares("Memory by namespace (GiB)", P95, queries.NAMESPACE_MEM, GIB, 6),
        by_label(
            trend("CPU by namespace, day by day (cores)", P95, queries.NAMESPACE_CPU_TREND, CORES, 24),
            "namespace",
        ),
    ]
