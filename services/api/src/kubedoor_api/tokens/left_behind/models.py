"""What is told of what somebody left behind."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.web.fields import Model, Time


class LeftBehind(Model):
    """One thing of somebody who has no role any more."""

    kind: Literal["token", "schedule", "operation"]
    """A token does not work, a schedule is skipped, an operation that is to come or gives back a temporary
    scale's count goes on: cancel it where it should not"""
    id: str
    """Identity of the thing"""
    env: str
    """Where it is; empty for a token"""
    name: str
    """Its name; of an operation its kind"""
    owner: str
    """Who made it, or changed it last"""
    at: Time
    """When that was, UTC"""


class LeftBehindList(Model):
    """Everything that is left behind."""

    items: list[LeftBehind]
    """By owner and kind"""
