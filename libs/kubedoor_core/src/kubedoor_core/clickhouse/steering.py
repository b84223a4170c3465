"""What autoscalers steer to, as it is stored."""

from __future__ import annotations

from kubedoor_core.clickhouse.client import ClickHouse
from kubedoor_core.clickhouse.queries import DERIVED_TARGETS, TARGETS
from kubedoor_core.domain.derivation.targets import UtilisationTargets
from kubedoor_core.domain.workload import ServiceKey

NOT_BY_METRICS = " AND source != 'metrics'"


async def stored_targets(
    clickhouse: ClickHouse, env: str, *, with_metrics: bool = True
) -> dict[ServiceKey, UtilisationTargets]:
    """Return what the autoscalers that are stored steer to, by service.

    :param with_metrics: also those that metrics told of, where they are not asked themselves.
    """
    return await _targets(clickhouse, TARGETS if with_metrics else TARGETS + NOT_BY_METRICS, env)


async def known_targets(clickhouse: ClickHouse, env: str) -> dict[ServiceKey, UtilisationTargets]:
    """Return the same, and what the store of metrics told the last derivation, which wins."""
    derived = await _targets(clickhouse, DERIVED_TARGETS, env)
    return {**await stored_targets(clickhouse, env), **derived}


async def _targets(clickhouse: ClickHouse, statement: str, env: str) -> dict[ServiceKey, UtilisationTargets]:
    rows = await clickhouse.fetch(statement, env=env)
    return {
        (row["namespace"], row["kind"], row["name"]): UtilisationTargets(
            row["cpu_target_pct"], row["mem_target_pct"]
        )
        for row in rows
    }
