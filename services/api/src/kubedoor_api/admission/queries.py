"""The statement of what is allowed."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

EFFECTIVE = """
SELECT namespace, name, replicas, replicas_source, replicas_policy, mode, `containers.name`,
    `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`
FROM effective WHERE env = {env:String} AND kind = 'Deployment'
"""


async def effective(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return the whole control table of an env."""
    return await clickhouse.fetch(EFFECTIVE, env=env)
