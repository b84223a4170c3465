"""The statements of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from kubedoor_api.alerts.models import Alert, AlertKey, AlertQuery, OccurrenceQuery
from kubedoor_api.auth.queries import namespace_filter
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import Value

FOUND = """
SELECT * FROM (
    SELECT * EXCEPT (part, env, version, ack_by, ack_note), toDate(starts_at, {timezone:String}) AS day
    FROM alert FINAL WHERE env = {env:String} AND part = 'sent'{within}
) AS a
LEFT JOIN (
    SELECT fingerprint, starts_at, ack_by, ack_note, received_at AS ack_at
    FROM alert FINAL WHERE env = {env:String} AND part = 'ack'
) AS k USING (fingerprint, starts_at)
WHERE ({day:Nullable(Date)} IS NULL OR day = {day:Nullable(Date)})
    AND ({state:String} = '' OR state = {state:String})
    AND ({severity:String} = '' OR severity = {severity:String})
    AND ({namespace:String} = '' OR namespace = {namespace:String})
    AND ({q:String} = '' OR positionCaseInsensitiveUTF8(concat(alertname, ' ', namespace, '/', name, ' ', pod,
        ' ', node, ' ', arrayStringConcat(mapValues(labels), ' '), ' ',
        arrayStringConcat(mapValues(annotations), ' ')), {q:String}) > 0)
"""
GROUPS = """
SELECT day, alertname, namespace, kind, name, sum(n) AS alerts, sum(firing_n) AS firing,
    sum(unacknowledged_n) AS unacknowledged, min(first_at) AS first, max(last_at) AS last,
    argMax(last_severity, last_at) AS severity, argMax(last_summary, last_at) AS summary,
    countIf(pod != '') AS pod_count,
    arraySlice(arraySort(x -> (-x.3, x.1), groupArrayIf((pod, n, firing_n, last_at), pod != '')), 1, 100) AS pods,
    arraySlice(arraySort(arrayDistinct(arrayFlatten(groupArray(pod_nodes)))), 1, 100) AS nodes,
    count() OVER () AS total
FROM (
    SELECT day, alertname, namespace, kind, name, pod, count() AS n, countIf(state = 'firing') AS firing_n,
        countIf(state = 'firing' AND ack_by = '') AS unacknowledged_n,
        min(starts_at) AS first_at, max(starts_at) AS last_at, argMax(severity, starts_at) AS last_severity,
        argMax(multiIf(annotations['summary'] != '', annotations['summary'], annotations['message'] != '',
            annotations['message'], annotations['description']), starts_at) AS last_summary,
        groupUniqArrayIf(100)(node, node != '') AS pod_nodes
    FROM ({found}) GROUP BY day, alertname, namespace, kind, name, pod
)
GROUP BY day, alertname, namespace, kind, name
ORDER BY day DESC, firing > 0 DESC, last DESC, alertname, namespace, kind, name
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
"""  # noqa: E501 one column a line
ALERTS = """
SELECT fingerprint, starts_at, ends_at, state, source, alertname, severity, labels, annotations, cut,
    namespace, kind, name, pod, node, generator_url, received_at, ack_by, ack_note,
    if(ack_by = '', NULL, ack_at) AS ack_at, count() OVER () AS total
FROM ({found}
    AND ({alertname:String} = '' OR alertname = {alertname:String})
    AND ({kind:String} = '' OR kind = {kind:String})
    AND ({name:String} = '' OR name = {name:String})
    AND ({pod:String} = '' OR pod = {pod:String}))
ORDER BY starts_at DESC, fingerprint
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
"""
ASKED = """
SELECT fingerprint, starts_at, namespace, alertname FROM alert FINAL
WHERE env = {env:String} AND part = 'sent' AND fingerprint IN ({fingerprints:Array(String)})
"""


class Group(NamedTuple):
    """A row of the groups; see `AlertGroup`.

    :ivar pods: name, count, how many fire, since when the latest does.
    """

    day: str
    alertname: str
    namespace: str
    kind: str
    name: str
    alerts: int
    firing: int
    unacknowledged: int
    first: datetime
    last: datetime
    severity: str
    summary: str
    pod_count: int
    pods: list[tuple[str, int, int, datetime]]
    nodes: list[str]
    total: int


class Asked(NamedTuple):
    """An alert that is to be acknowledged."""

    fingerprint: str
    starts_at: datetime
    namespace: str
    alertname: str


def _among(template: str, scope: Sequence[str] | None) -> str:
    return template.replace("{found}", FOUND.replace("{within}", namespace_filter(scope)))


def _parameters(env: str, timezone: str, scope: Sequence[str] | None, query: AlertQuery) -> dict[str, Value]:
    asked = query.model_dump(exclude={"limit", "offset"})
    return {"env": env, "timezone": timezone, "scope": scope or (), **asked, "state": query.state or ""}


async def groups(
    clickhouse: ClickHouse,
    env: str,
    timezone: str,
    scope: Sequence[str] | None,
    query: AlertQuery,
    limit: int,
    offset: int,
) -> tuple[list[Group], int]:
    """Return one part of the groups, the latest day first, and the total.

    :param timezone: in which days begin.
    :param scope: only of these namespaces; None: of any, and of none.
    """
    parameters = _parameters(env, timezone, scope, query)
    statement = _among(GROUPS, scope)
    found = await clickhouse.fetch_as(Group, statement, **parameters, limit=limit, offset=offset)
    return found, found[0].total if found else 0


async def alerts(
    clickhouse: ClickHouse,
    env: str,
    timezone: str,
    scope: Sequence[str] | None,
    query: OccurrenceQuery,
    limit: int,
    offset: int,
) -> tuple[list[Alert], int]:
    """Return one part of the alerts, the latest first, and the total; see `groups`."""
    parameters = _parameters(env, timezone, scope, query)
    rows = await clickhouse.fetch(_among(ALERTS, scope), **parameters, limit=limit, offset=offset)
    total = int(rows[0]["total"]) if rows else 0
    return [Alert.model_validate({name: row[name] for name in Alert.model_fields}) for row in rows], total


async def asked(clickhouse: ClickHouse, env: str, keys: Iterable[AlertKey]) -> list[Asked]:
    """Return those of some alerts that there are."""
    wanted = {(key.fingerprint, key.starts_at) for key in keys}
    fingerprints = sorted({fingerprint for fingerprint, _ in wanted})
    found = await clickhouse.fetch_as(Asked, ASKED, env=env, fingerprints=fingerprints)
    return [one for one in found if (one.fingerprint, one.starts_at) in wanted]
