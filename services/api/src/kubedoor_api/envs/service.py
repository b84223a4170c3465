"""Which clusters are known, and the state each is in."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs import queries
from kubedoor_api.envs.models import Env, EnvList
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.settings.queries import settings_of_every_env
from kubedoor_api.settings.store import value_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.mode import Mode

if TYPE_CHECKING:
    from kubedoor_api.access.roles import Principal
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row


def mode_of(value: object) -> Mode:
    """Read a stored mode; what is none is off."""
    return Mode(value) if isinstance(value, str) and value in set(Mode) else Mode.OFF


def _visible(principal: Principal, env: str) -> bool:
    """Tell whether somebody may see anything of an env, if only one of its namespaces."""
    return any(grant.reaches(env) for grant in principal.grants)


def _env(context: Context, name: str, stored: dict[str, object], row: Row | None, count: int) -> Env:
    collected_at = datetime.fromisoformat(row["collected_at"]) if row else None
    peak_hours = stored.get("peak_hours")
    return Env(
        name=name,
        mode=mode_of(stored.get("mode")).value,
        peak_hours=peak_hours if isinstance(peak_hours, str) else context[ApiSettings].peak_hours,
        timezone=context[ApiSettings].timezone,
        latest_date=row["latest_date"] if row else None,
        collected_at=collected_at,
        age_s=max(0, int((datetime.now(UTC) - collected_at).total_seconds())) if collected_at else None,
        service_count=count,
        reachable=context[Clusters].reachable(name),
    )


def _counts(principal: Principal, found: list[tuple[str, str, int]]) -> Counter[str]:
    """Count the services of each env, of what somebody may see."""
    counts: Counter[str] = Counter()
    for env, namespace, count in found:
        if allowed(principal.grants, Role.VIEWER, env, namespace):
            counts[env] += count
    return counts


async def list_envs(context: Context, principal: Principal) -> EnvList:
    """Return the envs that are configured or have data, this installation's own first."""
    collected, services, settings = await asyncio.gather(
        queries.collected(context[ClickHouse]),
        queries.service_counts(context[ClickHouse]),
        settings_of_every_env(context[ClickHouse]),
    )
    stored: dict[str, dict[str, object]] = {}
    for row in settings:
        stored.setdefault(row["env"], {})[row["key"]] = value_of(row)
    own = context[ApiSettings].env
    names = {own, *context[Clusters].names, *collected, *(env for env, _, _ in services)}
    counts = _counts(principal, services)
    ordered = sorted(names, key=lambda name: (name != own, name))
    return EnvList(
        items=[
            _env(context, name, stored.get(name, {}), collected.get(name), counts[name])
            for name in ordered
            if _visible(principal, name)
        ]
    )
