"""The endpoint of envs: which clusters are known, and the state each is in."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs.known import known_envs
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, ModeName, Nothing, Time
from kubedoor_core.domain.env_policy import PEAK_HOURS


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


@endpoint("GET", "/envs", tag="envs", role=Role.VIEWER)
async def list_envs(call: Call[Nothing, Nothing, Nothing]) -> EnvList:
    """List the clusters that are known, and the state each is in."""
    context = call.context
    settings, clusters, now = context[ApiSettings], context[Clusters], datetime.now(UTC)
    return EnvList(
        items=[
            Env(
                name=env.name,
                mode=env.mode.value,
                peak_hours=str(env.policy[PEAK_HOURS]),
                timezone=settings.timezone,
                latest_date=env.latest.day if env.latest else None,
                collected_at=env.latest.at if env.latest else None,
                age_s=max(0, int((now - env.latest.at).total_seconds())) if env.latest else None,
                service_count=env.registered,
                reachable=clusters.reachable(env.name),
            )
            for env in await known_envs(context, call.caller)
        ]
    )
