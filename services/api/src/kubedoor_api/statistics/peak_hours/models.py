"""What is asked and told of peak hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kubedoor_api.web.fields import Model
from kubedoor_core.domain.workload import WorkloadKind

MOST_DAYS = 100
"""So long profiles of whole days are kept, as a rule."""
Text = Annotated[str, Field(max_length=253)]


class PeakHoursQuery(Model):
    """Which days."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 14
    """How many days up to the latest collected one"""


class HeatMapQuery(PeakHoursQuery):
    """Which days, and of which services."""

    namespace: Text = ""
    """Of this namespace; empty: of all"""
    kind: WorkloadKind = "Deployment"
    """Kind of the service"""
    name: Text = ""
    """Of this service of the namespace; empty: of all"""


class HeatMap(Model):
    """What was used hour by hour."""

    peak_hours: str
    """The peak hours that are set"""
    dates: list[date]
    """The local days, oldest first"""
    cores: list[list[float | None]]
    """For each day its 24 hours: cores that all pods used, a mean; null where nothing is known. On a day on
    which clocks change, the hours after that are one off"""


class Found(Model):
    """Peak hours found for a group of services, and what they would change."""

    peak_hours: str | None
    """The hours in which most is used; null where nothing is known of whole days"""
    cores_now: float
    """P95 of what all pods use together in the peak hours that are set, over a usual day"""
    cores_then: float
    """The same in the hours found"""
    services: int
    """Services of which whole days are known"""
    missed_now: int
    """Those whose own busiest hours have 1.2 times the use of the peak hours that are set, or more"""
    missed_then: int
    """The same of the hours found"""
    better: bool
    """Whether the hours found are others, and miss fewer services or have 1.2 times the use or more"""


class FoundInNamespace(Found):
    """Peak hours found for a namespace."""

    namespace: str
    """Name of the namespace"""


class PeakHoursFound(Model):
    """Peak hours found in what was used over whole days."""

    peak_hours: str
    """The peak hours that are set"""
    since: date | None
    """First of the days; null where none is known as a whole"""
    until: date | None
    """Last of the days"""
    days: int
    """How many days are known"""
    env: Found
    """For all services"""
    namespaces: list[FoundInNamespace]
    """For each namespace"""
