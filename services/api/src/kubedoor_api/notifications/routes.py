"""The endpoints of notifications."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings, names_of
from kubedoor_api.notifications import queries
from kubedoor_api.notifications.courier import Sender
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem


class NotificationQuery(Model):
    """How many of the latest."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""


class Notifications(Model):
    """Where messages go, and the latest of them."""

    names: list[str]
    """Names of the configured addresses, to choose from in the setting `notify_to`"""
    services: list[str]
    """Services behind the configured addresses; the addresses themselves are secret"""
    kinds: str
    """Regular expression of the kinds that are told; empty: warnings and errors"""
    items: list[queries.Notification]
    """The latest messages"""


class TestMessage(Model):
    """Whether a test message arrived."""

    sent: bool
    """True if every address took it"""
    detail: str
    """In words"""


@endpoint("GET", "/notifications", tag="notifications", role=Role.ADMIN)
async def list_notifications(call: Call[Nothing, NotificationQuery, Nothing]) -> Notifications:
    """List where messages go, and the latest of them."""
    context = call.context
    return Notifications(
        names=names_of(context[ApiSettings].notify_urls.get_secret_value()),
        services=context[Sender].services,
        kinds=context[ApiSettings].notify_kinds,
        items=await queries.recent(context[ClickHouse], call.query.limit),
    )


@endpoint("POST", "/notifications/test", tag="notifications", role=Role.ADMIN, conflicts=True)
async def send_test_message(call: Call[Nothing, Nothing, Nothing]) -> TestMessage:
    """Send a test message to every configured address."""
    sender = call.context[Sender]
    if not len(sender):
        raise Problem(409, "No address is configured: set NOTIFY_URLS", code=ProblemCode.NO_ADDRESS)
    name = call.caller.principal.name
    sent = await sender.send("KubeDoor: test", f"A test message, sent by {name}.", "info")
    detail = "every address took it" if sent else "an address did not take it; the API's log says which"
    return TestMessage(sent=sent, detail=detail)
