"""What is asked and told of collections."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kubedoor_api.http.faults import fault
from kubedoor_api.http.fields import SEGMENT, EnvPath, Model, Page, Time
from kubedoor_core.problem_codes import FieldCode

MAX_DAYS = 366


class CollectionPath(EnvPath):
    """One collection."""

    id: Annotated[str, Field(pattern=SEGMENT, max_length=64)]
    """Identity of the request or run"""


class NewCollection(Model):
    """Days to collect: the last `days` local days, or the `dates` themselves."""

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = None
    """The last so many local days; today's if its window is over"""
    dates: Annotated[list[date], Field(min_length=1, max_length=MAX_DAYS)] | None = None
    """Local days on which the windows began"""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.days is None) == (self.dates is None):
            raise fault(FieldCode.ONE_OF, "give either days or dates", "days", fields=["days", "dates"])
        return self


class DayError(Model):
    """A day that could not be collected; it keeps what it had."""

    date: date
    """The local day"""
    reason: str
    """Why"""


class Collection(Model):
    """A request for days, or a daily run, and what became of it."""

    id: str
    """Identity of the request, or of the run where nobody asked for it"""
    env: str
    """Name of the cluster"""
    trigger: Literal["request", "daily", "command"]
    """Who made it: a person, the clock or the command line"""
    state: Literal["pending", "running", "succeeded", "failed", "abandoned"]
    """`pending` until a collector takes it up"""
    dates: list[date]
    """Local days, oldest first"""
    day_index: int
    """Days that are done"""
    day_count: int
    """Days in all"""
    services_seen: int
    """Services found so far"""
    errors: list[DayError]
    """Days that failed, and why"""
    requested_by: str
    """Who asked for it"""
    requested_at: Time
    """When it was asked for or began, UTC"""
    started_at: Time | None
    """When a collector took it up, UTC"""
    heartbeat_at: Time | None
    """When the collector was last heard of, UTC"""
    finished_at: Time | None
    """When it ended, UTC"""


class CollectionList(Model):
    """One part of the collections of an env, the latest first."""

    items: list[Collection]
    """The collections"""
    total: int
    """How many there are in all parts"""


class CollectionQuery(Page):
    """Which part of the list."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    """Most items to return"""
