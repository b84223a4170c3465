"""Every change that succeeds, fails or is refused for lack of a role is audited, in this one place."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TypeVar

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger, Event
from kubedoor_api.web.endpoint import AuditContext, Caller, Endpoint
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.domain.events import KINDS
from kubedoor_core.problems import Problem

MAX_CHANGES = 8
MAX_VALUE = 80
UNSAID = {
    "env", "namespace", "kind", "name", "deleted", "operation_id", "version", "updated_at", "updated_by",
}  # fmt: skip
NOTHING = "\N{EN DASH}"


def _value(value: object) -> str:
    if value is None or value in ("", []):
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def _fields(text: str) -> dict[str, object] | list[object]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict | list) else {}


def difference(before: str, after: str) -> str:
    """Say in one line what changed between two JSON texts; many rows are counted."""
    old, new = _fields(before), _fields(after)
    if isinstance(old, list) or isinstance(new, list):
        changed = sum(one != other for one, other in zip(old or [None] * len(new), new, strict=False))
        return f"{changed} services"
    found = [
        f"{name} {_value(old.get(name))} -> {_value(new.get(name))}"
        for name in {**old, **new}
        if name not in UNSAID and old.get(name) != new.get(name)
    ]
    more = f" and {len(found) - MAX_CHANGES} more" if len(found) > MAX_CHANGES else ""
    return ", ".join(found[:MAX_CHANGES]) + more


def event_of(entry: AuditEntry, tag: str, summary: str) -> Event | None:
    """Return the event of a change that succeeded; None for what is no change that people are told of.

    :param tag: what the operation belongs to; the event's kind is `change.TAG`.
    """
    kind = f"change.{tag}"
    if entry.outcome != "succeeded" or kind not in KINDS or not (entry.before or entry.after):
        return None
    what = difference(entry.before, entry.after)
    where = "/".join(part for part in (entry.namespace, entry.name) if part)
    parts = [f"{entry.actor}: {summary}", *([where] if where else []), *([what] if what else [])]
    return event_row(
        f"change:{uuid.uuid4().hex}",
        entry.at,
        entry.env,
        kind,
        ": ".join(parts),
        {"action": entry.action, "actor": entry.actor, "request_id": entry.request_id},
        namespace=entry.namespace,
        name=entry.name,
    )


T = TypeVar("T")


async def audited(
    logger: AuditLogger,
    endpoint: Endpoint,
    caller: Caller,
    path: Mapping[str, str],
    audit: AuditContext,
    work: Callable[[], Awaitable[T]],
) -> T:
    """Do the work and write down what came of it.

    A bad or stale request changes nothing and is not audited. One that failed in the middle may
    have changed something, and is. The entry of what is committed is part of the commit. Of what
    machines send only a refusal is written down.
    """
    if endpoint.method == "GET":
        return await work()
    committed: list[AuditEntry] = []

    def make_entry() -> str:
        committed[:] = [_entry(endpoint, caller, path, audit, "succeeded")]
        return committed[0].json()

    audit.make_entry, outcome = make_entry, "failed"
    try:
        answer = await work()
        outcome = "succeeded"
    except Problem as problem:
        refused = problem.status == HTTPStatus.FORBIDDEN
        broken = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        outcome = "refused" if refused else "failed" if broken else ""
        raise
    finally:
        if audit.is_logged:
            logger.announce(event_of(committed[0], endpoint.tag, endpoint.summary))
        elif outcome and (endpoint.audited or outcome == "refused"):
            entry = _entry(endpoint, caller, path, audit, outcome)
            await logger.record(entry, event_of(entry, endpoint.tag, endpoint.summary))
    return answer


def _entry(
    endpoint: Endpoint, caller: Caller, path: Mapping[str, str], audit: AuditContext, outcome: str
) -> AuditEntry:
    return AuditEntry(
        actor=caller.principal.name,
        role=caller.principal.role.value,
        remote=caller.remote,
        request_id=caller.request_id,
        action=endpoint.id,
        outcome=outcome,
        env=path.get("env", ""),
        namespace=path.get("namespace", ""),
        name=path.get("name", ""),
        before=audit.before,
        after=audit.after,
    )
