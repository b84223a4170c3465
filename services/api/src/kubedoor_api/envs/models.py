"""What is told of envs."""

from __future__ import annotations

from datetime import date

from kubedoor_api.web.fields import Model, ModeName, Time


class Env(Model):
    """A cluster and the state it is in."""

    name: str
    """Name of the cluster"""
    mode: ModeName
    """Admission mode of the whole cluster; `off` until one is set"""
    peak_hours: str
    """Daily business peak, `HH:MM-HH:MM` in `timezone`; may cross midnight"""
    timezone: str
    """Time zone of the cluster"""
    latest_date: date | None
    """Latest collected day; null while there is none"""
    collected_at: Time | None
    """When that day was collected, UTC"""
    age_s: int | None
    """Seconds since then"""
    service_count: int
    """Registered services that you may see"""
    reachable: bool | None
    """Whether the cluster's API server answered lately; null where no cluster is configured or
    nothing has asked it yet"""


class EnvList(Model):
    """The clusters that are known."""

    items: list[Env]
    """The clusters, this installation's own first"""
