"""Looking at the audit log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.audit import queries, verify
from kubedoor_api.audit.models import AuditPage, AuditQuery, AuditRow, AuditVerdict
from kubedoor_api.web.csv_text import render
from kubedoor_api.web.endpoint import Download
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context
    from kubedoor_api.web.endpoint import Caller
    from kubedoor_core.clickhouse import Row

FIRST = datetime(2000, 1, 1, tzinfo=UTC)
LAST = datetime(2200, 1, 1, tzinfo=UTC)
HIGHEST = 2**63
HEADER = ("seq", "at", "actor", "role", "remote", "request_id", "action", "env", "namespace", "name",
          "before", "after", "outcome", "prev_hash", "hash")  # fmt: skip


def _json(text: str) -> Any:  # noqa: ANN401 whatever was recorded
    return json.loads(text) if text else None


def _row(row: Row) -> AuditRow:
    values = {name: row[name] for name in AuditRow.model_fields}
    return AuditRow(
        **{**values, "seq": str(row["seq"]), "before": _json(row["before"]), "after": _json(row["after"])}
    )


def _time(name: str, value: datetime | None, default: datetime) -> datetime:
    if value is None:
        return default
    if value.tzinfo is None or not FIRST <= value < LAST:
        reason = "must have a time zone, such as 2026-01-31T00:00:00Z, and lie between 2000 and 2200"
        raise bad_field(name, reason, FieldCode.NO_TIME_ZONE)
    return value


async def _within(caller: Caller, context: Context) -> list[queries.Place] | None:
    """Return the places of which the caller is an administrator; None: all.

    What was done in no env, such as a sign-in, is for administrators of everything, and what was done
    to a whole env for those of all of it.
    """
    grants = caller.principal.grants
    if allowed(grants, Role.ADMIN, None, None):
        return None
    known = await queries.places(context[ClickHouse])
    return [place for place in known if allowed(grants, Role.ADMIN, place[0], place[1] or None)]


async def _rows(caller: Caller, context: Context, query: AuditQuery) -> list[Row]:
    return await queries.search(
        context[ClickHouse],
        await _within(caller, context),
        before=int(query.cursor) if query.cursor else HIGHEST,
        actor=query.actor,
        action=query.action,
        env=query.env,
        namespace=query.namespace,
        name=query.name,
        q=query.q,
        since=_time("since", query.since, FIRST),
        until=_time("until", query.until, LAST),
        limit=query.limit,
    )


async def page(caller: Caller, context: Context, query: AuditQuery) -> AuditPage:
    """Return one part of the log, of what the caller is an administrator of."""
    rows = await _rows(caller, context, query)
    cursor = str(rows[-1]["seq"]) if len(rows) == query.limit else None
    return AuditPage(items=[_row(row) for row in rows], next_cursor=cursor)


async def export(caller: Caller, context: Context, query: AuditQuery) -> Download:
    """Return rows as CSV, of what the caller is an administrator of."""
    rows = await _rows(caller, context, query)
    text = render(HEADER, ([row[name] for name in HEADER] for row in rows))
    return Download(text, "text/csv", "kubedoor-audit.csv")


async def check(context: Context) -> AuditVerdict:
    """Verify the chain."""
    verdict = await verify.verify(context[ClickHouse])
    return AuditVerdict(
        whole=verdict.problem is None, rows=verdict.rows, head=verdict.head, problem=verdict.problem
    )
