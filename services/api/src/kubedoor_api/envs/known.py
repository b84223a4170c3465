"""The envs that somebody may see, each with its policy, its latest collected day and its services."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs import queries
from kubedoor_api.envs.queries import Collected
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.settings import store
from kubedoor_api.settings.queries import StoredSetting, settings_of_every_env
from kubedoor_api.web.endpoint import Caller, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import EnvPolicy
from kubedoor_core.domain.mode import Mode


@dataclass(frozen=True)
class KnownEnv:
    """An env.

    :ivar latest: None while nothing has been collected.
    :ivar registered: registered services that the caller may see.
    """

    name: str
    policy: EnvPolicy
    latest: Collected | None
    registered: int

    @property
    def mode(self) -> Mode:
        """The admission mode of the whole env."""
        return self.policy.modes.get("", Mode.OFF)


async def known_envs(context: Context, caller: Caller) -> list[KnownEnv]:
    """Return the envs that have a cluster, rows, or are this installation's own, which comes first."""
    settings, clickhouse = context[ApiSettings], context[ClickHouse]
    collected, services, rows = await asyncio.gather(
        queries.collected(clickhouse),
        queries.service_counts(clickhouse),
        settings_of_every_env(clickhouse),
    )
    stored: dict[str, list[StoredSetting]] = {}
    for row in rows:
        stored.setdefault(row.env, []).append(row)
    counts: Counter[str] = Counter()
    for env, namespace, count in services:
        if sees(caller, env, namespace):
            counts[env] += count
    names = {settings.env, *context[Clusters].names, *collected, *(env for env, _, _ in services)}
    return [
        KnownEnv(
            name, store.policy_of(name, stored.get(name, ()), settings), collected.get(name), counts[name]
        )
        for name in sorted(names, key=lambda name: (name != settings.env, name))
        if any(grant.reaches(name) for grant in caller.principal.grants)
    ]
