"""The endpoint of envs: which clusters are known, and the state each is in."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs import queries
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.settings import store
from kubedoor_api.settings.queries import StoredSetting, settings_of_every_env
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, ModeName, Nothing, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import PEAK_HOURS
from kubedoor_core.domain.mode import Mode


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
    context, principal = call.context, call.caller.principal
    settings, clusters = context[ApiSettings], context[Clusters]
    collected, services, rows = await asyncio.gather(
        queries.collected(context[ClickHouse]),
        queries.service_counts(context[ClickHouse]),
        settings_of_every_env(context[ClickHouse]),
    )
    stored: dict[str, list[StoredSetting]] = {}
    for row in rows:
        stored.setdefault(row.env, []).append(row)
    counts: Counter[str] = Counter()
    for env, namespace, count in services:
        if allowed(principal.grants, Role.VIEWER, env, namespace):
            counts[env] += count

    def state_of(name: str) -> Env:
        policy, latest = store.policy_of(name, stored.get(name, ()), settings), collected.get(name)
        age_s = max(0, int((datetime.now(UTC) - latest.at).total_seconds())) if latest else None
        return Env(
            name=name,
            mode=policy.modes.get("", Mode.OFF).value,
            peak_hours=str(policy[PEAK_HOURS]),
            timezone=settings.timezone,
            latest_date=latest.day if latest else None,
            collected_at=latest.at if latest else None,
            age_s=age_s,
            service_count=counts[name],
            reachable=clusters.reachable(name),
        )

    names = {settings.env, *clusters.names, *collected, *(env for env, _, _ in services)}
    return EnvList(
        items=[
            state_of(name)
            for name in sorted(names, key=lambda name: (name != settings.env, name))
            if any(grant.reaches(name) for grant in principal.grants)
        ]
    )
