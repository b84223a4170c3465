"""Telling of one thing as events of a stream: as it stands, then each change, until it has ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import Protocol, TypeVar

from pydantic import BaseModel

from kubedoor_api.web.concurrency import Polls
from kubedoor_core.errors import UnavailableError

T = TypeVar("T")
V = TypeVar("V", bound="Versioned")

POLL_S = 0.5
BEAT_S = 15.0
BEAT = ": still here\n\n"
"""A comment, which keeps the connection open."""


class Versioned(Protocol):
    """What has another version with each change."""

    @property
    def version(self) -> int:
        """The version, as the table has it."""


def event(name: str, data: BaseModel, version: int | None = None) -> str:
    """Return an event of a stream; JSON has no line breaks."""
    identity = "" if version is None else f"id: {version}\n"
    return f"event: {name}\n{identity}data: {data.model_dump_json()}\n\n"


def follow_versions(
    polls: Polls,
    key: Hashable,
    found: V,
    look: Callable[[], Awaitable[V]],
    view: Callable[[V], BaseModel],
    is_open: Callable[[V], bool],
) -> AsyncIterator[str]:
    """Yield each version of a thing as `progress`, the last one as `end`; the rest is as in `follow`."""
    sent = -1

    def tell(now: V) -> str:
        nonlocal sent
        before, sent = sent, now.version
        return "" if sent == before else event("progress" if is_open(now) else "end", view(now), sent)

    return follow(polls, key, found, look, tell, is_open)


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
