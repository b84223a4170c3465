"""What is asked and told of a service's past."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.control.models import ResourceValues
from kubedoor_api.web.fields import Model, ModeName, Policy, Replicas, Time, Version
from kubedoor_core.domain.control import ExpertRow


class HistoryQuery(Model):
    """Which versions, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most versions to return"""
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,20}$")] = ""
    """`next_cursor` of the part before"""


class PastContainer(ResourceValues):
    """The expert's values of one container, as they were."""

    name: str
    """Name of the container"""


class Revision(Model):
    """One version of the expert's row."""

    version: Version
    """The version"""
    updated_at: Time
    """When it was written, UTC"""
    updated_by: str
    """Who wrote it"""
    removed: bool
    """Whether it removed the service"""
    replicas_manual: Replicas | None
    """Number of pods by hand"""
    replicas_policy: Policy
    """`fixed` or `autoscaled`"""
    mode: ModeName | None
    """The service's own admission mode"""
    note: str
    """What people wrote about it"""
    containers: list[PastContainer]
    """The expert's values"""

    @classmethod
    def of(cls, row: ExpertRow) -> Revision:
        """Return a version of the expert's row as it is told."""
        return cls(
            version=str(row.version),
            updated_at=row.updated_at,
            updated_by=row.updated_by,
            removed=row.deleted,
            replicas_manual=row.replicas_manual,
            replicas_policy=row.replicas_policy,
            mode=row.mode.value if row.mode else None,
            note=row.note,
            containers=[PastContainer(**container._asdict()) for container in row.containers],
        )


class History(Model):
    """One part of the versions, the latest first."""

    items: list[Revision]
    """The versions"""
    next_cursor: str | None
    """Goes into `cursor` for the next part; null at the end"""


class Restore(Model):
    """A version to bring back."""

    restore_version: Version
    """The version whose values are to hold again"""


class Day(Model):
    """One collected day of a container as the derivation sees it."""

    date: date
    """Local day on which the window began"""
    pod_count: int | None
    """Median number of pods"""
    p95: int | None
    """P95 of the use: millicores or MiB"""
    product: int | None
    """Pods × P95, by which the peak day is chosen"""
    coverage: float | None
    """Samples there over samples due, 0..1"""
    counts: bool
    """Whether the day's coverage suffices"""
    chosen: bool
    """Whether it is the peak day that the derived value comes from"""


class Why(Model):
    """Why one request is what it is."""

    container: str
    """Name of the container"""
    resource: Literal["cpu_m", "mem_mib"]
    """Which request: CPU in millicores or memory in MiB"""
    value: int | None
    """The request that admission applies; null if nobody knows"""
    source: Literal["expert", "derived", "unknown"]
    """Whose value that is"""
    expert: int | None
    """What was entered by hand"""
    expert_by: str
    """Who changed the expert's row last; empty if there is none"""
    expert_at: Time | None
    """When, UTC"""
    derived: int | None
    """What the collector derived"""
    peak_date: date | None
    """The peak day that it comes from"""
    peak_window: str
    """The peak hours of that day"""
    peak_pods: int | None
    """Pods on that day"""
    peak_coverage: float | None
    """Coverage of that day"""
    hpa_pct: int | None
    """Utilisation of the request that an autoscaler steers to, by which use was divided; null: none"""
    days: list[Day]
    """The days that were looked at, the latest first"""
    sentence: str
    """The same in one English sentence"""


class Explanation(Model):
    """Why the requests and the number of pods of a service are what they are."""

    replicas: Replicas | None
    """Number of pods that admission applies"""
    replicas_source: Literal["manual", "ai", "observed"] | None
    """Where it comes from"""
    values: list[Why]
    """Each container's requests"""
