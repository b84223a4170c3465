"""How long the profiles of days are kept: a TTL on their columns, which follows a setting."""

from __future__ import annotations

import re

from kubedoor_core.clickhouse.client import ClickHouse
from kubedoor_core.clickhouse.replication import for_cluster

TABLE = "resource_daily"
COLUMNS = ("profile_cpu_m", "profile_mem_mib", "profile_pods")
TABLE_QUERY = """
SELECT create_table_query AS text FROM system.tables
WHERE database = {database:String} AND name = {name:String}
"""
_TTL = re.compile(r"`?(profile_\w+)`? Array\([^`]*? TTL date \+ toIntervalDay\((\d+)\)")


async def keep_profiles(clickhouse: ClickHouse, days: int, cluster: str) -> bool:
    """Keep the profiles of days for so many days; what is older goes with the next merges.

    Nothing is done where the table says so already: a change of a TTL makes ClickHouse rewrite the columns.

    :return: whether the table was changed.
    """
    system = clickhouse.in_database("system")
    row = await system.fetch_one(TABLE_QUERY, database=clickhouse.database, name=TABLE)
    now = dict(_TTL.findall(row["text"] if row else ""))
    changed = [column for column in COLUMNS if now.get(column) != str(days)]
    if changed:
        ttl = ", ".join(f"MODIFY COLUMN {column} TTL date + INTERVAL {days:d} DAY" for column in changed)
        await clickhouse.execute(for_cluster(f"ALTER TABLE {TABLE} {ttl}", cluster))
    return bool(changed)
