"""Collects one day: asks the store, computes the rows, and replaces the day in one insert."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kubedoor_collector import queries
from kubedoor_collector.domain import promql
from kubedoor_collector.domain.figures import DayRow, Measured, day_rows
from kubedoor_collector.domain.owners import read_owners
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.domain.samples import Curve, Sample, by_resource, by_set, curves_by_set
from kubedoor_collector.prometheus import Prometheus, PrometheusError, QueryTooHeavyError
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.peak import Window
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

CLOCK_TOLERANCE = timedelta(minutes=5)
RESOURCES = ("requests", "limits")
OWNERS = ("pod_owners", "set_owners")

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


async def collect_day(clickhouse: ClickHouse, source: Source, policy: Policy, day: date) -> list[DayRow]:
    """Measure a day and store it; return its rows.

    :raises KubeDoorError: the day keeps what it had.
    """
    windows = [hours.window(day, policy.zone) for hours in policy.peak.on(day)]
    window = windows[0]
    await check_clock(source.prometheus, window)
    measured = await measure(source, policy.namespaces, window)
    rows = day_rows(measured, day, window, source.step_s)
    if not rows:
        raise PrometheusError(
            "the store has no samples of any Deployment's containers in the window: the day keeps what it had"
        )
    await replace_day(clickhouse, policy.env, day, rows)
    return rows


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
    """Ask everything of one window; where that is too much for the store, namespace by namespace."""
    selection = source.selection(namespaces, window)
    asks: dict[str, Callable[[], Any]] = {
        **{name: _instant(source, name, selection, window) for name in promql.instant_queries(selection)},
        **{name: _range(source, name, selection, window) for name in promql.range_queries(selection)},
    }
    tasks = {}
    try:
        async with asyncio.TaskGroup() as group:
            for name, ask in asks.items():
                tasks[name] = group.create_task(ask())
    except* KubeDoorError as errors:
        raise _first(errors) from None
    return _measured({name: task.result() for name, task in tasks.items()})


def _first(errors: BaseExceptionGroup[KubeDoorError]) -> KubeDoorError:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, KubeDoorError) else KubeDoorError(str(error))


def _instant(source: Source, name: str, selection: promql.Selection, window: Window) -> Callable[[], Any]:
    async def ask(part: promql.Selection) -> list[Sample]:
        return await source.prometheus.instant(promql.instant_queries(part)[name], window.end)

    return lambda: _split(source, name, selection, window, ask)


def _range(source: Source, name: str, selection: promql.Selection, window: Window) -> Callable[[], Any]:
    start = window.start + timedelta(seconds=source.step_s)

    async def ask(part: promql.Selection) -> list[Curve]:
        query = promql.range_queries(part)[name]
        return await source.prometheus.range(query, start, window.end, source.step_s)

    return lambda: _split(source, name, selection, window, ask)


async def _split(
    source: Source, name: str, selection: promql.Selection, window: Window, ask: Callable[..., Any]
) -> list[Any]:
    """Ask for everything at once, or, where that is too heavy, for each namespace."""
    try:
        return list(await ask(selection))
    except QueryTooHeavyError as error:
        log.info("prometheus.split", query=name, reason=str(error))
    listed = await source.prometheus.instant(promql.namespaces_query(selection), window.end)
    answers: list[Any] = []
    for namespace in sorted({sample.labels.get("namespace", "") for sample in listed} - {""}):
        answers.extend(await ask(promql.one_namespace(selection, namespace)))
    return answers


def _measured(answers: Mapping[str, Any]) -> Measured:
    indexed: dict[str, Any] = {"owners": read_owners(answers["pod_owners"], answers["set_owners"])}
    for name, answer in answers.items():
        if name in RESOURCES:
            indexed[name] = by_resource(answer)
        elif name not in OWNERS:
            is_curve = bool(answer) and isinstance(answer[0], Curve)
            indexed[name] = curves_by_set(answer) if is_curve else by_set(answer)
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
