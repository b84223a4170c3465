"""The statements of many services at once."""

from __future__ import annotations

from collections.abc import Sequence

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.control.services.queries import CONTAINERS
from kubedoor_api.web.fields import ServiceKey
from kubedoor_core.clickhouse import ClickHouse, Row

CONTROL = f"""
SELECT env, namespace, kind, name, replicas_manual, replicas_policy, mode, note, {CONTAINERS},
    deleted, version, updated_at, updated_by
FROM control FINAL WHERE env = {{env:String}}{{within}} ORDER BY namespace, kind, name
"""  # noqa: S608 constants
DERIVED = f"""
SELECT namespace, kind, name, {CONTAINERS} FROM derived FINAL WHERE env = {{env:String}} AND NOT deleted
"""  # noqa: S608 constants


async def control(
    clickhouse: ClickHouse, env: str, scope: Sequence[str] | None = None
) -> dict[ServiceKey, Row]:
    """Return every expert's row of an env, or of some of its namespaces, tombstones included."""
    statement = CONTROL.replace("{within}", namespace_filter(scope))
    rows = await clickhouse.fetch(statement, env=env, scope=scope or ())
    return {(row["namespace"], row["kind"], row["name"]): row for row in rows}


async def derived(clickhouse: ClickHouse, env: str) -> dict[ServiceKey, Row]:
    """Return the containers of every derived row of an env."""
    rows = await clickhouse.fetch(DERIVED, env=env)
    return {(row["namespace"], row["kind"], row["name"]): row for row in rows}
