"""Moves over: reads both old tables, works out what becomes of them, and writes it if it is to.

It may run while KubeDoor works. `control` is written by the api's own writer. A day bears the end of its
window as its version, which is below that of any collection: what the collector measured, or measures
later, wins. Without coverage no request is ever derived from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.cli.legacy_import import control, daily, queries
from kubedoor_api.cli.legacy_import.deployments import Deployments
from kubedoor_api.cli.legacy_import.queries import NewDay, OldDay
from kubedoor_api.cli.legacy_import.report import Report
from kubedoor_api.commits.writer import Writer
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ExpertRow

AUTHOR = "moved over from 0.2"


async def move_over(
    source: ClickHouse,
    target: ClickHouse,
    deployments: Mapping[str, Deployments],
    old: daily.Old,
    *,
    apply: bool,
) -> Report:
    """Move both tables over; a second time finds everything there."""
    old_days, old_control = await queries.old_days(source), await queries.old_control(source)
    days = daily.move_days(old_days, deployments, old, await _our_days(target, old_days))
    services = control.move_control(old_control, deployments, await queries.our_control(target))
    report = Report({daily.TABLE: len(old_days), control.TABLE: len(old_control)})
    report.add(days.notes)
    report.add(services.notes)
    if apply:
        await _write(target, days.rows, services.rows)
        report.applied = True
    return report


async def _our_days(target: ClickHouse, old_days: list[OldDay]) -> Mapping[daily.Key, datetime]:
    """Return what we have of the days that the old table has, with two on either side for their zone."""
    ends = [row.at.date() for row in old_days]
    margin = timedelta(days=2)
    return await queries.our_days(target, min(ends) - margin, max(ends) + margin) if ends else {}


async def _write(target: ClickHouse, days: list[NewDay], services: list[ExpertRow]) -> None:
    by_month = sorted(days, key=_month)
    for _, month in groupby(by_month, key=_month):
        await queries.insert_days(target, month)
    written = 0

    async def prepare() -> list[dict[str, object]]:
        nonlocal written
        there = await queries.our_control(target)
        rows = [row for row in services if (row.env, row.namespace, row.name) not in there]
        written = len(rows)
        return [row.columns() for row in rows]

    await Writer(target).commit("control", AUTHOR, prepare)
    if days or written:
        await _record(target, len(days), written)


def _month(day: NewDay) -> str:
    return f"{day.date:%Y-%m}"


async def _record(target: ClickHouse, days: int, services: int) -> None:
    recorder = AuditLogger(target)
    recorder.add(
        AuditEntry(
            actor="command line", role="admin", remote="", request_id="", action="moveOver",
            outcome="succeeded", after=json.dumps({"days": days, "services": services}),
        )
    )  # fmt: skip
    await recorder.flush()
