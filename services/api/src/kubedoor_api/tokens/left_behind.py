"""What people who have no role any more left behind."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.people import RoleCheck
from kubedoor_api.tokens import queries
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, Nothing, Time
from kubedoor_core.clickhouse import ClickHouse


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


@endpoint("GET", "/left-behind", tag="tokens", role=Role.ADMIN)
async def list_left_behind(call: Call[Nothing, Nothing, Nothing]) -> LeftBehindList:
    """List what people who have no role any more left behind: tokens, schedules, operations to come."""
    rows = await queries.owned(call.context[ClickHouse])
    people = call.context[RoleCheck]
    has_role = {owner: await people.has_role(owner) for owner in {str(row["owner"]) for row in rows}}
    return LeftBehindList(
        items=[LeftBehind.model_validate(row) for row in rows if not has_role[row["owner"]]]
    )
