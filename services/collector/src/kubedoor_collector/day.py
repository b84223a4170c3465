"""Collects one day: asks the store, computes the rows, and replaces the day in one insert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kubedoor_collector import queries
from kubedoor_collector.counters import Habits, counters_of
from kubedoor_collector.counters_day import replace_counters
from kubedoor_collector.domain.figures import DayRow, known_seconds
from kubedoor_collector.domain.leaving_out import LeftOut, gathered
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.domain.profile import Place, Profile, local_day
from kubedoor_collector.domain.windows import busier
from kubedoor_collector.measure import Measured, measure, measure_day
from kubedoor_collector.prometheus import Prometheus, PrometheusError
from kubedoor_collector.runs import next_day_version
from kubedoor_collector.settings import CollectorSettings
from kubedoor_collector.survey import Survey, survey
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.selecting import Scope
from kubedoor_core.metrics.settings import sources_of

CLOCK_TOLERANCE = timedelta(minutes=5)
CLEARLY_FEWER = 0.8
"""Of what is known of a day: collecting it again with less than so much of it loses something."""

PROFILE = ("profile_cpu_m", "profile_mem_mib", "profile_pods")


@dataclass(frozen=True)
class Source:
    """The store, and how its series of this cluster are told apart.

    :ivar interval_s: seconds between two scrapes where the store hides it; 0: it is found in the samples.
    :ivar habits: how counters of requests and JVMs are read.
    """

    prometheus: Prometheus
    env_label: str
    interval_s: int = 0
    habits: Habits = field(default_factory=Habits)

    def scope(self, policy: Policy) -> Scope:
        """Return what is asked for."""
        return Scope(policy.namespaces, policy.namespaces_excluded, self.env_label)


def source_of(prometheus: Prometheus, settings: CollectorSettings) -> Source:
    """Return the store of some settings."""
    habits = Habits(sources_of(settings.traffic_sources), settings.namespace_label, settings.pod_label)
    return Source(prometheus, settings.prometheus_env_label, settings.scrape_interval_s, habits)


@dataclass(frozen=True)
class Day:
    """What a day's collection found.

    :ivar without_owner: services that only their pods' names tell, though others' owners are told.
    """

    rows: list[DayRow]
    left_out: tuple[LeftOut, ...]
    without_owner: set[str]
    interval_s: int | None


async def collect_day(
    clickhouse: ClickHouse, source: Source, policy: Policy, day: date, *, by_name: bool = False
) -> Day:
    """Measure a day and store it.

    :param by_name: somebody asked for this very day: it is replaced even by one that knows less.
    :raises KubeDoorError: the day keeps what it had.
    """
    windows = [hours.window(day, policy.zone) for hours in policy.peak.on(day)]
    windows = [window for window in windows if window.seconds]
    if not windows:
        raise PrometheusError("the peak hours do not count on this day")
    now = await check_clock(source.prometheus, windows[-1])
    found = [await survey(source.prometheus, source.scope(policy), window) for window in windows]
    measured = [
        await measure(source.prometheus, one, day, window, source.interval_s)
        for one, window in zip(found, windows, strict=True)
    ]
    rows = busier([one.rows for one in measured]) if len(measured) > 1 else measured[0].rows
    if not rows:
        raise PrometheusError(_no_service(measured))
    await _check_not_worse(clickhouse, policy.env, day, rows, by_name=by_name)
    interval_s = measured[0].interval_s
    rows = await _with_profiles(
        source.prometheus, found[-1], local_day(day, policy.zone), now, rows, measured[-1]
    )
    counted = await counters_of(source.prometheus, source.habits, found, windows, measured, rows)
    await replace_day(clickhouse, policy.env, day, rows)
    await replace_counters(clickhouse, policy.env, day, counted)
    told = "kube_pod_owner" in found[-1].run.told
    by_names = {f"{row.namespace}/{row.name}" for row in rows if told and row.owner_source == "name"}
    left_out = [*(one for part in measured for one in part.left_out), *counted.left_out]
    return Day(rows, gathered(left_out), by_names, interval_s)


def _no_service(measured: Sequence[Measured]) -> str:
    kinds = ", ".join(sorted({kind for one in measured for kind in one.kinds}))
    others = f"; there are pods of {kinds}" if kinds else ""
    left = "; left out: " + ", ".join(sorted({one.why for m in measured for one in m.left_out}))
    return (
        "the store has no samples of any Deployment's, StatefulSet's or DaemonSet's containers in the"
        " window: the day keeps what it had"
        f"{others}{left if any(one.left_out for one in measured) else ''}"
    )


async def _check_not_worse(
    clickhouse: ClickHouse, env: str, day: date, rows: Iterable[DayRow], *, by_name: bool
) -> None:
    """Keep a day of which more was known.

    :raises PrometheusError: the store has clearly less of the day than when it was collected.
    """
    had, has = await queries.known_seconds(clickhouse, env, day), known_seconds(rows)
    if has < had * CLEARLY_FEWER and not by_name:
        raise PrometheusError(
            f"the store now has {100 * has / had:.0f} % of the samples that the day was collected with: it"
            " keeps what it had; ask for this day by its date to replace it all the same"
        )


async def _with_profiles(
    prometheus: Prometheus,
    found: Survey,
    whole_day: Window,
    now: datetime,
    rows: list[DayRow],
    measured: Measured,
) -> list[DayRow]:
    places: list[Place] = [(row.namespace, row.kind, row.name, row.container) for row in rows]
    found_profiles = await measure_day(
        prometheus, found, whole_day, now, places, measured.interval_s, measured.even
    )
    return [
        replace(row, **_profile(found_profiles.get(place))) for row, place in zip(rows, places, strict=True)
    ]


def _profile(profile: Profile | None) -> dict[str, Any]:
    if profile is None:
        return {}
    return {"profile_cpu_m": profile.cpu_m, "profile_mem_mib": profile.mem_mib, "profile_pods": profile.pods}


async def complete_profiles(
    clickhouse: ClickHouse, source: Source, policy: Policy, now: datetime, besides: Iterable[date]
) -> tuple[list[date], list[tuple[date, str]]]:
    """Collect the rest of the days that were not over when they were collected.

    :param besides: days that are collected anew anyway.
    :return: the days that are whole now, and those that the store no longer has or refuses, with the reason.
    :raises PrometheusUnavailableError: the store can't be asked; what was completed until then is stored.
    """
    done: list[date] = []
    failed: list[tuple[date, str]] = []
    since = (now - timedelta(days=policy.lookback_days + 1)).date()
    for day, collected_at in sorted((await queries.collected_days(clickhouse, policy.env, since)).items()):
        whole_day = local_day(day, policy.zone)
        if collected_at >= whole_day.end or whole_day.end > now or day in besides:
            continue
        try:
            await _complete(clickhouse, source, policy, day, whole_day, now)
            done.append(day)
        except PrometheusError as error:
            failed.append((day, str(error)))
    return done, failed


async def _complete(
    clickhouse: ClickHouse, source: Source, policy: Policy, day: date, whole_day: Window, now: datetime
) -> None:
    rows = await queries.day_rows(clickhouse, policy.env, day)
    found = await survey(source.prometheus, source.scope(policy), whole_day)
    places: list[Place] = [(row["namespace"], row["kind"], row["name"], row["container"]) for row in rows]
    profile = await measure_day(source.prometheus, found, whole_day, now, places, source.interval_s or None)
    version = timestamp(await next_day_version(clickhouse, "resource_daily", policy.env, day))
    stored = [
        {**row, **_profile(profile.get(place)), "collected_at": version}
        for row, place in zip(rows, places, strict=True)
    ]
    await queries.insert(clickhouse, "resource_daily", stored)


async def check_clock(prometheus: Prometheus, window: Window) -> datetime:
    """Return the time; refuse to go on where the store's clock and ours differ.

    :raises PrometheusError: the window is not over, or the clocks differ by more than five minutes.
    """
    theirs, ours = await prometheus.now(), datetime.now(UTC)
    if abs(theirs - ours) > CLOCK_TOLERANCE:
        minutes = (theirs - ours).total_seconds() / 60
        raise PrometheusError(
            f"the store's clock is {abs(minutes):.0f} minutes {'ahead of' if minutes > 0 else 'behind'} ours:"
            " set both right, then collect again"
        )
    now = min(theirs, ours)
    if window.end > now:
        raise PrometheusError(f"the peak window is not over before {window.end:%Y-%m-%d %H:%M} UTC")
    return now


async def replace_day(clickhouse: ClickHouse, env: str, day: date, rows: list[DayRow]) -> None:
    """Put a day's rows in the place of those it had: one insert, so that no reader sees it half.

    A row that is gone gets a tombstone in the same insert. The version is above any that the day has had,
    also by another collector's clock; it makes every insert's block another one, so that a replicated
    table never takes it for a repetition.
    """
    known = await queries.day_keys(clickhouse, env, day)
    version = timestamp(await next_day_version(clickhouse, "resource_daily", env, day))
    stored = [_stored(env, row, version) for row in rows]
    gone = set(known) - {(row.namespace, row.kind, row.name, row.container) for row in rows}
    stored += [_tombstone(env, day, key, version) for key in sorted(gone)]
    await queries.insert(clickhouse, "resource_daily", stored)


def _stored(env: str, row: DayRow, version: str) -> Mapping[str, Any]:
    columns = {name: value for name, value in vars(row).items() if name not in ("window", "date")}
    return {
        **columns,
        "env": env,
        "date": row.date.isoformat(),
        "window_start": timestamp(row.window.start),
        "window_end": timestamp(row.window.end),
        "collected_at": version,
        "deleted": False,
    }


def _tombstone(env: str, day: date, key: Place, version: str) -> dict[str, Any]:
    namespace, kind, name, container = key
    return {
        "env": env, "namespace": namespace, "kind": kind, "name": name, "container": container,
        "date": day.isoformat(), "window_start": version, "window_end": version,
        "collected_at": version, "deleted": True,
    }  # fmt: skip
