"""The old table's days as rows of `resource_daily`: what can be told apart is taken, the rest is left.

The old figures are means over all containers of a pod, and its pod counts count containers. Both are right
where a pod has one container, and can't be made right where it has several.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kubedoor_api.cli.legacy_import.control import Deployments
from kubedoor_api.cli.legacy_import.queries import NewDay, OldDay
from kubedoor_api.cli.legacy_import.report import Moves, Note, Outcome
from kubedoor_core.domain.peak import PeakHours, Window

TABLE = "k8s_resources"
CAP = 255
"""The old pod count is a UInt8: 255 is 255 or more, or an unknown count of -1."""

Key = tuple[str, str, str, date]
"""env, namespace, deployment, and the local date on which the window began."""


@dataclass(frozen=True)
class Old:
    """What the old installation was set to.

    :ivar hours: its peak hours; a row's time is their end.
    :ivar zone: in which it wrote its times.
    """

    hours: PeakHours
    zone: ZoneInfo


Moved = Moves[NewDay]


def move_days(
    rows: Iterable[OldDay], deployments: Mapping[str, Deployments], old: Old, there: Mapping[Key, datetime]
) -> Moved:
    """Make rows of `resource_daily`.

    :param rows: of the old table, with `at` (an instant) and `wall` (its text) in the place of `date`.
    :param deployments: what runs, by env.
    :param there: when each service's day that we have was collected.
    """
    moved, by_day = Moved(), defaultdict[Key, list[tuple[OldDay, Window]]](list)
    for row in rows:
        found = _window(row, old)
        if found is None:
            _note(moved, row, "left", "its time is not the end of the peak hours that were given")
            continue
        window, corrected = found
        if corrected:
            _note(moved, row, "corrected", "its time was local time, kept as if in another zone")
        day = window.start.astimezone(old.zone).date()
        by_day[row.env, row.namespace, row.name, day].append((row, window))
    for key, same in sorted(by_day.items()):
        _move_day(moved, key, same, deployments, there)
    moved.notes += _gaps(by_day)
    return moved


def _note(moved: Moved, row: OldDay, outcome: Outcome, what: str) -> None:
    moved.notes.append(Note(outcome, TABLE, what, row.env, row.namespace, row.name, row.wall))


def _window(row: OldDay, old: Old) -> tuple[Window, bool] | None:
    """Return the window that ends at a row's time, and whether that had to be read as local time."""
    readings = (row.at.astimezone(old.zone), datetime.fromisoformat(row.wall).replace(tzinfo=old.zone))
    for position, end in enumerate(readings):
        for back in (0, 1):
            window = old.hours.window(end.date() - timedelta(days=back), old.zone)
            if window.end == end.astimezone(UTC) and window.seconds > 0:
                return window, position == 1
    return None


def _move_day(
    moved: Moved,
    key: Key,
    same: list[tuple[OldDay, Window]],
    deployments: Mapping[str, Deployments],
    there: Mapping[Key, datetime],
) -> None:
    (row, window), *others = same
    if any(_values(other) != _values(row) for other, _ in others):
        for each, _ in same:
            _note(moved, each, "left", "several rows of this day contradict each other")
        return
    for other, _ in others:
        _note(moved, other, "corrected", "the row was there twice: taken once")
    outcome, what = _verdict(key, window, deployments, there)
    if outcome != "taken":
        _note(moved, row, outcome, what)
        return
    running = deployments[key[0]][key[1], key[2]]
    made, corrections = _made(row, key, window, running.containers[0], running.replicas)
    if made.p95_cpu_m is None and made.p95_mem_mib is None:
        _note(moved, row, "left", "neither cpu nor memory was measured on this day")
        return
    for correction in corrections:
        _note(moved, row, "corrected", correction)
    _note(moved, row, "taken", what)
    moved.rows.append(made)


def _verdict(
    key: Key, window: Window, deployments: Mapping[str, Deployments], there: Mapping[Key, datetime]
) -> tuple[Outcome, str]:
    env, namespace, deployment, _ = key
    if env not in deployments:
        return "left", "nobody can tell its containers: give --deployments for this env"
    running = deployments[env].get((namespace, deployment))
    if running is None:
        return "left", "no Deployment of this name runs: it is gone, or was a pod of something else"
    if len(running.containers) != 1:
        return (
            "left",
            "its pods have several containers: use is a mean over them, and pods are counted double",
        )
    if key in there:
        mine = there[key] == window.end
        return "there", "was moved before" if mine else "KubeDoor measured this day itself"
    return "taken", "a day of a service with one container"


def _values(row: OldDay) -> str:
    """Return a row without its time, as text: a NaN equals itself there."""
    return repr(row._replace(at=datetime.min.replace(tzinfo=UTC), wall=""))


def _known(value: object) -> float | None:
    """Read a figure: missing ones are -1 or -1000 there, or no number at all."""
    number = float(value) if isinstance(value, (int, float)) else math.nan
    return number if math.isfinite(number) and number >= 0 else None


def _up(value: object, factor: float = 1.0) -> int | None:
    number = _known(value)
    return None if number is None else math.ceil(round(number * factor, 6))


def _set(value: object) -> int | None:
    """Read a request or limit, which nobody sets to 0."""
    return _up(value) or None


def _made(row: OldDay, key: Key, window: Window, container: str, replicas: int) -> tuple[NewDay, list[str]]:
    """Return the new row and what was corrected in it."""
    pods, cpu, mem = _set(row.pod_count), _up(row.p95_pod_load, 1000), _up(row.p95_pod_wss_mb)
    limit_cpu, limit_mem = _set(row.limit_pod_cpu_m), _set(row.limit_pod_mem_mb)
    capped = pods is not None and (pods >= CAP or replicas > CAP)
    figures = row[row._fields.index("p95_pod_load") :]
    corrections = ["the pod count could not be above 255: unknown"] if capped else []
    corrections += ["-1, -1000 and the like: unknown"] if any(_known(one) is None for one in figures) else []
    env, namespace, name, day = key
    made = NewDay(
        env, namespace, name, container, day,
        window_start=window.start, window_end=window.end,
        pod_count=None if capped else pods,
        p95_cpu_m=cpu, p95_mem_mib=mem,
        request_cpu_m=_set(row.request_pod_cpu_m), limit_cpu_m=limit_cpu,
        request_mem_mib=_set(row.request_pod_mem_mb), limit_mem_mib=limit_mem,
        cpu_pct=_share(cpu, limit_cpu), mem_pct=_share(mem, limit_mem),
        owner_source="name", collected_at=window.end,
    )  # fmt: skip
    return made, corrections


def _share(used: int | None, limit: int | None) -> float | None:
    return None if used is None or not limit else round(used / limit * 100, 2)


def _gaps(by_day: Iterable[Key]) -> Iterator[Note]:
    """Tell the days between the first and the last of an env that have no row at all."""
    days = defaultdict[str, set[date]](set)
    for env, _, _, day in by_day:
        days[env].add(day)
    for env, seen in sorted(days.items()):
        first = min(seen)
        for offset in range((max(seen) - first).days):
            day = first + timedelta(days=offset)
            if day not in seen:
                yield Note("left", TABLE, "a day without any row: it was deleted, or never collected", env,
                           date=day.isoformat())  # fmt: skip
