"""Sends one message to every configured address, through Apprise."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from kubedoor_api.config.environment import Address, addresses_of
from kubedoor_api.notifications.queries import Event

COLOURS = {"info": "info", "warning": "warning", "error": "failure"}
"""Our severities in Apprise's words."""


class Sender:
    """Knows the addresses. Apprise blocks, so it works in a thread; without addresses it is not loaded."""

    def __init__(self, urls: str) -> None:
        self._apprise: Any = None
        self.refused: list[int] = []
        if urls.split():
            self._load(addresses_of(urls))

    def _load(self, addresses: list[Address]) -> None:
        from apprise import Apprise

        self._apprise = Apprise()
        logger = logging.getLogger("apprise")
        logger.disabled = True  # it would tell the address, and with it what is secret
        self.refused = [
            number
            for number, address in enumerate(addresses, 1)
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
