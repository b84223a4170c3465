"""Which events the team is to be told of: by rules, once for each subject and hour. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_core.domain.event_rules import MAX_MINUTES, EventRule, Told

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
