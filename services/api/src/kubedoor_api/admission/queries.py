"""The statement of what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_core.clickhouse import ClickHouse, Row

EFFECTIVE = """
SELECT namespace, name, replicas, replicas_source, replicas_policy, autoscaled, mode, `containers.name`,
    `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`
FROM effective WHERE env = {env:String} AND kind = 'Deployment'
"""


async def effective(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return the whole control table of an env."""
    return await clickhouse.fetch(EFFECTIVE, env=env)


LIST = """
SELECT at, namespace, kind, name, uid, user, operation, resource, rule, mode, outcome, changes, notes, patch,
    warnings, count() OVER () AS total
FROM admission_log
WHERE env = {env:String}
    AND ({namespace:String} = '' OR namespace = {namespace:String})
    AND ({name:String} = '' OR name = {name:String})
    AND ({outcome:String} = '' OR outcome = {outcome:String})
    AND ({q:String} = '' OR positionCaseInsensitiveUTF8(concat(namespace, '/', name, ' ', user), {q:String}) > 0){within}
ORDER BY at DESC, uid
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
"""  # noqa: E501 one condition a line


async def search(
    clickhouse: ClickHouse,
    *,
    env: str,
    namespace: str,
    name: str,
    outcome: str,
    q: str,
    limit: int,
    offset: int,
    scope: Sequence[str] | None,
) -> list[Row]:
    """Return decisions, the latest first; every row tells the total.

    :param reach: only those in these namespaces; None: in any.
    """
    return await clickhouse.fetch(
        LIST.replace("{within}", namespace_filter(scope)),
        env=env,
        namespace=namespace,
        name=name,
        outcome=outcome,
        q=q,
        limit=limit,
        offset=offset,
        scope=scope or (),
    )
