"""What is asked and told of collections."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kubedoor_api.web.fields import SEGMENT, EnvPath, Model, Page, Time, fault
from kubedoor_core.domain.left_out import LeftOutReason
from kubedoor_core.problem_codes import FieldCode

MAX_DAYS = 366


class CollectionPath(EnvPath):
    """One collection."""

    id: Annotated[str, Field(pattern=SEGMENT, max_length=64)]
    """Identity of the request or run"""


class NewCollection(Model):
    """Days to collect: the last `days` local days, or the `dates` themselves.

    A day of which the store has clearly fewer samples than when it was collected keeps what it had, and
    fails; among `dates`, which somebody chose, it is replaced all the same.
    """

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


class LeftOut(Model):
    """Something that has no figures, or not the usual ones, and why."""

    reason: Literal[LeftOutReason, "other"]
    """Why: `no_owner`, a pod without a controller; `owner_unknown`, one of which kube-state-metrics tells no
    owner; `several_owners`; `name_unknown`, a pod whose name is no Deployment's where no owners are told;
    `not_running`, a service none of whose pods ran; `not_in_spec`, a container that its pod's spec does not
    have; `odd_interval`, scraped at an interval that doesn't fit minutes;
    `traffic_failed`, `jvm_failed` and `nodes_failed`, the requests or JVMs of all services or the nodes,
    since the store did not answer; `node_unknown`, series of a node's use of which nothing tells the node;
    `counter_unplaced`, series of counters that name no pod; `counter_unknown_pod`, those of pods of which the
    store tells nothing else; `ingress_unmatched`, a Service behind which no single service is known;
    `jvm_container`, JVMs that name none of several containers; `other`, one that a newer collector tells
    of"""
    namespace: str
    """Kubernetes namespace; empty where it is about all of the env"""
    name: str
    """The service, else the pod, else service and container, the interval, the metric or its source; empty
    for the others of this reason, where they are too many to name"""
    count: int
    """How many pods or containers"""


class DayLeftOut(LeftOut):
    """What a run left out of a day."""

    date: date
    """The local day"""


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
    scrape_interval_s: int | None
    """Seconds between two scrapes of most containers, as found in the samples; null while none was found"""
    left_out_count: int
    """How many entries `left_out` of `getCollection` has"""
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


class CollectionDetails(Collection):
    """A collection with everything that was left out of it."""

    left_out: list[DayLeftOut]
    """What has no figures, or not the usual ones, by day, and why"""


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
