"""What is read to replay rules."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.queries import MOST_MEM_MIB, PROFILE_HEX
from kubedoor_core.domain.derivation.history import ContainerDays, DailyUse, profile_of

USE = """
SELECT
    namespace, kind, name, container,
    argMinIf(limit_cpu_m, date, limit_cpu_m IS NOT NULL) AS limit_cpu_m,
    argMinIf(limit_mem_mib, date, limit_mem_mib IS NOT NULL) AS limit_mem_mib,
    groupArray(tuple(
        date, pod_count, p95_cpu_m, p95_mem_mib,
        {most_mem},
        coverage, {profile}
    )) AS days
FROM resource_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{until:Date}} AND NOT deleted{scope}
GROUP BY namespace, kind, name, container
ORDER BY namespace, kind, name, container
"""


class Used(NamedTuple):
    """One container: its days, and its limits as first seen (millicores, MiB; None: it has none)."""

    use: ContainerDays
    limit_cpu_m: int | None
    limit_mem_mib: int | None


async def used(
    clickhouse: ClickHouse,
    env: str,
    since: date,
    until: date,
    scope: Sequence[str] | None,
    *,
    profiles: bool = True,
) -> AsyncIterator[Used]:
    """Yield the containers, those of a service one after the other.

    :param scope: the namespaces that may be seen; None: all.
    :param profiles: whether the five-minute means of whole days are read; else days have none.
    """
    profile = PROFILE_HEX if profiles else "''"
    statement = USE.format(most_mem=MOST_MEM_MIB, scope=namespace_filter(scope), profile=profile)
    reach = {} if scope is None else {"scope": list(scope)}
    async for row in clickhouse.iterate(statement, env=env, since=since, until=until, **reach):
        days = [
            DailyUse(date.fromisoformat(day), pods, cpu_m, mem_mib, most, coverage, profile_of(profile))
            for day, pods, cpu_m, mem_mib, most, coverage, profile in row["days"]
        ]
        key = (row["namespace"], row["kind"], row["name"])
        yield Used(ContainerDays(key, row["container"], days), row["limit_cpu_m"], row["limit_mem_mib"])
