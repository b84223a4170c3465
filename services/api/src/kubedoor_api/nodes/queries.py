"""The statements of nodes."""

from __future__ import annotations

from datetime import date

from kubedoor_api.nodes.models import NodeDay
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.placement.plan import Use

COLUMNS = ", ".join(NodeDay.model_fields)
LATEST = f"""
SELECT node, {COLUMNS} FROM node_daily FINAL
WHERE env = {{env:String}} AND NOT deleted
  AND date = (SELECT max(date) FROM node_daily FINAL WHERE env = {{env:String}} AND NOT deleted)
ORDER BY node
"""  # noqa: S608 constants of this file
DAYS = f"""
SELECT {COLUMNS} FROM node_daily FINAL
WHERE env = {{env:String}} AND node = {{node:String}} AND date >= {{since:Date}} AND NOT deleted
ORDER BY date
"""  # noqa: S608 constants of this file
POD_USE = """
SELECT namespace, kind, name, sum(p95_cpu_m) AS cpu_m, sum(p95_mem_mib) AS mem_mib FROM resource_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
  AND p95_cpu_m IS NOT NULL AND p95_mem_mib IS NOT NULL
GROUP BY namespace, kind, name
"""


async def latest(clickhouse: ClickHouse, env: str) -> dict[str, NodeDay]:
    """Return the nodes of the latest day on which any was known, by name."""
    rows = await clickhouse.fetch(LATEST, env=env)
    return {
        row["node"]: NodeDay.model_validate({k: v for k, v in row.items() if k != "node"}) for row in rows
    }


async def days(clickhouse: ClickHouse, env: str, node: str, since: date) -> list[NodeDay]:
    """Return a node's days, oldest first."""
    rows = await clickhouse.fetch(DAYS, env=env, node=node, since=since)
    return [NodeDay.model_validate(row) for row in rows]


async def pod_use(clickhouse: ClickHouse, env: str, day: date) -> dict[tuple[str, str, str], Use]:
    """Return what a pod of each service used at a day's peak, its containers together."""
    rows = await clickhouse.fetch(POD_USE, env=env, date=day)
    return {
        (row["namespace"], row["kind"], row["name"]): Use(float(row["cpu_m"]), float(row["mem_mib"]))
        for row in rows
    }
