"""The collector from the command line: some days and the derivation, or what one would change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime

from kubedoor_collector.collect import Collector, preview, run_collection
from kubedoor_collector.domain.derivation import Derivation
from kubedoor_collector.prometheus import wait_until_up as wait_for_prometheus
from kubedoor_collector.runs import Run, close_stale
from kubedoor_collector.service import open_collector
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse.client import wait_until_up
from kubedoor_core.domain.workload import shown_service

WAIT_FOR_PROMETHEUS_S = 300.0
SHOWN = 200


async def collect_once(
    settings: CollectorSettings, days: int, dates: Iterable[date] = ()
) -> tuple[Run, Derivation]:
    """Collect and derive; return what came of it.

    :param days: how many of the last days whose window is over; ``dates``: these days instead, by name.
    """
    async with open_collector(settings) as collector:
        await wait_until_up(collector.clickhouse)
        await wait_for_prometheus(collector.source.prometheus, WAIT_FOR_PROMETHEUS_S)
        await close_stale(collector.clickhouse, settings.env, settings.run_lease_s)
        return await _run(collector, days, tuple(sorted(set(dates))))


async def _run(collector: Collector, days: int, dates: tuple[date, ...]) -> tuple[Run, Derivation]:
    policy, now = await collector.policy(), datetime.now(UTC)
    run = Run(
        id=f"command-{uuid.uuid4().hex}",
        env=policy.env,
        trigger="command",
        dates=dates or tuple(policy.peak.last_finished(days, policy.zone, now)),
        collector=collector.instance,
        started_at=now,
        requested_by="command line",
        by_name=bool(dates),
    )
    return await run_collection(collector, run, policy)


async def show_derivation(settings: CollectorSettings) -> str:
    """Return the table of what a derivation of the stored days would change; nothing is written."""
    async with open_collector(settings) as collector:
        await wait_until_up(collector.clickhouse)
        return difference_table(
            await preview(collector.clickhouse, await collector.policy(), collector.source)
        )


def summary(run: Run, derivation: Derivation) -> str:
    """Say how each day went and what came out."""
    failed = dict(run.errors)
    lines = [f"{day}  {'failed: ' + failed[day] if day in failed else 'collected'}" for day in run.dates]
    took_s = ((run.finished_at or run.started_at) - run.started_at).total_seconds()
    lines.append(
        f"{len(run.dates) - len(failed)} of {len(run.dates)} days collected, {run.services_seen} services,"
        f" {len(derivation.rows)} derived anew or changed ({len(derivation.new)} new), in {took_s:.1f} s"
    )
    return "\n".join(lines)


def difference_table(derivation: Derivation) -> str:
    """Return the table of changes: service, value, before, after, why."""
    if not derivation.changes:
        return "Nothing would change."
    header = ("service", "container", "value", "before", "after", "why")
    rows = [
        (
            shown_service(c.kind, c.namespace, c.name),
            c.container,
            c.what,
            _value(c.before),
            _value(c.after),
            c.why,
        )
        for c in derivation.changes
    ]
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    )


def _value(value: int | None) -> str:
    return "-" if value is None else str(value)
