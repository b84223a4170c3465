"""What is asked and told of pods over time."""

from __future__ import annotations

from datetime import datetime

from kubedoor_api.web.fields import Model, Time


class CurveQuery(Model):
    """Which time; by default the latest collected peak window."""

    since: datetime | None = None
    """Begin, with its time zone"""
    until: datetime | None = None
    """End, with its time zone; at most 31 days later"""


class PodCurve(Model):
    """One container of one pod; a value for each of the answer's times, null where there was none."""

    pod: str
    """Name of the pod"""
    container: str
    """Name of the container"""
    cpu_m: list[float | None]
    """CPU use, millicores"""
    mem_mib: list[float | None]
    """Memory working set, MiB"""


class PodCurves(Model):
    """The pods of a service over time."""

    since: Time
    """Begin, UTC"""
    until: Time
    """End, UTC"""
    step_s: int
    """Seconds between two times"""
    times: list[Time]
    """The times, UTC"""
    curves: list[PodCurve]
    """The containers of the pods"""
