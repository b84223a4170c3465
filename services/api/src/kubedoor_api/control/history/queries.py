"""The statements of a service's past."""

from __future__ import annotations

from datetime import date

from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import SERVICE_KEY

COLUMNS = """version, updated_at, updated_by, deleted, replicas_manual, replicas_policy, mode, note,
    `containers.name`, `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`"""
# A commit may have been written twice, by its writer and by a helper: the same row with the same version.
VERSIONS = f"""
SELECT {COLUMNS} FROM control_history WHERE {SERVICE_KEY} AND version < {{before:UInt64}}
ORDER BY version DESC LIMIT 1 BY version LIMIT {{limit:UInt32}}
"""  # noqa: S608 constants of this file
VERSION = (
    f"SELECT {COLUMNS} FROM control_history WHERE {SERVICE_KEY} AND version = {{version:UInt64}} LIMIT 1"  # noqa: S608 constants of this file
)
DAYS = f"""
SELECT container, date, pod_count, p95_cpu_m, p95_mem_mib, coverage FROM resource_daily FINAL
WHERE {SERVICE_KEY} AND NOT deleted AND date > {{since:Date}}
ORDER BY container, date DESC
"""  # noqa: S608 constants of this file


async def versions(clickhouse: ClickHouse, key: ServicePath, before: int, limit: int) -> list[Row]:
    """Return versions of the expert's row below one, the latest first."""
    return await clickhouse.fetch(VERSIONS, **key.model_dump(), before=before, limit=limit)


async def version_row(clickhouse: ClickHouse, key: ServicePath, version: int) -> Row | None:
    """Return one version."""
    return await clickhouse.fetch_one(VERSION, **key.model_dump(), version=version)


async def days(clickhouse: ClickHouse, key: ServicePath, since: date) -> list[Row]:
    """Return what was collected after a day."""
    return await clickhouse.fetch(DAYS, **key.model_dump(), since=since)
