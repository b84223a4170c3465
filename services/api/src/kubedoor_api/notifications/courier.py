"""Sends new events to the team: those that people chose, else those that the environment's pattern names."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt, wait_exponential

from kubedoor_api.config.environment import addresses_of
from kubedoor_api.notifications import queries
from kubedoor_api.notifications.queries import Event
from kubedoor_api.settings.queries import settings_of_every_env
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import NOTIFY_KINDS, NOTIFY_TO, read_policy
from kubedoor_core.domain.events import is_wanted
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

COLOURS = {"info": "info", "warning": "warning", "error": "failure"}
"""Our severities in Apprise's words."""


class Sender:
    """Knows the addresses. Apprise blocks, so it works in a thread; without addresses it is not loaded."""

    def __init__(self, urls: str) -> None:
        self._apprise: Any = None
        self.refused: list[int] = []
        if not urls.split():
            return
        from apprise import Apprise

        self._apprise = Apprise()
        logger = logging.getLogger("apprise")
        logger.disabled = True  # it would tell the address, and with it what is secret
        self.refused = [
            number
            for number, address in enumerate(addresses_of(urls), 1)
            if not self._apprise.add(address.url, tag=address.name)
        ]
        logger.disabled = False

    def __len__(self) -> int:
        return len(self._apprise) if self._apprise is not None else 0

    @property
    def services(self) -> list[str]:
        """Names of the services behind the addresses, without what is secret in them."""
        return [str(server.service_name) for server in self._apprise or ()]

    async def send(self, title: str, body: str, severity: str, to: frozenset[str] | None = None) -> bool:
        """Tell the addresses of some names, or all; True if all of them took it, or there are none."""
        if to is not None and not any(to & server.tags for server in self._apprise):
            return True
        told = await asyncio.to_thread(
            self._apprise.notify,
            body=body,
            title=title,
            notify_type=COLOURS.get(severity, "info"),
            body_format="text",
            tag="all" if to is None else sorted(to),
        )
        return bool(told)


def render(event: Event) -> tuple[str, str]:
    """Put an event into words: title and body."""
    where = "/".join(part for part in (event.env, event.namespace, event.name) if part)
    return f"KubeDoor: {event.kind}", f"{event.message}\n{where}" if where else event.message


@dataclass(frozen=True)
class Choice:
    """What one env's people want to hear, and where; None: nobody has chosen."""

    kinds: frozenset[str] | None = None
    to: frozenset[str] | None = None


NOTHING_CHOSEN = Choice()


class Choices:
    """The choices of every env over the environment's pattern of kinds."""

    def __init__(self, pattern: str, by_env: dict[str, Choice]) -> None:
        self._pattern = pattern
        self._by_env = by_env

    def wants(self, event: Event) -> bool:
        """Tell whether people are to hear of an event."""
        chosen = self._by_env.get(event.env, NOTHING_CHOSEN).kinds
        return is_wanted(event.kind, event.severity, chosen, self._pattern)

    def to(self, event: Event) -> frozenset[str] | None:
        """Return the names of the addresses to tell; None: all of them."""
        return self._by_env.get(event.env, NOTHING_CHOSEN).to


async def choices(clickhouse: ClickHouse, pattern: str) -> Choices:
    """Read what is chosen now; what is stored and invalid is not chosen."""
    stored: dict[str, list[tuple[str, str, str]]] = {}
    for row in await settings_of_every_env(clickhouse):
        stored.setdefault(row.env, []).append((row.namespace, row.key, row.value))
    by_env = {}
    for env, rows in stored.items():
        policy = read_policy(rows, {NOTIFY_KINDS.key: [], NOTIFY_TO.key: []})
        kinds, to = policy[NOTIFY_KINDS], policy[NOTIFY_TO]
        by_env[env] = Choice(
            frozenset(kinds) if NOTIFY_KINDS.key in policy.stored else None,
            frozenset(to) if NOTIFY_TO.key in policy.stored else None,
        )
    return Choices(pattern, by_env)


log = get_logger(__name__)

ATTEMPTS = 5
FIRST_PAUSE_S = 1.0
LOOK_BACK = timedelta(hours=1)
"""Events that came while no API ran are told if they are not older."""


class Courier:
    """Takes events up and sends them."""

    def __init__(
        self, clickhouse: ClickHouse, sender: Sender, kinds: str, instance: str, poll_s: float
    ) -> None:
        self._clickhouse = clickhouse
        self._sender = sender
        self._kinds = kinds
        self._instance = instance
        self._poll_s = poll_s

    async def run(self) -> None:
        """Work for as long as the API lives."""
        while True:
            try:
                await self.round()
            except KubeDoorError as error:
                log.warning("notify.waiting", reason=str(error))
            await asyncio.sleep(self._poll_s)

    async def round(self) -> None:
        """Send what is waiting now."""
        async for part in queries.waiting(self._clickhouse, datetime.now(UTC) - LOOK_BACK):
            # After the events: what was chosen before one of them happened counts for it.
            chosen = await choices(self._clickhouse, self._kinds)
            for event in part:
                if chosen.wants(event) and await queries.take(self._clickhouse, event.id, self._instance):
                    await self._send(event, chosen.to(event))

    async def _send(self, event: Event, to: frozenset[str] | None) -> None:
        title, body = render(event)
        retrying = AsyncRetrying(
            retry=retry_if_result(lambda sent: not sent),
            wait=wait_exponential(multiplier=FIRST_PAUSE_S),
            stop=stop_after_attempt(ATTEMPTS),
            retry_error_callback=lambda _: False,
        )
        sent: bool = await retrying(self._sender.send, title, body, event.severity, to)
        if sent:
            state, detail = "sent", ""
        else:
            state, detail = "failed", "an address did not accept it"
            log.warning("notify.failed", event_id=event.id, kind=event.kind)
        attempts = retrying.statistics["attempt_number"]
        await queries.settle(self._clickhouse, event.id, state, self._instance, attempts, detail)
