"""Sends one message to every configured address, through Apprise."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from kubedoor_core.clickhouse import Row

COLOURS = {"info": "info", "warning": "warning", "error": "failure"}
"""Our severities in Apprise's words."""


class Sender:
    """Knows the addresses. Apprise blocks, so it works in a thread; without addresses it is not loaded."""

    def __init__(self, urls: str) -> None:
        self._apprise: Any = None
        self.refused: list[int] = []
        if urls.split():
            self._load(urls.split())

    def _load(self, urls: list[str]) -> None:
        from apprise import Apprise

        self._apprise = Apprise()
        logger = logging.getLogger("apprise")
        logger.disabled = True  # it would tell the address, and with it what is secret
        self.refused = [number for number, url in enumerate(urls, 1) if not self._apprise.add(url)]
        logger.disabled = False

    def __len__(self) -> int:
        return len(self._apprise) if self._apprise is not None else 0

    @property
    def services(self) -> list[str]:
        """Names of the services behind the addresses, without what is secret in them."""
        return [str(server.service_name) for server in self._apprise or ()]

    async def send(self, title: str, body: str, severity: str) -> bool:
        """Tell every address; True if all took it."""
        kind = COLOURS.get(severity, "info")
        notify = self._apprise.notify
        told = await asyncio.to_thread(notify, body=body, title=title, notify_type=kind, body_format="text")
        return bool(told)


def render(event: Row) -> tuple[str, str]:
    """Put an event into words: title and body."""
    where = "/".join(part for part in (event["env"], event["namespace"], event["deployment"]) if part)
    return f"KubeDoor: {event['kind']}", f"{event['message']}\n{where}" if where else str(event["message"])
