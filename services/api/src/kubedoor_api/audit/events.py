"""What the team's chat is told of a change: who, what, where, from what to what."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.events import KINDS

if TYPE_CHECKING:
    from kubedoor_api.audit.entry import AuditEntry
    from kubedoor_core.clickhouse import Row

MAX_CHANGES = 8
MAX_VALUE = 80
UNSAID = {
    "env",
    "namespace",
    "kind",
    "name",
    "deleted",
    "operation_id",
    "version",
    "updated_at",
    "updated_by",
}
MANY = list
NOTHING = "\N{EN DASH}"


def _value(value: Any) -> str:  # noqa: ANN401 whatever JSON can say
    if value is None or value in ("", []):
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def _fields(text: str) -> dict[str, Any] | list[Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict | MANY) else {}


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if name not in UNSAID and old != new:
            yield f"{name} {_value(old)} -> {_value(new)}"


def difference(before: str, after: str) -> str:
    """Say in one line what changed between two JSON texts; many rows are counted."""
    old, new = _fields(before), _fields(after)
    if isinstance(old, MANY) or isinstance(new, MANY):
        changed = sum(one != other for one, other in zip(old or [None] * len(new), new, strict=False))
        return f"{changed} services"
    found = list(_differences(old, new))
    more = f" and {len(found) - MAX_CHANGES} more" if len(found) > MAX_CHANGES else ""
    return ", ".join(found[:MAX_CHANGES]) + more


def event_of(entry: AuditEntry, tag: str, summary: str) -> Row | None:
    """Return the event of a change that succeeded; None for what is no change that people are told of.

    :param tag: what the operation belongs to; the event's kind is `change.TAG`.
    """
    kind = f"change.{tag}"
    if entry.outcome != "succeeded" or kind not in KINDS or not (entry.before or entry.after):
        return None
    what = difference(entry.before, entry.after)
    where = "/".join(part for part in (entry.namespace, entry.name) if part)
    parts = [f"{entry.actor}: {summary}", *([where] if where else []), *([what] if what else [])]
    return {
        "id": f"change:{uuid.uuid4().hex}",
        "at": timestamp(entry.at),
        "env": entry.env,
        "namespace": entry.namespace,
        "name": entry.name,
        "kind": kind,
        "severity": KINDS[kind],
        "message": ": ".join(parts),
        "data": json.dumps({"action": entry.action, "actor": entry.actor, "request_id": entry.request_id}),
        "source": "api",
    }
