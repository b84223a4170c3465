"""Tells the team of events by the rules of an env, within their rate, by the courier of notifications."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kubedoor_api.kube_events import queries
from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.domain.env_policy import EVENT_RULES
from kubedoor_core.domain.event_rules import MAX_MINUTES, EventRule, Told
from kubedoor_core.domain.events import EVENT_RULE

ONCE_WITHIN = timedelta(hours=1)
LONGEST = timedelta(minutes=MAX_MINUTES)
STILL_NEWS = timedelta(minutes=15)
"""What is older when it comes is history, such as the first list of a cluster."""


class Subject(NamedTuple):
    """What is told of once within an hour: a service, or an object that is of none.

    :ivar namespace: empty for what is in none.
    """

    namespace: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {'/'.join(part for part in (self.namespace, self.name) if part)}"


class Match(NamedTuple):
    """An event that the team is to be told of.

    :ivar times: how often it, and others of its subject, have happened within the rule's minutes.
    """

    rule: EventRule
    subject: Subject
    event: KubeEvent
    times: int


def subject_of(event: KubeEvent) -> Subject:
    """Return what an event is about, as far as people are told."""
    if event.name:
        return Subject(*event.service)
    return Subject(event.namespace, event.object_kind, event.object_name)


class Matcher:
    """What has happened within the last hour, as far as rules look at it."""

    def __init__(self, told: Mapping[tuple[str, Subject], datetime]) -> None:
        """Begin.

        :param told: when the team was told last, by the rule's text and subject.
        """
        self._told = dict(told)
        self._counts: dict[str, tuple[int, datetime]] = {}
        self._happened: dict[tuple[str, Subject], deque[tuple[datetime, int]]] = {}

    def take(self, rules: Iterable[EventRule], event: KubeEvent, now: datetime) -> list[Match]:
        """Take an event up, and return what the team is to be told because of it."""
        found = list[Match]()
        for rule, times in self.remember(rules, event):
            key = rule.text, subject_of(event)
            again = key in self._told and now - self._told[key] < ONCE_WITHIN
            if times >= rule.count and not again and now - event.last_at <= STILL_NEWS:
                self._told[key] = now
                found.append(Match(rule, key[1], event, times))
        return found

    def remember(self, rules: Iterable[EventRule], event: KubeEvent) -> list[tuple[EventRule, int]]:
        """Take an event up, and return the rules that count it, each with how often it has happened."""
        names = event.object_name, event.name
        told = Told(event.type, event.reason, event.object_kind, event.namespace, names)
        counting = [rule for rule in rules if rule.matches(told)]
        if not counting:
            return []
        before, _ = self._counts.get(event.uid, (0, None))
        self._counts[event.uid] = max(before, event.count), event.last_at
        # Since it was told last; at first as far as its times say.
        times = max(0, event.count - before)
        if not before and event.last_at - event.first_at > timedelta(minutes=1):
            times = 1
        subject = subject_of(event)
        return [(rule, self._total(rule, subject, event.last_at, times)) for rule in counting]

    def forget(self, now: datetime) -> None:
        """Forget what no rule looks back on any more."""
        self._counts = {uid: one for uid, one in self._counts.items() if now - one[1] < 3 * LONGEST}
        self._happened = {
            key: times for key, times in self._happened.items() if times and now - times[-1][0] < LONGEST
        }
        self._told = {key: at for key, at in self._told.items() if now - at < ONCE_WITHIN}

    def _total(self, rule: EventRule, subject: Subject, at: datetime, times: int) -> int:
        happened = self._happened.setdefault((rule.text, subject), deque())
        happened.append((at, times))
        while happened and at - happened[0][0] > LONGEST:
            happened.popleft()
        return sum(n for when, n in happened if at - when <= timedelta(minutes=rule.minutes))


READ_AGAIN_S = 5.0
MAX_SAID = 300
CALLS = str.maketrans({"@": "@\u2060", "<": "‹", ">": "›"})
"""A message is written by programs, and calls nobody: only the rule's `mention` does."""


class Telling:
    """What an env's rules have to go by, and what is yet to be told."""

    def __init__(self, context: Context, env: str) -> None:
        self._context, self._env = context, env
        self._clickhouse = context[ClickHouse]
        self._matcher: Matcher | None = None
        self._rules: tuple[EventRule, ...] = ()
        self._read_s = float("-inf")
        self._waiting: list[dict[str, str]] = []

    async def prepare(self) -> None:
        """Read the rules, and as a new leader what has happened and was told before; call it before writing.

        :raises KubeDoorError: ClickHouse can't be asked.
        """
        now = datetime.now(UTC)
        if time.monotonic() - self._read_s >= READ_AGAIN_S:
            self._rules = (await store.policy(self._context, self._env))[EVENT_RULES].each
            self._read_s = time.monotonic()
            if self._matcher is not None:
                self._matcher.forget(now)
        if self._matcher is None and self._rules:
            told = await queries.told(self._clickhouse, self._env, now - ONCE_WITHIN)
            matcher = Matcher({(rule, Subject(*subject)): at for rule, subject, at in told})
            async for event in queries.recent(self._clickhouse, self._env, now - LONGEST):
                matcher.remember(self._rules, event)
            self._matcher = matcher

    async def tell(self, events: Iterable[KubeEvent]) -> None:
        """Take up events that are written, and tell what the rules say; what fails is told with the next.

        :raises KubeDoorError: ClickHouse can't be asked.
        """
        if self._matcher is None:
            return
        now = datetime.now(UTC)
        for event in events:
            matches = self._matcher.take(self._rules, event, now)
            self._waiting += [event_of(self._env, match, now) for match in matches]
        await self._clickhouse.insert("event", self._waiting)
        self._waiting = []


def event_of(env: str, match: Match, now: datetime) -> dict[str, str]:
    """Return what people are told, under one identity however often it is written."""
    rule, subject, event, times = match
    known = hashlib.blake2b("\0".join((env, rule.text, *subject)).encode(), digest_size=12).hexdigest()
    often = f", {times} times in {rule.minutes} minutes" if times > 1 else ""
    said = f"{subject}: {event.reason}{often}: {event.message[:MAX_SAID]}".translate(CALLS)
    return event_row(
        f"{EVENT_RULE}:{known}:{now:%Y-%m-%dT%H:%M}",
        now,
        env,
        EVENT_RULE,
        f"{said}\n{rule.mention}" if rule.mention else said,
        {"rule": rule.text, "subject": subject, "uid": event.uid},
        severity="warning" if event.type == "Warning" else "info",
        namespace=event.namespace,
        name=subject.name if subject.kind == "Deployment" else "",
    )
