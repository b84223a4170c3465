"""What is asked and answered about the events of a cluster."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.kube_events.event import EventType
from kubedoor_api.web.fields import LooseName, Model, Page, Search, Time
from kubedoor_core.domain.workload import WorkloadKind

KEPT_DAYS = 90
Days = Annotated[int, Field(ge=1, le=KEPT_DAYS)]


class EventQuery(Page):
    """Which events."""

    day: date | None = None
    """That happened on this day, in the time zone of the cluster"""
    days: Days = 1
    """Without `day`: that happened within so many times 24 hours until now"""
    type: EventType | None = None
    """`Warning`: something did not go as it should"""
    reason: Search = ""
    """Such as `BackOff`, exactly"""
    object_kind: Search = ""
    """Kind of what they are about, such as `Pod`, exactly"""
    namespace: LooseName | Literal[""] = ""
    """Only about something in this namespace"""
    kind: WorkloadKind | None = None
    """Kind of the service that they are about"""
    name: LooseName | Literal[""] = ""
    """Name of that service"""
    q: Search = ""
    """Text in the message, the reason, or the names of object, service, node and component; in any case"""


class KeptEvent(Model):
    """An event: how often it has happened until the end of what is asked for."""

    uid: str
    """Identity, Kubernetes' own"""
    first_at: Time
    """When it happened first, UTC"""
    last_at: Time
    """When it happened last, UTC"""
    count: int
    """How often"""
    type: EventType
    """`Normal` or `Warning`"""
    reason: str
    """Why, in one word"""
    message: str
    """What its component says; beyond 2,048 characters it ends with `…`"""
    object_kind: str
    """Kind of what it is about"""
    object_name: str
    """Its name"""
    namespace: str
    """Its namespace; empty for what is in none, such as a node"""
    kind: str
    """Kind of the service that it is about; empty where it is about none, or it is not known"""
    name: str
    """Name of that service"""
    component: str
    """Who says so, such as `kubelet`"""
    node: str
    """On which node; empty: on none, or it is not said"""


class EventWatch(Model):
    """Whether events are kept, and what is missing."""

    on: bool
    """Whether it is switched on"""
    chart_value: str
    """The value of the chart that switches it on"""
    watching: bool
    """Whether the instance that answers is the one that watches, and does"""
    waiting: int
    """How many events it has yet to write, at most 50 a second"""
    clocks_wrong: int
    """How many came with a time far from the API server's, which they were given instead"""
    trouble: str
    """What keeps it from watching or writing, such as `may not list events`; empty if nothing does"""


class EventPage(Model):
    """One part of the events."""

    items: list[KeptEvent]
    """The events, the latest first"""
    total: int
    """How many there are in all parts; about, beyond 65,000"""
    dropped: int
    """How many of all namespaces were left out in that time, as more came than can be written"""
    watch: EventWatch
    """Whether they are kept"""


class ServiceEventQuery(Model):
    """Of which time."""

    days: Days = KEPT_DAYS
    """So many days until today"""


class EventDay(Model):
    """What happened to a service on a day."""

    day: date
    """In the time zone of the cluster"""
    type: EventType
    """`Normal` or `Warning`"""
    reason: str
    """Why, in one word"""
    events: int
    """How many events"""


class EventDays(Model):
    """What happened to a service, by day."""

    items: list[EventDay]
    """The days in order; of each first what there was most of"""
