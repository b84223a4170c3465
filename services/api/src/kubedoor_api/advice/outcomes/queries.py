"""The statements of what became of accepted advice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from kubedoor_api.advice.outcomes.looks import LOOKS, Day, OutcomeState, Worse
from kubedoor_api.advice.queries import DEPLOYMENTS, Key, Which
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import Value
from kubedoor_core.clickhouse.queries import MOST_MEM_MIB

# The latest acceptance of each service: a later one ends the watch of the one before. The operation is named
# before it is there: of an api that ended in between, it never was.
ACCEPTED = f"""
SELECT d.advice_id AS advice_id, d.namespace AS namespace, d.name AS name, d.replicas AS replicas,
    a.replicas_now AS before, d.at AS at, d.actor AS actor,
    if(d.operation_id IN (SELECT id FROM operation WHERE env = {{{{env:String}}}}), d.operation_id, '')
        AS operation_id
FROM
(
    SELECT * FROM advice_decision
    WHERE {DEPLOYMENTS} AND decision = 'accepted' AND replicas IS NOT NULL{{filter}}
    ORDER BY at DESC LIMIT 1 BY namespace, name
) AS d
JOIN
(
    SELECT id, any(replicas_now) AS replicas_now FROM advice
    WHERE {DEPLOYMENTS} AND NOT of_least GROUP BY id
) AS a
    ON d.advice_id = a.id
WHERE d.at >= {{{{since:DateTime64(3, 'UTC')}}}}
"""  # noqa: S608 constants of this file
FARED = f"""
SELECT advice_id, count() AS looks, countIf(NOT held) AS regretted,
    multiIf(regretted > 0, 'regretted', looks >= {LOOKS}, 'held', 'watched') AS state,
    argMax(JSONExtract(what, 'worse', 'Array(String)'), day) AS worse,
    argMax(JSONExtract(what, 'saved_cpu_m', 'Nullable(Float64)'), day) AS saved_cpu_m,
    argMax(JSONExtract(what, 'saved_mem_mib', 'Nullable(Float64)'), day) AS saved_mem_mib
FROM advice_outcome FINAL WHERE env = {{{{env:String}}}} GROUP BY advice_id
"""  # noqa: S608 constants of this file
"""What is known of each accepted advice that was looked at."""
BECAME = f"""
SELECT *, count() OVER () AS total FROM
(
    SELECT advice_id, namespace, 'Deployment' AS kind, name, replicas, before, at, operation_id, actor,
        looks, worse, governs = advice_id AS stands, if(o.state = '', 'watched', o.state) AS state
    FROM ({ACCEPTED}) AS d
    LEFT JOIN ({FARED}) AS o USING (advice_id)
    LEFT JOIN
    (
        SELECT namespace, name, advice_id AS governs FROM control FINAL WHERE {DEPLOYMENTS} AND NOT deleted
    ) AS c USING (namespace, name)
)
WHERE {{{{state:String}}}} IN ('', state)
ORDER BY at DESC, advice_id LIMIT {{{{limit:UInt32}}}} OFFSET {{{{offset:UInt32}}}}
"""  # noqa: S608 constants of this file
OUTCOMES = f"SELECT advice_id, looks, regretted FROM ({FARED})".format()  # noqa: S608 constants of this file
LOOKED_AT = f"""
SELECT namespace, name, date, pods, load_m, request_cpu_m, request_mem_mib, oom_kills, throttled_pct,
    memory_pct, t.error_pct AS error_pct, t.latency_p95_ms AS latency_ms
FROM
(
    SELECT namespace, name, date, max(pod_count) AS pods, pods * sum(p95_cpu_m) AS load_m,
        sum(request_cpu_m) AS request_cpu_m, sum(request_mem_mib) AS request_mem_mib,
        sum(oom_kills) AS oom_kills, max(throttled_pct) AS throttled_pct,
        max(100 * {MOST_MEM_MIB} / limit_mem_mib) AS memory_pct
    FROM resource_daily FINAL
    WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted
        AND (namespace, name) IN
        (
            SELECT pair.1, pair.2 FROM
            (
                SELECT arrayJoin(
                    arrayZip({{{{namespaces:Array(String)}}}}, {{{{names:Array(String)}}}})
                ) AS pair
            )
        )
    GROUP BY namespace, name, date
) AS r
LEFT JOIN
(
    SELECT namespace, name, date, error_pct, latency_p95_ms FROM traffic_daily FINAL
    WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted
) AS t USING (namespace, name, date)
""".format()  # noqa: S608 constants of this file
BEFORE_ADVICE = f"""
SELECT version, replicas_manual, replicas_ai, advice_id FROM control_history
WHERE {DEPLOYMENTS} AND namespace = {{{{namespace:String}}}} AND name = {{{{name:String}}}}
ORDER BY version DESC LIMIT 1 BY version
""".format()  # noqa: S608 constants of this file
# A piece of advice counts once: as accepted, else as dismissed, else as expired (in the alphabet's order).
STATISTICS = f"""
SELECT namespace, toStartOfMonth(at) AS month,
    countIf(decision = 'accepted') AS accepted, countIf(decision = 'dismissed') AS dismissed,
    countIf(decision = 'expired') AS expired,
    countIf(decision = 'accepted' AND o.state = 'held') AS held,
    countIf(decision = 'accepted' AND o.state = 'regretted') AS regretted,
    sumIf(o.saved_cpu_m, decision = 'accepted' AND o.state != 'regretted') AS cpu_m,
    sumIf(o.saved_mem_mib, decision = 'accepted' AND o.state != 'regretted') AS mem_mib
FROM
(
    SELECT * FROM advice_decision
    WHERE {DEPLOYMENTS} AND at >= {{{{since:DateTime64(3, 'UTC')}}}}{{filter}}
    ORDER BY decision, at LIMIT 1 BY advice_id
) AS d
LEFT JOIN ({FARED}) AS o USING (advice_id)
GROUP BY namespace, month ORDER BY month, namespace
"""  # noqa: S608 constants of this file


class AcceptedRow(NamedTuple):
    """The latest acceptance of a service.

    :ivar before: the count that the advice was made for.
    """

    advice_id: str
    namespace: str
    name: str
    replicas: int
    before: int
    at: datetime
    operation_id: str
    actor: str


class BecameRow(NamedTuple):
    """The latest acceptance of a service, and what became of it.

    :ivar worse: what got worse, if anything did.
    :ivar stands: whether the control table has its count still.
    :ivar total: acceptances in all parts.
    """

    advice_id: str
    namespace: str
    kind: str
    name: str
    replicas: int
    before: int
    at: datetime
    operation_id: str
    actor: str
    looks: int
    worse: list[Worse]
    stands: bool
    state: OutcomeState
    total: int


class OutcomeCount(NamedTuple):
    """How often an accepted advice was looked at, and how often something got worse."""

    advice_id: str
    looks: int
    regretted: int


class PastRow(NamedTuple):
    """What of the counts a version of a control row has."""

    version: int
    replicas_manual: int | None
    replicas_ai: int | None
    advice_id: str


class DecidedRow(NamedTuple):
    """What was decided on a namespace's services in a month, and what is asked for less since."""

    namespace: str
    month: date
    accepted: int
    dismissed: int
    expired: int
    held: int
    regretted: int
    cpu_m: float | None
    mem_mib: float | None


async def acceptances(clickhouse: ClickHouse, env: str, since: datetime) -> list[AcceptedRow]:
    """Return the latest acceptance of each service that has one since a moment."""
    statement = ACCEPTED.format(filter="")
    return await clickhouse.fetch_as(AcceptedRow, statement, env=env, since=since)


async def became(
    clickhouse: ClickHouse,
    env: str,
    since: datetime,
    which: Which,
    state: OutcomeState | None,
    limit: int,
    offset: int,
) -> tuple[list[BecameRow], int]:
    """Return one part of the latest acceptances, the newest first, and how many there are.

    :param state: only of this state; None: of any.
    """
    asked: dict[str, Value] = {"since": since, "state": state or "", **which.parameters}
    rows = await clickhouse.fetch_as(
        BecameRow, BECAME.format(filter=which.filter), env=env, limit=limit, offset=offset, **asked
    )
    return rows, rows[0].total if rows else 0


async def outcome_counts(clickhouse: ClickHouse, env: str) -> dict[str, OutcomeCount]:
    """Return how accepted advice fared, by identity."""
    return {row.advice_id: row for row in await clickhouse.fetch_as(OutcomeCount, OUTCOMES, env=env)}


async def looked_at(
    clickhouse: ClickHouse, env: str, keys: Sequence[Key], since: date, until: date
) -> dict[Key, list[Day]]:
    """Return the days of some services."""
    namespaces, names = [key[0] for key in keys], [key[1] for key in keys]
    rows = await clickhouse.fetch_as(
        Day, LOOKED_AT, env=env, since=since, until=until, namespaces=namespaces, names=names
    )
    found: dict[Key, list[Day]] = {}
    for row in rows:
        found.setdefault((row.namespace, row.name), []).append(row)
    return found


async def past(clickhouse: ClickHouse, env: str, namespace: str, name: str) -> list[PastRow]:
    """Return the counts of every version of a control row, the latest first."""
    return await clickhouse.fetch_as(PastRow, BEFORE_ADVICE, env=env, namespace=namespace, name=name)


async def decided(clickhouse: ClickHouse, env: str, since: datetime, which: Which) -> list[DecidedRow]:
    """Return what was decided since a moment, by namespace and month."""
    statement = STATISTICS.format(filter=which.filter)
    return await clickhouse.fetch_as(DecidedRow, statement, env=env, since=since, **which.parameters)
