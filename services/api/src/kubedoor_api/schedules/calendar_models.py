"""What is asked and told of times, of selectors and of what runs when."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from kubedoor_api.operations.models import Kind
from kubedoor_api.schedules.models import CRON, MOMENT, ZONE
from kubedoor_api.schedules.run_models import RunTime
from kubedoor_api.web.fields import PRINTABLE, Model, NamespaceName, ServiceName, Time


class TimesQuery(Model):
    """A time to check: either `cron` or `once_at`."""

    cron: CRON | None = None
    """Five fields"""
    once_at: MOMENT | None = None
    """A date and time, as a schedule takes it"""
    timezone: ZONE
    """Time zone"""


class Times(Model):
    """When something would run."""

    items: list[RunTime]
    """The next five times, or the one"""


class MatchesQuery(Model):
    """A selector to try."""

    namespaces: list[NamespaceName] = Field(default_factory=list)
    """In one of these namespaces; may be given several times"""
    labels: Annotated[str, Field(max_length=2000, pattern=PRINTABLE)] = ""
    """A Kubernetes label selector"""
    name: Annotated[str, Field(max_length=253, pattern=r"^[-a-z0-9.*?]*$")] = ""
    """The Deployment's whole name, with `*` and `?`"""


class Matches(Model):
    """What a selector finds now."""

    items: list[ServiceName]
    """The first thousand, by namespace and name"""
    total: int
    """How many there are"""


class CalendarQuery(Model):
    """Between which times."""

    since: AwareDatetime
    """From this time on, with its offset"""
    until: AwareDatetime
    """Before this time; at most 92 days later"""
    limit: Annotated[int, Field(ge=1, le=5000)] = 1000
    """Most times to return"""


class CalendarItem(Model):
    """One time at which a schedule runs."""

    schedule_id: str
    """The schedule"""
    name: str
    """What people call it"""
    kind: Kind
    """`scale` or `restart`"""
    at: Time
    """UTC"""
    local: str
    """The same in the schedule's time zone, with its offset"""


class Calendar(Model):
    """What is to run when, over all enabled schedules of an env."""

    items: list[CalendarItem]
    """The times, the earliest first"""
    truncated: bool
    """Whether there are more than were asked for: those returned are the earliest"""
