"""What is told of the runs of schedules."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.operations.models import OperationCounts, State
from kubedoor_api.web.fields import Model, Page, Time

Outcome = Literal["starting", "started", "skipped", "failed"]


class RunTime(Model):
    """A time at which something runs."""

    at: Time
    """UTC"""
    local: str
    """The same in the schedule's time zone, with its offset"""


class ScheduleRun(Model):
    """A run of a schedule, or one that was left out."""

    id: str
    """Identity of the run"""
    schedule_id: str
    """The schedule"""
    due_at: Time
    """When it was due, UTC; for one by hand, when it was asked for"""
    trigger: Literal["time", "hand"]
    """Whether its time had come or somebody asked for it"""
    outcome: Outcome
    """`starting`: about to begin; `started`: see the operation; `skipped`: left out under the misfire rule;
    `failed`: it could not be begun"""
    reason: str
    """In words: why it was skipped or failed, or how late it was begun"""
    skipped_count: int
    """How many due times this entry says were skipped; 0 unless it was skipped"""
    skipped_until: Time | None
    """The last of them, UTC"""
    late_s: int
    """Seconds from the due time to the start"""
    decided_at: Time
    """When it was begun or left out, UTC"""
    by: str
    """Who asked for it; empty for its time"""
    operation_id: str
    """The operation that it made; empty if none"""
    operation_state: State | None
    """How that stands; null without one"""
    counts: OperationCounts | None
    """How many of its services are in which state"""
    finished_at: Time | None
    """When the operation ended, UTC"""


class RunQuery(Page):
    """Which runs, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""
    outcome: Outcome | None = None
    """Only with this outcome"""


class RunList(Model):
    """One part of a schedule's runs, the latest first."""

    items: list[ScheduleRun]
    """The runs"""
    total: int
    """How many there are in all parts"""
