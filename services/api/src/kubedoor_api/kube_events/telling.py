"""Tells the team of events by the rules of an env, through the courier of all notifications."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.kube_events import queries
from kubedoor_api.kube_events.matching import LONGEST, ONCE_WITHIN, Match, Matcher, Subject
from kubedoor_api.settings import store
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.domain.env_policy import EVENT_RULES
from kubedoor_core.domain.events import EVENT_RULE

if TYPE_CHECKING:
    from kubedoor_api.kube_events.event import KubeEvent
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.domain.event_rules import EventRule

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
