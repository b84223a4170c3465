"""Finding schedules and their runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.schedules import queries
from kubedoor_api.schedules.models import ScheduleList, ScheduleQuery, ScheduleSummary
from kubedoor_api.schedules.run_models import RunList, RunQuery
from kubedoor_api.schedules.service import load
from kubedoor_api.schedules.shown import next_due, run_of, state_of, summary_of
from kubedoor_api.schedules.stored import instant, read, timing_of
from kubedoor_core.clickhouse import ClickHouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from kubedoor_api.web.endpoint import Caller, Context
    from kubedoor_core.clickhouse import Row


def _order(query: ScheduleQuery) -> Callable[[tuple[Row, datetime | None]], tuple[object, ...]]:
    column = query.sort.removeprefix("-")

    def key(found: tuple[Row, datetime | None]) -> tuple[object, ...]:
        row, due = found
        if column == "next_run":
            return (due, row["name"], row["id"])
        return (row[column], row["id"])

    return key


async def list_schedules(caller: Caller, context: Context, env: str, query: ScheduleQuery) -> ScheduleList:
    """Return one page of the schedules of which the caller may see all services."""
    conditions = {
        "kind": query.kind or "",
        "namespace": query.namespace,
        "service": query.service,
        "q": query.q,
    }
    scope = await namespace_scope(caller, context, env)
    rows = await queries.find(context[ClickHouse], env, scope, conditions)
    cursors = await queries.cursors(context[ClickHouse], env)
    found: list[tuple[Row, datetime | None]] = []
    for row in rows:
        due = next_due(timing_of(row), instant(row["armed_at"]), cursors.get(row["id"]))
        if query.state in {None, state_of(enabled=row["enabled"], due=due)}:
            found.append((row, due if row["enabled"] else None))
    ordered = _sorted(found, query)
    part = [row["id"] for row, _ in ordered[query.offset : query.offset + query.limit]]
    return ScheduleList(items=await _summaries(context, env, part, cursors), total=len(found))


def _sorted(
    found: list[tuple[Row, datetime | None]], query: ScheduleQuery
) -> list[tuple[Row, datetime | None]]:
    key, down = _order(query), query.sort.startswith("-")
    if query.sort.removeprefix("-") != "next_run":
        return sorted(found, key=key, reverse=down)
    coming = [each for each in found if each[1] is not None]
    rest = [each for each in found if each[1] is None]
    return sorted(coming, key=key, reverse=down) + sorted(rest, key=lambda each: str(each[0]["name"]))


async def _summaries(
    context: Context, env: str, ids: list[str], cursors: dict[str, datetime]
) -> list[ScheduleSummary]:
    rows = await queries.some(context[ClickHouse], env, ids)
    last = await queries.latest(context[ClickHouse], env, ids)
    return [summary_of(read(rows[each]), cursors.get(each), last.get(each)) for each in ids if each in rows]


async def list_runs(caller: Caller, context: Context, env: str, schedule_id: str, query: RunQuery) -> RunList:
    """Return one page of a schedule's runs.

    :raises Problem: 404, 403.
    """
    await load(caller, Role.VIEWER, context, env, schedule_id)
    rows = await queries.runs(
        context[ClickHouse], env, schedule_id, query.outcome or "", query.limit, query.offset
    )
    return RunList(items=[run_of(row) for row in rows], total=rows[0]["total"] if rows else query.offset)
