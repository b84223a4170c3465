"""A run: day after day, then the derivation; told in `collection_run` as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kubedoor_collector import events, queries
from kubedoor_collector.autoscalers import Surveyed, autoscalers, keep
from kubedoor_collector.day import Source, collect_day, complete_profiles
from kubedoor_collector.domain.days import ContainerRows, last_of, peaks_of
from kubedoor_collector.domain.derivation import Derivation, derive
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.prometheus import PrometheusError, PrometheusUnavailableError
from kubedoor_collector.runs import Run, RunBook, next_version
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.clickhouse.steering import stored_targets
from kubedoor_core.domain.derivation.choosing import choose_each
from kubedoor_core.domain.derivation.history import history_of
from kubedoor_core.domain.derivation.hours import Profiles, own_peaks
from kubedoor_core.domain.derivation.targets import UtilisationTargets
from kubedoor_core.domain.env_policy import environment_of, read_policy
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.errors import ClickHouseUnavailableError, KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.metrics.autoscalers import targets_of

log = get_logger(__name__)


@dataclass(frozen=True)
class Collector:
    """What a run works with."""

    clickhouse: ClickHouse
    source: Source
    settings: CollectorSettings
    instance: str

    async def policy(self) -> Policy:
        """Return the rules as they stand now: stored settings win over the environment."""
        return policy_of(self.settings, await queries.settings(self.clickhouse, self.settings.env))


def policy_of(settings: CollectorSettings, stored: Sequence[tuple[str, str, str]] = ()) -> Policy:
    """Return the rules that hold; a stored value that is invalid is told in the log.

    :param stored: namespace, key and value of stored settings.
    """
    found = read_policy(stored, environment_of(settings))
    for complaint in found.complaints:
        log.warning("setting.left_out", reason=str(complaint))
    return Policy.of(settings.env, ZoneInfo(settings.timezone), found)


async def run_collection(collector: Collector, run: Run, policy: Policy) -> tuple[Run, Derivation]:
    """Do a run to its end.

    :raises ClickHouseUnavailableError: the run stays `running` until its lease is over; it is then picked up.
    """
    book = RunBook(collector.clickhouse, run)
    await book.update()
    log.info("run.started", run=run.id, trigger=run.trigger, days=len(run.dates))
    async with book.beating():
        for day in run.dates:
            await _one_day(collector, book, policy, day)
        await _complete_profiles(collector, run, policy)
        derivation = await _derive_or_tell(collector, book, policy)
    state = "failed" if book.run.errors else "succeeded"
    await book.update(state=state, finished_at=datetime.now(UTC))
    log.info(
        "run.finished", run=run.id, state=state, services=book.run.services_seen, changed=len(derivation.rows)
    )
    return book.run, derivation


async def _one_day(collector: Collector, book: RunBook, policy: Policy, day: date) -> None:
    run = book.run
    try:
        found = await collect_day(collector.clickhouse, collector.source, policy, day, by_name=run.by_name)
    except ClickHouseUnavailableError:
        raise
    except KubeDoorError as error:
        reason = str(error)
        log.warning("day.failed", run=run.id, date=day.isoformat(), reason=reason)
        event = events.day_failed(run.env, run.id, day, reason)
        await events.tell(collector.clickhouse, run.env, [event])
        await book.update(day_index=book.run.day_index + 1, errors=(*book.run.errors, (day, reason)))
        return
    services = len({(row.namespace, row.kind, row.name) for row in found.rows})
    log.info(
        "day.collected",
        run=run.id,
        date=day.isoformat(),
        services=services,
        rows=len(found.rows),
        left_out=len(found.left_out),
        scrape_interval_s=found.interval_s,
    )
    told = [
        *events.without_owner(run.env, day, found.without_owner),
        *events.left_out(run.env, run.id, day, found.left_out),
    ]
    await events.tell(collector.clickhouse, run.env, told)
    await book.update(
        day_index=book.run.day_index + 1,
        services_seen=max(services, book.run.services_seen),
        left_out=(*book.run.left_out, *((day, one) for one in found.left_out)),
        scrape_interval_s=found.interval_s or book.run.scrape_interval_s,
    )


async def _derive_or_tell(collector: Collector, book: RunBook, policy: Policy) -> Derivation:
    """Derive; where nobody knows of autoscalers, requests stay as they are, and the run has failed."""
    try:
        return await derive_all(collector.clickhouse, policy, collector.source)
    except (PrometheusError, PrometheusUnavailableError) as error:
        log.warning("derivation.failed", run=book.run.id, reason=str(error))
        reason = f"nothing was derived: {error}"
        await book.update(errors=(*book.run.errors, (book.run.dates[-1], reason)))
        return Derivation((), (), ())


async def _complete_profiles(collector: Collector, run: Run, policy: Policy) -> None:
    """Collect what was still to come of earlier days; what fails is tried again by the next run."""
    try:
        done, failed = await complete_profiles(
            collector.clickhouse, collector.source, policy, datetime.now(UTC), run.dates
        )
    except PrometheusUnavailableError as error:
        log.warning("profile.failed", run=run.id, reason=str(error))
        return
    told = [events.profile_failed(run.env, day, reason) for day, reason in failed]
    await events.tell(collector.clickhouse, run.env, told)
    if done or failed:
        log.info(
            "profile.completed", run=run.id, dates=[str(d) for d in done], failed=[str(d) for d, _ in failed]
        )


async def preview(clickhouse: ClickHouse, policy: Policy, source: Source | None) -> Derivation:
    """Return what a derivation would change, and write nothing.

    :param source: what tells of autoscalers, besides those that were found in the cluster; None: nothing.
    :raises PrometheusError, PrometheusUnavailableError: nobody knows which services autoscalers steer.
    """
    dates, stored = await _days(clickhouse, policy)
    surveyed = await surveyed_by(source, policy, stored) if source and stored else None
    return await _derivation(clickhouse, policy, dates, stored, surveyed)


async def _days(clickhouse: ClickHouse, policy: Policy) -> tuple[list[date], list[ContainerRows]]:
    """Return the days that are looked back on, and what is stored of them."""
    dates = policy.peak.last_finished(policy.lookback_days, policy.zone, datetime.now(UTC))
    return dates, await queries.days(clickhouse, policy.env, dates[0], dates[-1]) if dates else []


async def _derivation(
    clickhouse: ClickHouse,
    policy: Policy,
    dates: Sequence[date],
    stored: list[ContainerRows],
    surveyed: Surveyed | None,
) -> Derivation:
    if not dates:
        return Derivation((), (), ())
    before = await queries.derived(clickhouse, policy.env)
    by_metrics = None if surveyed is None else surveyed.found
    targets = {
        **await stored_targets(clickhouse, policy.env, with_metrics=by_metrics is None),
        **targets_of(by_metrics or (), {one.service for one in stored}),
    }
    return await asyncio.to_thread(_derive, stored, dates, before, policy, targets)


async def surveyed_by(source: Source, policy: Policy, stored: Sequence[ContainerRows]) -> Surveyed:
    """Return the autoscalers that there were when the latest of the days was measured."""
    latest = last_of(stored)
    window = Window(latest[0].begins, latest[0].ends)
    told = any(day.told for one in stored for day in one.days)
    return await autoscalers(source.prometheus, source.scope(policy), window, exporter_due=told)


async def steered(
    source: Source, policy: Policy, stored: Sequence[ContainerRows]
) -> dict[ServiceKey, UtilisationTargets]:
    """Return what autoscalers steered to when the latest of the days was measured."""
    surveyed = await surveyed_by(source, policy, stored)
    return targets_of(surveyed.found or (), {one.service for one in stored})


def _derive(
    stored: list[ContainerRows],
    dates: Sequence[date],
    before: list[Row],
    policy: Policy,
    targets: Mapping[ServiceKey, UtilisationTargets],
) -> Derivation:
    history = history_of((one.used for one in stored), dates, profiles=True)
    profiles = Profiles(history)
    rules = [policy.rules.ruling(service).rule for service in history.services]
    chosen = choose_each(history, rules, profiles)
    own = own_peaks(history, profiles, [rule.own_peak_hours for rule in rules])
    return derive(peaks_of(stored, history, chosen, own), before, policy, targets)


async def derive_all(clickhouse: ClickHouse, policy: Policy, source: Source | None) -> Derivation:
    """Derive every service's values from its peak days: one read of each table, one insert.

    New services are told before their rows are written: a collector that dies between the two tells them
    again, and they are told once.
    """
    dates, stored = await _days(clickhouse, policy)
    surveyed = await surveyed_by(source, policy, stored) if source and stored else None
    derivation = await _derivation(clickhouse, policy, dates, stored, surveyed)
    if surveyed is not None:
        await keep(clickhouse, policy.env, surveyed, {one.service for one in stored})
    await events.tell(clickhouse, policy.env, events.new_services(policy.env, derivation.new))
    now = datetime.now(UTC)
    stamp = {
        "version": await next_version(clickhouse, "derived"),
        "updated_at": timestamp(now),
        "updated_by": "collector",
        "deleted": False,
    }
    await queries.insert(clickhouse, "derived", [{**row, **stamp} for row in derivation.rows])
    return derivation


def due_dates(policy: Policy, failed: Sequence[date] | set[date], now: datetime) -> tuple[date, ...]:
    """Return what a daily run collects: the last date whose window is over, and those that failed before."""
    finished = policy.peak.last_finished(policy.lookback_days, policy.zone, now)
    return tuple(day for day in finished if day in failed or day == finished[-1])


def since(policy: Policy, now: datetime) -> datetime:
    """Return from when on runs say something about the days that are looked back on."""
    return now - timedelta(days=2 * policy.lookback_days + 7)
