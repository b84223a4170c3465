"""The dashboard of each pod of a service, from Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from kubedoor_dev.grafana import promql
from kubedoor_dev.grafana.panels import Panel, curves, steps

POD = "{{pod}} {{container}}"
MIB = 1_048_576


def rows() -> Iterator[tuple[str, list[Panel]]]:
    """Return the rows of panels."""
    yield "Use, request and limit", _use()
    yield "Trouble", _trouble()


def _use() -> list[Panel]:
    return [
        curves(
            "CPU of each pod (cores)",
            "The rate over four scrapes or more, beside one pod's request (dashed) and limit (dotted).",
            "suffix: cores",
            {
                POD: promql.CPU,
                "request {{container}}": promql.asked("requests", "core"),
                "limit {{container}}": promql.asked("limits", "core"),
            },
            24,
        ),
        curves(
            "Memory of each pod (MiB)",
            "The working set, beside one pod's request (dashed) and limit (dotted).",
            "suffix: MiB",
            {
                POD: promql.MEM,
                "request {{container}}": promql.asked("requests", "byte", MIB),
                "limit {{container}}": promql.asked("limits", "byte", MIB),
            },
            24,
        ),
    ]


def _trouble() -> list[Panel]:
    counts = curves(
        "Pods (count)",
        "That have containers, beside what the Deployment asks for.",
        "short",
        {"there": promql.RUNNING, "wanted": promql.WANTED},
        8,
    )
    return [
        steps(counts),
        curves(
            "CPU throttled (% of periods)",
            "Periods in which a container was held back at its limit.",
            "percent",
            {POD: promql.THROTTLED},
            8,
        ),
        curves(
            "Restarts (count)",
            "Within the interval that a point stands for.",
            "short",
            {POD: promql.RESTARTS},
            8,
        ),
    ]
