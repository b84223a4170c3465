"""The endpoints of the audit log."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.audit import queries, verify
from kubedoor_api.audit.entry import Link
from kubedoor_api.web.csv_text import render
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import Model, Nothing, Search, Time, utc
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field


class AuditQuery(Model):
    """Which rows, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Most rows to return"""
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,19}$")] = ""
    """`next_cursor` of the part before"""
    actor: Search = ""
    """Only what this user did"""
    action: Search = ""
    """Only this action, such as `changeService`"""
    env: Search = ""
    """Only this env"""
    namespace: Search = ""
    """Only this namespace"""
    name: Search = ""
    """Only this Deployment"""
    q: Search = ""
    """Text in any column"""
    since: datetime | None = None
    """Not before this time, with its zone"""
    until: datetime | None = None
    """Before this time, with its zone"""


class AuditRow(Model):
    """Who did or tried what."""

    seq: str
    """Place in the chain"""
    at: Time
    """When, UTC"""
    actor: str
    """Who"""
    role: str
    """The role that was used, or empty for a sign-in"""
    remote: str
    """From which address"""
    request_id: str
    """Identity of the request, as in the logs and in `X-Request-Id`"""
    action: str
    """What: an operation of this document, or `signIn`"""
    env: str
    """In which env; empty if in none"""
    namespace: str
    """In which namespace"""
    name: str
    """On which Deployment"""
    before: Any
    """What stood before; null if nothing"""
    after: Any
    """What stands now; null if nothing"""
    outcome: str
    """`succeeded`, `refused`, `failed`, or the outcome of a sign-in"""
    hash: str
    """Hash over the row and the hash of the row before it"""


class AuditPage(Model):
    """One part of the audit log, the latest first."""

    items: list[AuditRow]
    """The rows"""
    next_cursor: str | None
    """Goes into `cursor` for the next part; null at the end"""


class AuditVerdict(Model):
    """Whether the chain is whole."""

    whole: bool
    """True if no row was changed or removed"""
    rows: int
    """Rows that were checked"""
    head: str
    """Hash of the last good row; keep it elsewhere to notice rows cut off at the end"""
    problem: str | None
    """The first row that is wrong, and how"""


FIRST = datetime(2000, 1, 1, tzinfo=UTC)
LAST = datetime(2200, 1, 1, tzinfo=UTC)
HIGHEST = 2**63
HEADER = ("seq", "at", "actor", "role", "remote", "request_id", "action", "env", "namespace", "name",
          "before", "after", "outcome", "prev_hash", "hash")  # fmt: skip


def _time(name: str, value: datetime | None, default: datetime) -> datetime:
    if value is None:
        return default
    if value.tzinfo is None or not FIRST <= value < LAST:
        reason = "must have a time zone, such as 2026-01-31T00:00:00Z, and lie between 2000 and 2200"
        raise bad_field(name, reason, FieldCode.NO_TIME_ZONE)
    return value


async def _links(call: Call[Nothing, AuditQuery, Nothing]) -> list[Link]:
    """Return rows of the places of which the caller is an administrator.

    What was done in no env, such as a sign-in, is for administrators of everything, and what was done
    to a whole env for those of all of it.
    """
    query, clickhouse, within = call.query, call.context[ClickHouse], None
    grants = call.caller.principal.grants
    if not allowed(grants, Role.ADMIN, None, None):
        known = await queries.places(clickhouse)
        within = [place for place in known if allowed(grants, Role.ADMIN, place[0], place[1] or None)]
    return await queries.search(
        clickhouse,
        within,
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


@endpoint("GET", "/audit", tag="audit", role=Role.ADMIN, by_target=True)
async def list_audit(call: Call[Nothing, AuditQuery, Nothing]) -> AuditPage:
    """List who did or tried what, the latest first.

    In the envs and namespaces of which you are an administrator.
    """
    links, items = await _links(call), []
    for link in links:
        texts = {name: getattr(link.entry, name) for name in ("before", "after")}
        told = {name: json.loads(text) if text else None for name, text in texts.items()}
        own = {**asdict(link.entry), **told, "seq": str(link.seq), "hash": link.hash}
        items.append(AuditRow.model_validate({name: own[name] for name in AuditRow.model_fields}))
    cursor = str(links[-1].seq) if len(links) == call.query.limit else None
    return AuditPage(items=items, next_cursor=cursor)


@endpoint("GET", "/audit/export", tag="audit", role=Role.ADMIN, media_types=("text/csv",), by_target=True)
async def export_audit(call: Call[Nothing, AuditQuery, Nothing]) -> Download:
    """Download audit rows as CSV.

    With the same conditions as `listAudit`, up to `limit` rows.
    """
    rows = [{**link.row(), "at": utc(link.entry.at)} for link in await _links(call)]
    text = render(HEADER, ([row[name] for name in HEADER] for row in rows))
    return Download(text, "text/csv", "kubedoor-audit.csv")


@endpoint("GET", "/audit/verification", tag="audit", role=Role.ADMIN)
async def verify_audit(call: Call[Nothing, Nothing, Nothing]) -> AuditVerdict:
    """Verify the chain of the audit log.

    A row that was changed or removed behind the API's back shows.
    """
    verdict = await verify.verify(call.context[ClickHouse])
    return AuditVerdict(
        whole=verdict.problem is None, rows=verdict.rows, head=verdict.head, problem=verdict.problem
    )
