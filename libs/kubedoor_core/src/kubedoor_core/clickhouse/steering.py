"""What autoscalers steer to, as it is stored."""

from __future__ import annotations

from kubedoor_core.clickhouse.client import ClickHouse
from kubedoor_core.clickhouse.queries import DERIVED_TARGETS, TARGETS
from kubedoor_core.domain.derivation.targets import UtilisationTargets
from kubedoor_core.domain.workload import ServiceKey


async def targets_in_cluster(clickhouse: ClickHouse, env: str) -> dict[ServiceKey, UtilisationTargets]:
    """Return what the autoscalers that were found in the cluster steer to, by service."""
    return await _targets(clickhouse, TARGETS, env)


async def known_targets(clickhouse: ClickHouse, env: str) -> dict[ServiceKey, UtilisationTargets]:
    """Return the same, and what the store of metrics told the last derivation, which wins."""
    derived = await _targets(clickhouse, DERIVED_TARGETS, env)
    return {**await targets_in_cluster(clickhouse, env), **derived}


async def _targets(clickhouse: ClickHouse, statement: str, env: str) -> dict[ServiceKey, UtilisationTargets]:
    rows = await clickhouse.fetch(statement, env=env)
    return {
        (row["namespace"], row["kind"], row["name"]): UtilisationTargets(
            row["cpu_target_pct"], row["mem_target_pct"]
        )
        for row in rows
    }
