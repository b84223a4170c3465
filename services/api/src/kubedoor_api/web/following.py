"""Telling of one thing as events of a stream: as it stands, then each change, until it has ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import TypeVar

from kubedoor_api.web.concurrency import Polls
from kubedoor_core.errors import UnavailableError

T = TypeVar("T")

POLL_S = 0.5
BEAT_S = 15.0
BEAT = ": still here\n\n"
"""A comment, which keeps the connection open."""


async def follow(
    polls: Polls,
    key: Hashable,
    found: T,
    look: Callable[[], Awaitable[T]],
    tell: Callable[[T], str],
    is_open: Callable[[T], bool],
) -> AsyncIterator[str]:
    """Yield events of a thing, and a comment where there is nothing to tell for long.

    :param key: names the thing among all that are watched.
    :param found: how it stands; ``look`` finds how it stands then.
    :param tell: returns what is new as events; empty for nothing.
    """
    quiet_s = 0.0
    while True:
        if told := tell(found):
            yield told
            quiet_s = 0.0
        if not is_open(found):
            return
        quiet_s += POLL_S
        if quiet_s >= BEAT_S:
            yield BEAT
            quiet_s = 0.0
        try:
            found = await polls.next(key, POLL_S, look)
        except UnavailableError:
            yield BEAT  # the stream is older than the trouble, and may outlive it
