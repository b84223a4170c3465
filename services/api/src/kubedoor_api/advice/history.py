"""Rows of days as the histories that advice looks at: all services at once, in few arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from kubedoor_api.advice.queries import Key, Read
from kubedoor_core.domain.advice import ContainerHistory, ServiceHistory, TrafficHistory
from kubedoor_core.domain.arrays import Floats

CONTAINER, TRAFFIC, JVM = 8, 3, 3
"""Figures of a day."""
PODS, COVERAGE, CPU, HOT_CPU, DAY_CPU, MEM, THROTTLED, OOM_KILLS = range(CONTAINER)


class Window(NamedTuple):
    """The days that are looked at."""

    since: date
    until: date

    @classmethod
    def of(cls, until: date, days: int) -> Window:
        """Return so many days up to one, which is included."""
        return cls(until - timedelta(days=days - 1), until)

    @property
    def dates(self) -> tuple[date, ...]:
        """Each day, the oldest first."""
        return tuple(self.since + timedelta(days=one) for one in range((self.until - self.since).days + 1))


def histories(read: Read, window: Window) -> Iterator[tuple[Key, ServiceHistory]]:
    """Yield each Deployment's history; a container that its last day no longer has is left out."""
    dates = window.dates
    figures = _table(read.containers, CONTAINER, len(dates))
    jvms = _by(read.jvm, JVM, len(dates), "namespace", "name", "container")
    traffic = _by(read.traffic, TRAFFIC, len(dates), "namespace", "name")
    no_jvm = np.full((JVM, len(dates)), np.nan)
    numbered = list(enumerate(read.containers))
    for key, found in groupby(numbered, key=lambda one: (one[1]["namespace"], one[1]["name"])):
        rows = list(found)
        last = max(row["last"] for _, row in rows)
        seen = [(figures[index], row) for index, row in rows if row["last"] == last]
        containers = tuple(
            ContainerHistory(
                row["container"],
                table[CPU],
                table[HOT_CPU],
                table[DAY_CPU],
                table[MEM],
                table[THROTTLED],
                table[OOM_KILLS],
                *jvms.get((*key, row["container"]), no_jvm),
                *row["asked"],
            )
            for table, row in seen
        )
        asked = traffic.get(key)
        yield (
            key,
            ServiceHistory(
                dates,
                np.fmax.reduce([table[PODS] for table, _ in seen]),
                np.minimum.reduce([table[COVERAGE] for table, _ in seen]),
                containers,
                None if asked is None else TrafficHistory(*asked),
            ),
        )


def _table(rows: Sequence[Mapping[str, Any]], figures: int, count: int) -> Floats:
    """Return rows, figures and days; NaN where a day is not there."""
    table = np.full((len(rows), figures, count), np.nan)
    days = np.array([day for row in rows for day in row["days"]], dtype=np.float64)
    if days.size:
        of_row = np.repeat(np.arange(len(rows)), [len(row["days"]) for row in rows])
        table[of_row, :, days[:, 0].astype(np.int64)] = days[:, 1:]
    return table


def _by(
    rows: Sequence[Mapping[str, Any]], figures: int, count: int, *names: str
) -> dict[tuple[str, ...], Floats]:
    table = _table(rows, figures, count)
    return {tuple(row[name] for name in names): table[index] for index, row in enumerate(rows)}
