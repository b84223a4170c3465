"""The rows that a decision leaves: one in `admission_log`, and an `event` where people are to be told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.admission import Decision, Result
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.quantity import shown
from kubedoor_core.domain.resources import KINDS, RESOURCES
from kubedoor_core.domain.review import Object, Review

MOST_CHARS = 512
MOST_CONTAINERS = 64

REMIND_AFTER_S = 3600.0
"""How often the same service's unset values, or its refusal, are told again."""


def governed_values(review: Review, document: Object) -> dict[str, Any]:
    """Return what admission may change of an object, whatever its shape."""
    spec = _mapping(document.get("spec"))
    values: dict[str, Any] = {"replicas": spec.get("replicas")}
    pod = _mapping(_mapping(spec.get("template")).get("spec"))
    for key in ("containers", "initContainers"):
        containers = pod.get(key)
        if not review.is_scale and isinstance(containers, list):
            values[key] = [
                _container_values(_mapping(container)) for container in containers[:MOST_CONTAINERS]
            ]
    return values


def _container_values(container: Object) -> dict[str, Any]:
    values = {"name": shown(container.get("name"))}
    for kind in KINDS:
        listed = _mapping(_mapping(container.get("resources")).get(kind))
        values |= {
            f"{resource} {kind[:-1]}": shown(listed[resource]) for resource in RESOURCES if resource in listed
        }
    return values


def _mapping(value: object) -> Object:
    return value if isinstance(value, Mapping) else {}


def _clean(text: str) -> str:
    """Make text that any database takes: lone surrogates are no UTF-8."""
    return text[:MOST_CHARS].encode(errors="replace").decode()


def log_row(
    review: Review, decision: Decision, mode: Mode, env: str, instance: str, now: datetime
) -> dict[str, Any]:
    """Build the row of `admission_log`.

    ``before`` holds the governed values as they came, ``after`` each change in words.
    """
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
        "before": json.dumps(governed_values(review, review.object)),
        "after": json.dumps(decision.changes),
        "patch": json.dumps(decision.patch) if decision.patch else "",
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
        "data": json.dumps({"uid": review.uid, "user": review.user, "operation": review.operation}),
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
