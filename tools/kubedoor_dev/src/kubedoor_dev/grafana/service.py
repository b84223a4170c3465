"""The dashboard of one service over a year."""

from __future__ import annotations

from collections.abc import Iterator

from grafana_foundation_sdk.builders import timeseries

from kubedoor_dev.grafana import queries
from kubedoor_dev.grafana.panels import Panel, bars, by_label, steps, trend
from kubedoor_dev.grafana.panels import rows as table

MILLI, MIB, COUNT, PCT = "suffix: m", "suffix: MiB", "short", "percent"
USE = "Used is the P95 over the peak window of the mean over pods; "


def rows() -> Iterator[tuple[str, list[Panel]]]:
    """Return the rows of panels."""
    yield "At each day's peak", _peaks()
    yield "Trouble", _trouble()
    yield "Governed", _governed()


def _peaks() -> list[Panel]:
    return [
        _each(
            "CPU of each container at peak (millicores)",
            USE + "the hottest pod is the largest of the pods' own P95s.",
            queries.SERVICE_CPU,
            MILLI,
        ),
        _each(
            "Memory of each container at peak (MiB)",
            USE + "largest is the most that any pod had.",
            queries.SERVICE_MEM,
            MIB,
        ),
        _each(
            "Used of the limit (%)",
            "P95 as a share of the limit; none without one.",
            queries.SERVICE_PCT,
            PCT,
        ),
        steps(trend("Pods at peak (count)", "Median over the peak window.", queries.SERVICE_PODS, COUNT)),
    ]


def _trouble() -> list[Panel]:
    return [
        _each(
            "CPU throttled (% of periods)",
            "Periods in which a container was held back at its limit.",
            queries.SERVICE_THROTTLED,
            PCT,
            8,
        ),
        bars(_each("Killed for memory (count)", "In the peak window.", queries.SERVICE_OOM, COUNT, 8)),
        _each(
            "Samples that were there (% of those due)",
            "Days below half are not taken for requests.",
            queries.SERVICE_COVERAGE,
            PCT,
            8,
        ),
    ]


def _governed() -> list[Panel]:
    decisions = trend(
        "Admission decisions (count a day)",
        "What admission changed or refused, or in observe would have.",
        queries.SERVICE_DECISIONS,
        COUNT,
    )
    return [
        table(
            "What holds now (millicores, MiB and count)",
            "The control table: the expert's value where there is one, else the derived one.",
            queries.ENFORCED,
        ),
        bars(by_label(decisions, "outcome")),
        table(
            "Edits (replicas as a count)",
            "Every version of the expert's row in the chosen time, the latest first.",
            queries.EDITS,
            12,
        ),
    ]


def _each(title: str, why: str, sql: str, unit: str, width: int = 12) -> timeseries.Panel:
    return by_label(trend(title, why, sql, unit, width), "container")
