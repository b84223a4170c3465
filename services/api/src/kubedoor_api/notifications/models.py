"""What is told of notifications."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kubedoor_api.web.fields import Model, Time


class NotificationQuery(Model):
    """How many of the latest."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""


class Notification(Model):
    """What became of one event."""

    event_id: str
    """Identity of the event"""
    at: Time
    """When that was, UTC"""
    env: str
    """Which env it is about"""
    kind: str
    """What happened, such as `service.new`"""
    severity: str
    """`info`, `warning` or `error`"""
    message: str
    """In words"""
    state: str
    """`taken` while it is being sent, `sent`, or `failed`"""
    attempts: int
    """How often it was tried"""
    detail: str
    """Why it failed"""


class Notifications(Model):
    """Where messages go, and the latest of them."""

    names: list[str]
    """Names of the configured addresses, to choose from in the setting `notify_to`"""
    services: list[str]
    """Services behind the configured addresses; the addresses themselves are secret"""
    kinds: str
    """Regular expression of the kinds that are told; empty: warnings and errors"""
    items: list[Notification]
    """The latest messages"""


class TestMessage(Model):
    """Whether a test message arrived."""

    sent: bool
    """True if every address took it"""
    detail: str
    """In words"""
