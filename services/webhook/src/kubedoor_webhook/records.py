"""The rows that a decision leaves: one in `admission_log`, and an `event` where people are to be told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.admission import Decision, Result
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.review import Review

MOST_CHARS = 512

REMIND_AFTER_S = 3600.0
"""How often the same service's unset values, or its refusal, are told again."""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _clean(text: str) -> str:
    """Keep a name that somebody made up from filling the log."""
    return text[:MOST_CHARS]


def log_row(
    review: Review, decision: Decision, mode: Mode, env: str, instance: str, now: datetime
) -> dict[str, Any]:
    """Build the row of `admission_log`: of the governed values, those that change."""
    return {
        "at": timestamp(now),
        "env": env,
        "namespace": _clean(review.namespace),
        "deployment": _clean(review.name),
        "uid": _clean(review.uid),
        "user": _clean(review.user),
        "operation": review.operation,
        "resource": review.path,
        "rule": decision.rule,
        "mode": mode.value,
        "outcome": decision.result.value,
        "before": _json({change.what: change.before for change in decision.changes}),
        "after": _json({change.what: change.after for change in decision.changes}),
        "patch": _json(decision.patch) if decision.patch else "",
        "warnings": [*decision.warnings, *([decision.message] if decision.message else [])],
        "instance": instance,
    }


def event_row(
    review: Review, env: str, kind: str, severity: str, message: str, now: datetime
) -> dict[str, Any]:
    """Build a row of `event`, which the api sends to the team's chat."""
    return {
        "id": str(uuid.uuid4()),
        "at": timestamp(now),
        "env": env,
        "namespace": _clean(review.namespace),
        "deployment": _clean(review.name),
        "kind": kind,
        "severity": severity,
        "message": message,
        "data": _json({"uid": _clean(review.uid), "user": _clean(review.user)}),
        "source": "webhook",
    }


@dataclass(slots=True)
class Reminder:
    """Remembers what was told when, so that it is told once in a while and not at every request."""

    clock: Callable[[], float]
    pause_s: float = REMIND_AFTER_S
    most: int = 50_000
    _told_s: dict[tuple[str, ...], float] = field(default_factory=dict)

    def due(self, *key: str) -> bool:
        """Tell whether it is time to tell this (again), and remember that it was told."""
        now_s = self.clock()
        if now_s - self._told_s.get(key, float("-inf")) < self.pause_s:
            return False
        if len(self._told_s) >= self.most:
            self._told_s.clear()
        self._told_s[key] = now_s
        return True


@dataclass(frozen=True, slots=True)
class Rows:
    """What a decision writes, and the warnings that its answer gets besides."""

    entries: list[tuple[str, dict[str, Any]]]
    warnings: list[str]


def rows_of(
    review: Review, decision: Decision, mode: Mode, env: str, instance: str, reminder: Reminder
) -> Rows:
    """Work out what is written and told. A dry run leaves no trace and uses up no reminder."""
    if decision.result is Result.AS_IT_CAME:
        return Rows([], [])
    unset = "not set in KubeDoor, left alone: " + ", ".join(decision.unset)
    if review.dry_run:
        return Rows([], [])
    now = datetime.now(UTC)
    rows = Rows([("admission_log", log_row(review, decision, mode, env, instance, now))], [])
    key = (review.namespace, review.name)
    if decision.unset and reminder.due("unset", *key):
        message = unset if len(unset) <= 200 else unset[:197] + "..."
        rows.warnings.append(message)
        event = event_row(review, env, "admission.value_not_set", "warning", unset, now)
        rows.entries.append(("event", event))
    if decision.result is Result.DENIED and reminder.due("denied", *key):
        event = event_row(review, env, "admission.denied", "warning", decision.message, now)
        rows.entries.append(("event", event))
    return rows
