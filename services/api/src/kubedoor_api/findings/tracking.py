"""Opens a finding that lasts and closes one that is over: what flickers is told once. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from kubedoor_api.findings.before import Change
from kubedoor_api.findings.causes import Evidence
from kubedoor_api.findings.facts import MEASURED, FindingKind, Subject
from kubedoor_api.findings.folding import Folded

LOOKS_TO_OPEN = 2
LOOKS_TO_OPEN_MEASURED = 12
"""What metrics tell comes and goes with load: it must last for three minutes of looks every quarter."""
FORGOTTEN_AFTER = timedelta(seconds=100)
"""So long something that is not a finding yet may be away between two looks."""
CLOSED_AFTER = timedelta(minutes=10)


class Key(NamedTuple):
    """What makes two signs the same."""

    kind: FindingKind
    subject: Subject
    container: str


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or was.

    :ivar began_at: when its cause began, as far as Kubernetes tells; `opened_at`: when it was found.
    :ivar ended_at: when it was seen the last time; None while it is open.
    :ivar changes: what was changed within the hour before, the likeliest cause first.
    """

    id: str
    key: Key
    began_at: datetime
    opened_at: datetime
    seen_at: datetime
    evidence: tuple[Evidence, ...]
    affected: tuple[Subject, ...] = ()
    pods: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """Something that may become a finding."""

    seen_at: datetime
    looks: int


@dataclass(frozen=True)
class Tracked:
    """What is remembered from look to look."""

    open: Mapping[Key, Finding]
    waiting: Mapping[Key, Waiting]


NOTHING = Tracked({}, {})


class Step(NamedTuple):
    """What a look comes to."""

    tracked: Tracked
    opened: list[Finding]
    changed: list[Finding]
    closed: list[Finding]


def finding_id(env: str, key: Key, opened_at: datetime) -> str:
    """Return the identity of a finding: two leaders that open the same at once make one."""
    text = "\0".join((env, key.kind, *key.subject, key.container, opened_at.isoformat(timespec="minutes")))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def step(
    env: str, before: Tracked, found: Iterable[Folded], now: datetime, unknown: frozenset[FindingKind]
) -> Step:
    """Take up a look.

    :param unknown: kinds that could not be told this time: none of them is closed.
    """
    seen = {Key(one.sign.kind, one.sign.subject, one.sign.container): one for one in found}
    again = {key: _seen_again(known, seen[key], now) for key, known in before.open.items() if key in seen}
    over = {
        key
        for key, known in before.open.items()
        if key not in seen and key.kind not in unknown and now - known.seen_at >= CLOSED_AFTER
    }
    waiting = {
        key: waits
        for key, waits in before.waiting.items()
        if key not in seen and now - waits.seen_at < FORGOTTEN_AFTER
    }
    opened = dict[Key, Finding]()
    for key, one in seen.items():
        if key not in before.open:
            looks = before.waiting[key].looks + 1 if key in before.waiting else 1
            if looks < (LOOKS_TO_OPEN_MEASURED if key.kind in MEASURED else LOOKS_TO_OPEN):
                waiting[key] = Waiting(now, looks)
            else:
                identity, began_at = finding_id(env, key, now), min(one.sign.since, now)
                opened[key] = Finding(
                    identity, key, began_at, now, now, one.sign.evidence, one.affected, one.sign.pods
                )
    still = {key: known for key, known in before.open.items() if key not in over} | again | opened
    closed = [replace(before.open[key], ended_at=before.open[key].seen_at) for key in over]
    changed = [one for key, one in again.items() if _says(one) != _says(before.open[key])]
    return Step(Tracked(still, waiting), list(opened.values()), changed, closed)


def _says(one: Finding) -> tuple[object, ...]:
    seen = tuple(
        each.parameters.get("uid") if each.code == "event" else each
        for each in one.evidence
        if each.code != "figure"
    )  # a figure, and the count of an event, never stand still
    return one.began_at, seen, one.affected, one.pods


def _seen_again(known: Finding, one: Folded, now: datetime) -> Finding:
    """Return a finding as it is now: it keeps when it began, and what was changed before."""
    began_at = min(known.began_at, one.sign.since)
    return replace(
        known,
        began_at=began_at,
        seen_at=now,
        evidence=one.sign.evidence,
        affected=one.affected,
        pods=one.sign.pods,
    )
