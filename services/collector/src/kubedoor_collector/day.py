"""Collects one day: asks the store, computes the rows, and replaces the day in one insert."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kubedoor_collector import queries
from kubedoor_collector.domain import promql
from kubedoor_collector.domain.figures import DayRow, day_rows
from kubedoor_collector.domain.measured import Measured, set_count, steps_of, unsteady_sets, without_owner
from kubedoor_collector.domain.owners import read_owners
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.domain.samples import by_resource, by_set, curves_by_set
from kubedoor_collector.domain.windows import busier
from kubedoor_collector.prometheus import Prometheus, PrometheusError, QueryTooHeavyError
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.peak import Window
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.prometheus import Sample

CLOCK_TOLERANCE = timedelta(minutes=5)
RESOURCES = ("requests", "limits")
OWNERS = ("pod_owners", "set_owners")
DETAIL_VALUES = ("cpu_hot", "mem_hot")
SETS_AT_ONCE = 100
MANY_UNSTEADY = 0.3

Ask = Callable[[promql.Selection], Awaitable[list[Any]]]

log = get_logger(__name__)


@dataclass(frozen=True)
class Source:
    """The store, and how its series of this cluster are told apart."""

    prometheus: Prometheus
    env_label: str
    rate_window_s: int
    step_s: int

    def selection(self, namespaces: str, window: Window) -> promql.Selection:
        """Return what a window's queries select."""
        return promql.Selection(namespaces, self.env_label, self.rate_window_s, self.step_s, window.seconds)


def source_of(prometheus: Prometheus, settings: CollectorSettings) -> Source:
    """Return the store of some settings.

    Prometheus' rates need two scrapes within their window. VictoriaMetrics' take the last one before
    their window as well, so that a window of one scrape interval gives the same figure.
    """
    step_s = settings.scrape_interval_s
    rate_window_s = 2 * step_s if settings.prometheus_type == "prometheus" else step_s
    return Source(prometheus, settings.prometheus_env_label, rate_window_s, step_s)


@dataclass(frozen=True)
class Day:
    """What a day's collection found: the rows, and what looks like services but has no owner told."""

    rows: list[DayRow]
    without_owner: set[str]


async def collect_day(clickhouse: ClickHouse, source: Source, policy: Policy, day: date) -> Day:
    """Measure a day and store it.

    :raises KubeDoorError: the day keeps what it had.
    """
    windows = [hours.window(day, policy.zone) for hours in policy.peak.on(day)]
    measured = [await _window(source, policy, day, window) for window in windows if window.seconds]
    every = [one.rows for one in measured]
    rows = busier(every) if len(every) > 1 else [row for rows in every for row in rows]
    if not measured:
        raise PrometheusError("the peak hours do not count on this day")
    if not rows:
        raise PrometheusError(
            "the store has no samples of any Deployment's containers in the window: the day keeps what it had"
        )
    await replace_day(clickhouse, policy.env, day, rows)
    return Day(rows, set().union(*(one.without_owner for one in measured)))


async def _window(source: Source, policy: Policy, day: date, window: Window) -> Day:
    await check_clock(source.prometheus, window)
    measured = await measure(source, policy.namespaces, window)
    return Day(day_rows(measured, day, window, source.step_s), without_owner(measured))


async def check_clock(prometheus: Prometheus, window: Window) -> None:
    """Refuse to go on where the store's clock and ours differ: one does not know when the window is over.

    :raises PrometheusError: the window is not over, or the clocks differ by more than five minutes.
    """
    theirs, ours = await prometheus.now(), datetime.now(UTC)
    if abs(theirs - ours) > CLOCK_TOLERANCE:
        minutes = (theirs - ours).total_seconds() / 60
        raise PrometheusError(
            f"the store's clock is {abs(minutes):.0f} minutes {'ahead of' if minutes > 0 else 'behind'} ours:"
            " set both right, then collect again"
        )
    if window.end > min(theirs, ours):
        raise PrometheusError(f"the peak window is not over before {window.end:%Y-%m-%d %H:%M} UTC")


async def measure(source: Source, namespaces: str, window: Window) -> Measured:
    """Survey a window, then ask for the details of the services that the survey leaves open."""
    selection = source.selection(namespaces, window)
    measured = _measured(await _ask_all(source, promql.survey_queries, None, selection, window))
    unsteady = unsteady_sets(measured, steps_of(window, source.step_s))
    curves: dict[str, Any] = {}
    for part in _parts(selection, unsteady, set_count(measured)):
        answers = await _ask_all(source, promql.detail_values, promql.detail_curves, part, window)
        for name, answer in answers.items():
            indexed = by_set(answer) if name in DETAIL_VALUES else curves_by_set(answer)
            curves.setdefault(name, dict(getattr(measured, name))).update(indexed)
    return replace(measured, **curves)


def _parts(selection: promql.Selection, unsteady: set[str], every: int) -> list[promql.Selection]:
    """Return what to ask details of: some ReplicaSets at a time, or, where they are many, all at once."""
    if len(unsteady) > max(SETS_AT_ONCE, every * MANY_UNSTEADY):
        return [selection]
    names = sorted(unsteady)
    chunks = [names[i : i + SETS_AT_ONCE] for i in range(0, len(names), SETS_AT_ONCE)]
    return [replace(selection, pods=promql.pods_of(chunk)) for chunk in chunks]


Queries = Callable[[promql.Selection], dict[str, str]]


async def _ask_all(
    source: Source, values: Queries, curves: Queries | None, selection: promql.Selection, window: Window
) -> dict[str, list[Any]]:
    """Ask everything; the store's client bounds how much at once.

    :raises KubeDoorError: the first that one of them met.
    """
    asks = {name: _instant(source, values, name, window) for name in values(selection)}
    if curves is not None:
        asks |= {name: _range(source, curves, name, window) for name in curves(selection)}
    tasks = {}
    try:
        async with asyncio.TaskGroup() as group:
            for name, ask in asks.items():
                tasks[name] = group.create_task(_split(source, name, selection, window, ask))
    except* KubeDoorError as errors:
        raise _first(errors) from None
    return {name: task.result() for name, task in tasks.items()}


def _first(errors: BaseExceptionGroup[KubeDoorError]) -> KubeDoorError:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, KubeDoorError) else KubeDoorError(str(error))


def _instant(source: Source, queries_of: Queries, name: str, window: Window) -> Ask:
    async def ask(part: promql.Selection) -> list[Any]:
        return list(await source.prometheus.instant(queries_of(part)[name], window.end))

    return ask


def _range(source: Source, queries_of: Queries, name: str, window: Window) -> Ask:
    start = window.start + timedelta(seconds=source.step_s)

    async def ask(part: promql.Selection) -> list[Any]:
        query = queries_of(part)[name]
        return list(await source.prometheus.range(query, start, window.end, source.step_s))

    return ask


async def _split(
    source: Source, name: str, selection: promql.Selection, window: Window, ask: Ask
) -> list[Any]:
    """Ask for everything at once, or, where that is too heavy, for each namespace."""
    try:
        return await ask(selection)
    except QueryTooHeavyError as error:
        log.info("prometheus.split", query=name, reason=str(error))
    listed = await source.prometheus.instant(promql.namespaces_query(selection), window.end)
    answers: list[Any] = []
    for namespace in sorted({sample.labels.get("namespace", "") for sample in listed} - {""}):
        answers.extend(await ask(promql.one_namespace(selection, namespace)))
    return answers


def _measured(answers: Mapping[str, list[Sample]]) -> Measured:
    indexed: dict[str, Any] = {"owners": read_owners(answers["pod_owners"], answers["set_owners"])}
    for name, answer in answers.items():
        if name in RESOURCES:
            indexed[name] = by_resource(answer)
        elif name not in OWNERS:
            indexed[name] = by_set(answer)
    return Measured(**indexed)


async def replace_day(clickhouse: ClickHouse, env: str, day: date, rows: list[DayRow]) -> None:
    """Put a day's rows in the place of those it had: one insert, so that no reader sees it half.

    A row that is gone gets a tombstone in the same insert. The version is above any that the day has had,
    also by another collector's clock; it makes every insert's block another one, so that a replicated
    table never takes it for a repetition.
    """
    known = await queries.day_keys(clickhouse, env, day)
    latest = await queries.day_version(clickhouse, env, day)
    version = timestamp(max(datetime.now(UTC), latest + timedelta(milliseconds=1)))
    stored = [_stored(env, row, version) for row in rows]
    gone = set(known) - {(row.namespace, row.deployment, row.container) for row in rows}
    stored += [_tombstone(env, day, key, version) for key in sorted(gone)]
    await queries.insert(clickhouse, "resource_daily", stored)


def _stored(env: str, row: DayRow, version: str) -> dict[str, Any]:
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


def _tombstone(env: str, day: date, key: tuple[str, str, str], version: str) -> dict[str, Any]:
    namespace, deployment, container = key
    return {
        "env": env, "namespace": namespace, "deployment": deployment, "container": container,
        "date": day.isoformat(), "window_start": version, "window_end": version,
        "collected_at": version, "deleted": True,
    }  # fmt: skip
