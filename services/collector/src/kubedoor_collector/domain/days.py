"""The daily rows that a derivation looks back on, container by container, and what a rule finds in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from kubedoor_core.domain.arrays import number_of
from kubedoor_core.domain.derivation.choosing import Chosen
from kubedoor_core.domain.derivation.history import ContainerDays, DailyUse, History, profile_of
from kubedoor_core.domain.derivation.hours import OwnPeaks
from kubedoor_core.domain.workload import ServiceKey

Row = Mapping[str, Any]


class Day(NamedTuple):
    """One container on one day, besides what rules look at.

    :ivar begins: the peak window's first instant, ``ends`` its last.
    :ivar told: whether kube-state-metrics told anything of its pods.
    """

    use: DailyUse
    begins: datetime
    ends: datetime
    request_cpu_m: int | None
    limit_cpu_m: int | None
    request_mem_mib: int | None
    limit_mem_mib: int | None
    told: bool = False


@dataclass(frozen=True)
class ContainerRows:
    """What is stored of one container, the oldest day first."""

    service: ServiceKey
    container: str
    days: tuple[Day, ...]

    @property
    def used(self) -> ContainerDays:
        """What rules look at."""
        return ContainerDays(self.service, self.container, [day.use for day in self.days])

    def first(self, read: Callable[[Day], int | None]) -> int | None:
        """Return the first known of a value."""
        return next((value for day in self.days if (value := read(day)) is not None), None)

    def last(self, read: Callable[[Day], int | None]) -> int | None:
        """Return the last known of a value."""
        return next((value for day in reversed(self.days) if (value := read(day)) is not None), None)


@dataclass(frozen=True)
class PeakDay:
    """The day by which one of a service's resources is figured; None where no day counts.

    :ivar coverage: the least of its containers'.
    :ivar runners_up: the days that come next, the largest first.
    """

    day: date | None = None
    pods: int | None = None
    coverage: float | None = None
    window: tuple[datetime, datetime] | None = None
    runners_up: tuple[date, ...] = ()


@dataclass(frozen=True)
class OwnPeak:
    """A service's own busiest hours.

    :ivar hour: local, at which they begin; None where no day's profile is known.
    :ivar cpu_m: P95 in them on the busiest day, of one pod with all its containers.
    :ivar elsewhere: whether the peak hours miss them.
    """

    hour: int | None = None
    cpu_m: float | None = None
    elsewhere: bool = False


@dataclass(frozen=True)
class ServicePeaks:
    """What a rule finds of a service.

    :ivar pods_first: when it was first seen within the look-back.
    :ivar containers: what each used, with the first limits seen.
    """

    service: ServiceKey
    first_seen: date
    last_seen: date
    pods_first: int | None
    cpu: PeakDay
    mem: PeakDay
    containers: tuple[ContainerUse, ...]
    own: OwnPeak = OwnPeak()


class ContainerUse(NamedTuple):
    """What a container used by a rule, its first limits, and what it asked for last; None is unknown."""

    name: str
    cpu_m: float | None
    mem_mib: float | None
    limit_cpu_m: int | None
    limit_mem_mib: int | None
    seen_cpu_m: int | None
    seen_mem_mib: int | None


def container_rows(row: Row) -> ContainerRows:
    """Read a container as the statement returns it."""
    return ContainerRows(
        (row["namespace"], row["kind"], row["name"]), row["container"], tuple(map(_day, row["days"]))
    )


def _day(values: Sequence[Any]) -> Day:
    day, pods, cpu_m, mem_mib, most, coverage, begins, ends, *asked, profile = values
    use = DailyUse(date.fromisoformat(day), pods, cpu_m, mem_mib, most, coverage, profile_of(profile))
    begin, end = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    return Day(use, begin, end, *asked)


def last_of(containers: Sequence[ContainerRows]) -> list[Day]:
    """Return the latest day's rows."""
    every = [day for one in containers for day in one.days]
    latest = max((day.use.date for day in every), default=None)
    return [day for day in every if day.use.date == latest]


def peaks_of(
    containers: Sequence[ContainerRows], history: History, chosen: Chosen, own: OwnPeaks | None = None
) -> list[ServicePeaks]:
    """Return what was chosen, service by service.

    :param containers: those that the history was made of, in its order.
    :param own: the services' own busiest hours.
    """
    of_service: dict[ServiceKey, list[int]] = {}
    for index, one in enumerate(containers):
        of_service.setdefault(one.service, []).append(index)
    return [
        replace(
            _of_service([containers[index] for index in rows], rows, number, history, chosen),
            own=_own(own, number),
        )
        for number, rows in enumerate(of_service.values())
    ]


def _own(own: OwnPeaks | None, number: int) -> OwnPeak:
    if own is None or own.begins[number] < 0:
        return OwnPeak()
    return OwnPeak(int(own.begins[number]), number_of(own.cpu_m[number]), bool(own.elsewhere[number]))


def _of_service(
    containers: Sequence[ContainerRows], rows: Sequence[int], number: int, history: History, chosen: Chosen
) -> ServicePeaks:
    days = [day for one in containers for day in one.days]
    first = min(day.use.date for day in days)
    pods = [day.use.pods for day in days if day.use.date == first and day.use.pods is not None]
    return ServicePeaks(
        containers[0].service,
        first,
        max(day.use.date for day in days),
        max(pods, default=None),
        _peak_day(chosen.cpu_day[number].tolist(), days, history),
        _peak_day(chosen.mem_day[number].tolist(), days, history),
        tuple(
            ContainerUse(
                one.container,
                number_of(chosen.cpu_m[row]),
                number_of(chosen.mem_mib[row]),
                one.first(lambda day: day.limit_cpu_m),
                one.first(lambda day: day.limit_mem_mib),
                one.last(lambda day: day.request_cpu_m),
                one.last(lambda day: day.request_mem_mib),
            )
            for row, one in zip(rows, containers, strict=True)
        ),
    )


def _peak_day(chosen: Sequence[int], days: Sequence[Day], history: History) -> PeakDay:
    dates = [history.dates[index] for index in chosen if index >= 0]
    if not dates:
        return PeakDay()
    then = [day for day in days if day.use.date == dates[0]]
    pods = [day.use.pods for day in then if day.use.pods is not None]
    coverage = [day.use.coverage for day in then if day.use.coverage is not None]
    return PeakDay(
        dates[0],
        max(pods, default=None),
        min(coverage, default=None),
        (then[0].begins, then[0].ends),
        tuple(dates[1:]),
    )
