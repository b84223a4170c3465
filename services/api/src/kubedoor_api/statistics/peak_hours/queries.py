"""What is read of whole days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.queries import KNOWN_BY_SLOT, USED_BY_SLOT
from kubedoor_core.domain.workload import ServiceKey

WHICH = """FROM resource_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{until:Date}} AND NOT deleted
    AND notEmpty(profile_cpu_m){scope}"""
DAYS = f"""
SELECT namespace, date, sumForEach({USED_BY_SLOT}) AS used, sumForEach({KNOWN_BY_SLOT}) AS known
{WHICH}{{service}}
GROUP BY namespace, date ORDER BY date, namespace
"""
OF_NAMESPACE = " AND namespace = {namespace:String}"
OF_SERVICE = " AND kind = {kind:String} AND name = {name:String}"
USUAL_DAYS = f"""
SELECT namespace, kind, name, sumForEach(mean) AS used
FROM
(
    SELECT
        namespace, kind, name, container,
        arrayMap(
            (total, days) -> if(days = 0, 0, total / days),
            sumForEach(arrayMap(m -> ifNull(m, 0), arraySlice(profile_cpu_m, 1, 288))),
            sumForEach({KNOWN_BY_SLOT})
        ) AS mean
    {WHICH}
    GROUP BY namespace, kind, name, container
)
GROUP BY namespace, kind, name ORDER BY namespace, kind, name
"""  # noqa: S608 constants


class NamespaceDay(NamedTuple):
    """What the pods of a namespace used together in each five minutes of a local day, millicores.

    :ivar known: of how many containers that is known.
    """

    namespace: str
    date: date
    used: list[float]
    known: list[int]


async def days(
    clickhouse: ClickHouse,
    env: str,
    since: date,
    until: date,
    scope: Sequence[str] | None,
    namespace: str = "",
    service: tuple[str, str] | None = None,
) -> list[NamespaceDay]:
    """Return each namespace's days, oldest first.

    :param scope: the namespaces that may be seen; None: all.
    :param namespace: only this one's; ``service``: only this one of it, by kind and name.
    """
    condition = (OF_NAMESPACE if namespace else "") + (OF_SERVICE if service else "")
    named = {"namespace": namespace} if namespace else {}
    named |= dict(zip(("kind", "name"), service, strict=True)) if service else {}
    reach = {} if scope is None else {"scope": list(scope)}
    statement = DAYS.format(scope=namespace_filter(scope), service=condition)
    rows = await clickhouse.fetch(statement, env=env, since=since, until=until, **named, **reach)
    return [
        NamespaceDay(row["namespace"], date.fromisoformat(row["date"]), row["used"], row["known"])
        for row in rows
    ]


async def usual_days(
    clickhouse: ClickHouse, env: str, since: date, until: date, scope: Sequence[str] | None
) -> list[tuple[ServiceKey, list[float]]]:
    """Return what one pod of each service uses over a usual day, a mean over the days, millicores."""
    statement = USUAL_DAYS.format(scope=namespace_filter(scope))
    reach = {} if scope is None else {"scope": list(scope)}
    rows = clickhouse.iterate(statement, env=env, since=since, until=until, **reach)
    return [((row["namespace"], row["kind"], row["name"]), row["used"]) async for row in rows]
