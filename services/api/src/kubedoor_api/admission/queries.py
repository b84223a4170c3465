"""The statement of what is allowed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kubedoor_api.admission.models import Admission, AdmissionQuery
from kubedoor_api.auth.queries import namespace_filter
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import Service, service_from_row

EFFECTIVE = """
SELECT namespace, name, replicas, replicas_source, replicas_policy, autoscaled, mode, `containers.name`,
    `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`
FROM effective WHERE env = {env:String} AND kind = 'Deployment'
"""


CHANGES = "SELECT count() AS n FROM change_mark"


async def changes(clickhouse: ClickHouse) -> int:
    """Return how many changes of the control table and what else admission goes by there have been, ever."""
    row = await clickhouse.fetch_one(CHANGES)
    return int(row["n"]) if row else 0


async def effective(clickhouse: ClickHouse, env: str) -> dict[tuple[str, str], Service]:
    """Return the whole control table of an env, by namespace and name."""
    services = map(service_from_row, await clickhouse.fetch(EFFECTIVE, env=env))
    return {(service.namespace, service.name): service for service in services}


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


def _json(text: str) -> object:
    """Read what was logged, which is JSON; what is none is told as it is."""
    try:
        found: object = json.loads(text) if text else None
    except ValueError:
        return text
    return found


async def search(
    clickhouse: ClickHouse,
    env: str,
    query: AdmissionQuery,
    scope: Sequence[str] | None,
    limit: int,
    offset: int,
) -> tuple[list[Admission], int]:
    """Return one part of the decisions, the latest first, and the total.

    :param scope: only those in these namespaces; None: in any.
    """
    rows = await clickhouse.fetch(
        LIST.replace("{within}", namespace_filter(scope)),
        env=env,
        namespace=query.namespace,
        name=query.name,
        outcome=query.outcome or "",
        q=query.q,
        limit=limit,
        offset=offset,
        scope=scope or (),
    )
    total = rows[0]["total"] if rows else 0
    found = []
    for row in rows:
        told = {name: _json(row[name]) for name in ("changes", "notes", "patch")}
        found.append(Admission.model_validate({name: row[name] for name in Admission.model_fields} | told))
    return found, total
