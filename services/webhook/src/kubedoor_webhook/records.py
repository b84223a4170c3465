"""What a decision leaves: a row in `admission_log`, and an `event` where people are to be told."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from kubedoor_core.clickhouse.parameters import timestamp, written
from kubedoor_core.domain.admission.decision import Decision, Result
from kubedoor_core.domain.admission.notes import Note, NoteCode
from kubedoor_core.domain.admission.review import Review
from kubedoor_core.domain.admission.words import note_words, shortened, value_words
from kubedoor_core.domain.autoscaler import seen_scaling
from kubedoor_core.domain.events import KINDS
from kubedoor_core.domain.mode import Mode
from kubedoor_webhook.gathering import CONFLICT, DENIED, VALUE_NOT_SET, Gathered, Gathering
from kubedoor_webhook.journal import Entry

MOST_CHARS = 512
AUTHOR = "webhook"
KIND = "Deployment"

REMIND_AFTER_S = 3600.0
"""How often the same service's unset values, or its refusal, are told again."""
REPEATED_TIMES, REPEATED_WITHIN_S = 3, 600.0
"""A count that is set back so many times in this time is something else's as well."""
DAY_S = 86_400.0
COUNT_ALONE = frozenset({7, 9})
"""The rows of the decision table for changes of the count alone."""
ROBOT = "system:serviceaccount:"
"""How the names of service accounts begin: people may try again and again what is set back."""


class Asked(NamedTuple):
    """What the log keeps of a request."""

    namespace: str
    name: str
    uid: str
    user: str
    operation: str
    resource: str

    @classmethod
    def of(cls, review: Review) -> Asked:
        """Take it out of a review, names that somebody made up cut to what fits a log."""
        return cls(
            review.namespace[:MOST_CHARS],
            review.name[:MOST_CHARS],
            review.uid[:MOST_CHARS],
            review.user[:MOST_CHARS],
            review.operation,
            review.path,
        )


class Origin(NamedTuple):
    """Which webhook decides, for which env."""

    env: str
    instance: str


def _at(time_s: float) -> str:
    return timestamp(datetime.fromtimestamp(time_s, UTC))


def log_row(asked: Asked, decision: Decision, mode: Mode, origin: Origin, time_s: float) -> bytes:
    """Render the row of `admission_log`: of the governed values, those that change."""
    own = orjson.dumps(
        {
            "at": _at(time_s),
            "env": origin.env,
            "namespace": asked.namespace,
            "name": asked.name,
            "uid": asked.uid,
            "user": asked.user,
            "operation": asked.operation,
            "resource": asked.resource,
            "mode": mode.value,
            "instance": origin.instance,
        }
    )
    return b"%b,%b" % (own[:-1], decision.record_json[1:])


def event_row(asked: Asked, origin: Origin, kind: str, message: str, time_s: float) -> bytes:
    """Render a row of `event`, which the api sends to the team's chat."""
    return orjson.dumps(
        {
            "id": str(uuid.uuid4()),
            "at": _at(time_s),
            "env": origin.env,
            "namespace": asked.namespace,
            "name": asked.name,
            "kind": kind,
            "severity": "warning",
            "message": message,
            "data": orjson.dumps({"uid": asked.uid, "user": asked.user}).decode(),
            "source": "webhook",
        }
    )


def scaling_row(asked: Asked, origin: Origin, time_s: float) -> bytes:
    """Render a row of `autoscaler`: something scales a service, which nobody had told of."""
    now = datetime.fromtimestamp(time_s, UTC)
    seen = seen_scaling(asked.namespace, KIND, asked.name, now)
    return orjson.dumps(written(seen.columns(origin.env, now, AUTHOR)))


def gathered_row(origin: Origin, gathered: Gathered, time_s: float) -> bytes:
    """Render a row of `event` about several services at once."""
    return orjson.dumps(
        {
            "id": str(uuid.uuid4()),
            "at": _at(time_s),
            "env": origin.env,
            "namespace": gathered.namespace,
            "name": "",
            "kind": gathered.kind,
            "severity": "warning",
            "message": gathered.message,
            "data": orjson.dumps({"count": gathered.count, "services": gathered.names}).decode(),
            "source": "webhook",
        }
    )


def alarm_row(origin: Origin, kind: str, message: str, time_s: float) -> bytes:
    """Render a row of `event` about the env as a whole, which the api sends to the team's chat."""
    return orjson.dumps(
        {
            "id": str(uuid.uuid4()),
            "at": _at(time_s),
            "env": origin.env,
            "namespace": "",
            "name": "",
            "kind": kind,
            "severity": KINDS[kind],
            "message": message,
            "data": orjson.dumps({"instance": origin.instance}).decode(),
            "source": "webhook",
        }
    )


class Repeated(NamedTuple):
    """Something that happens: since when (monotonic, seconds), and how many times."""

    since_s: float
    times: int


@dataclass(slots=True)
class Reminder:
    """Remembers what was told when, so that it is told once in a while and not at every request."""

    clock: Callable[[], float]
    pause_s: float = REMIND_AFTER_S
    most: int = 50_000
    _told_s: dict[tuple[str, ...], float] = field(default_factory=dict)
    _seen: dict[tuple[str, ...], Repeated] = field(default_factory=dict)

    def repeated(self, *key: str) -> bool:
        """Note that something has happened; tell whether it does so again and again, once a day."""
        now_s = self.clock()
        since_s, times = self._seen.get(key, Repeated(now_s, 0))
        if now_s - since_s > REPEATED_WITHIN_S:
            since_s, times = now_s, 0
        if len(self._seen) >= self.most:
            self._seen.clear()
        self._seen[key] = Repeated(since_s, times + 1)
        return times + 1 >= REPEATED_TIMES and self.due(*key, pause_s=DAY_S)

    def due(self, *key: str, pause_s: float | None = None) -> bool:
        """Tell whether it is time to tell this (again), and remember that it was told.

        :param pause_s: how long it is not told again, in the place of the usual pause.
        """
        now_s = self.clock()
        pause_s = self.pause_s if pause_s is None else pause_s
        if now_s - self._told_s.get(key, float("-inf")) < pause_s:
            return False
        if len(self._told_s) >= self.most:
            self._told_s.clear()
        self._told_s[key] = now_s
        return True


class Records(NamedTuple):
    """What a decision writes, and the warnings that its answer gets besides."""

    entries: list[Entry]
    warnings: list[str]


def records_of(
    review: Review,
    decision: Decision,
    mode: Mode,
    origin: Origin,
    reminder: Reminder,
    gathering: Gathering,
) -> Records:
    """Work out what is written and told. A dry run leaves no trace and uses up no reminder."""
    records = Records([], [])
    if decision.result is Result.ALLOWED_UNCHANGED or review.dry_run:
        return records
    asked, now_s = Asked.of(review), time.time()
    records.entries.extend(_of_others(review, asked, decision, origin, reminder, gathering, now_s))
    denied = decision.result is Result.DENIED
    if gathering.logs(asked.namespace, refused=denied):
        records.entries.append(("admission_log", log_row(asked, decision, mode, origin, now_s)))
    key = (review.namespace, review.name)
    if decision.unset and reminder.due("unset", *key):
        values = ", ".join(map(value_words, decision.unset))
        text = note_words(Note.of(NoteCode.VALUES_NOT_SET, values=values))
        records.warnings.append(shortened(text))
        if gathering.tells(VALUE_NOT_SET, asked.namespace, asked.name):
            event = event_row(asked, origin, VALUE_NOT_SET, text, now_s)
            records.entries.append(("event", event))
    if denied and reminder.due("denied", *key) and gathering.tells(DENIED, asked.namespace, asked.name):
        event = event_row(asked, origin, DENIED, decision.message, now_s)
        records.entries.append(("event", event))
    return records


def _of_others(
    review: Review,
    asked: Asked,
    decision: Decision,
    origin: Origin,
    reminder: Reminder,
    gathering: Gathering,
    now_s: float,
) -> list[Entry]:
    """Return what is written of others that scale the service: who owns its count, or is set back."""
    key = (asked.namespace, asked.name)
    scaled = any(note.code is NoteCode.SCALED_BY_AUTOSCALER for note in decision.notes)
    if scaled and reminder.due("scaled", *key):
        return [("autoscaler", scaling_row(asked, origin, now_s))]
    count = _set_back(review, decision)
    if count and reminder.repeated("set_back", *key, asked.user) and gathering.tells(CONFLICT, *key):
        text = conflict_words(asked, count)
        return [("event", event_row(asked, origin, CONFLICT, text, now_s))]
    return []


def _set_back(review: Review, decision: Decision) -> str:
    """Return the count that a service account's change was set back to; empty where none was."""
    if decision.result is not Result.PATCHED or decision.rule not in COUNT_ALONE:
        return ""
    counts = [change.after for change in decision.changes if change.resource == "replicas"]
    return counts[0] if counts and review.user.startswith(ROBOT) else ""


def conflict_words(asked: Asked, count: str) -> str:
    """Say that something else scales a service, and how to end it."""
    return (
        f"{asked.user} scales {asked.namespace}/{asked.name} again and again, and admission sets it back to"
        f" {count} each time: let it own the count (replicas_policy autoscaled, or allow_scale_to_zero), or"
        " stop it"
    )
