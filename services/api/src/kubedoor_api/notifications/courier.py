"""Looks for new events and tells them, with retries; no request ever waits for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from kubedoor_api.notifications import queries
from kubedoor_api.notifications.choice import choices
from kubedoor_api.notifications.sender import Sender, render
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

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
        """Tell what is waiting now."""
        async for part in queries.waiting(self._clickhouse, datetime.now(UTC) - LOOK_BACK):
            # After the events: what was chosen before one of them happened counts for it.
            chosen = await choices(self._clickhouse, self._kinds)
            for event in part:
                if chosen.wants(event) and await queries.take(self._clickhouse, event["id"], self._instance):
                    await self._tell(event, chosen.to(event))

    async def _tell(self, event: Row, to: frozenset[str] | None) -> None:
        title, body = render(event)
        for attempt in range(1, ATTEMPTS + 1):
            if await self._sender.send(title, body, event["severity"], to):
                await self._settle(event, "sent", attempt, "")
                return
            if attempt < ATTEMPTS:
                await asyncio.sleep(FIRST_PAUSE_S * 2 ** (attempt - 1))
        log.warning("notify.failed", event_id=event["id"], kind=event["kind"])
        await self._settle(event, "failed", ATTEMPTS, "an address did not take it")

    async def _settle(self, event: Row, state: str, attempts: int, detail: str) -> None:
        await queries.settle(self._clickhouse, event["id"], state, self._instance, attempts, detail)
