"""The statements of findings, and of what was changed before them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.findings.before import Change
from kubedoor_api.findings.facts import Refusal, Subject
from kubedoor_api.findings.models import FindingQuery, FindingView
from kubedoor_api.findings.records import (
    of_admission,
    of_operation,
    of_setting,
    of_versions,
    version_from_row,
)
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import CONTAINER_COLUMNS, select

PART = 200
"""So many services are asked for at once: parameters travel in the address, whose length is bounded."""
VERSIONS = 6
"""So many of the newest versions of a service are looked at, of its edits and of what was derived."""
SERVICES = """env = {env:String} AND (namespace, kind, name) IN (
    SELECT one.1, one.2, one.3 FROM (SELECT arrayJoin(arrayZip(
        {namespaces:Array(String)}, {kinds:Array(String)}, {names:Array(String)}
    )) AS one)
)"""
_VERSIONS = f"""
SELECT DISTINCT namespace, kind, name, version, updated_at, updated_by, deleted,
    {{columns}}, {select(CONTAINER_COLUMNS)}
FROM {{table}} WHERE {SERVICES}
ORDER BY namespace, kind, name, version DESC LIMIT {VERSIONS} BY namespace, kind, name
"""  # noqa: S608 constants of this file
EDITS = _VERSIONS.replace("{table}", "control_history").replace(
    "{columns}", "coalesce(replicas_manual, replicas_ai) AS replicas, mode"
)
DERIVED = _VERSIONS.replace("{table}", "derived_history").replace(
    "{columns}", "replicas_observed AS replicas, '' AS mode"
)
ADMISSIONS = f"""
SELECT at, namespace, kind, name, uid, user, changes FROM admission_log
WHERE {SERVICES} AND at >= {{since:DateTime64(3)}} AND outcome = 'patched'
ORDER BY at DESC LIMIT 5 BY namespace, kind, name
"""  # noqa: S608 constants of this file
OPERATIONS = f"""
SELECT * FROM
(
    SELECT env, t.namespace AS namespace, t.kind AS kind, t.name AS name, id, operation.kind AS operation,
        requested_by AS by, schedule_id, t.started_at AS at,
        t.replicas_before AS replicas_before, t.replicas_after AS replicas_after
    FROM operation FINAL
    ARRAY JOIN targets AS t
    WHERE env = {{env:String}} AND NOT deleted AND t.started_at >= {{since:DateTime64(3)}}
)
WHERE {SERVICES} ORDER BY at DESC LIMIT 5 BY namespace, kind, name
"""  # noqa: S608 constants of this file
SETTINGS = """
SELECT namespace, key, value, version, updated_at, updated_by FROM setting FINAL
WHERE env = {env:String} AND updated_at >= {since:DateTime64(3)} AND NOT deleted
"""
REFUSALS = """
SELECT namespace, kind, name, max(at) AS last_at, argMax(uid, at) AS last_uid, argMax(user, at) AS last_user
FROM admission_log WHERE env = {env:String} AND at >= {since:DateTime64(3)}
GROUP BY namespace, kind, name HAVING argMax(outcome, at) = 'denied'
"""
COLUMNS = """env, id, kind, object, namespace, name, container, severity, began_at, opened_at, ended_at, pods,
    affected, evidence, changes"""
OPEN = f"SELECT {COLUMNS} FROM finding FINAL WHERE env = {{env:String}} AND ended_at IS NULL"  # noqa: S608 constants
ONE = f"SELECT {COLUMNS} FROM finding FINAL WHERE env = {{env:String}} AND id = {{id:String}}"  # noqa: S608 constants
FOUND = f"""
SELECT {COLUMNS}, count() OVER () AS total FROM finding FINAL
WHERE env = {{env:String}}
    AND ({{state:String}} = 'all' OR isNull(ended_at) = ({{state:String}} = 'open'))
    AND ({{kind:String}} = '' OR kind = {{kind:String}})
    AND ({{namespace:String}} = '' OR namespace = {{namespace:String}})
    AND ({{name:String}} = '' OR name = {{name:String}})
    AND ({{q:String}} = '' OR positionCaseInsensitiveUTF8(concat(namespace, '/', name, ' ', kind), {{q:String}}) > 0){{within}}
ORDER BY ended_at IS NULL DESC, severity = 'error' DESC, began_at DESC, id
LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""  # noqa: E501, S608 one condition a line; constants of this file
NESTED = ("affected", "evidence", "changes")


def _view(row: Row) -> FindingView:
    own = {name: row[name] for name in FindingView.model_fields}
    return FindingView.model_validate(own | {name: json.loads(row[name]) for name in NESTED})


async def still_open(clickhouse: ClickHouse, env: str) -> list[FindingView]:
    """Return the findings that are open, as the leader before has left them."""
    return [_view(row) for row in await clickhouse.fetch(OPEN, env=env)]


async def one(clickhouse: ClickHouse, env: str, finding_id: str) -> FindingView | None:
    """Return a finding."""
    row = await clickhouse.fetch_one(ONE, env=env, id=finding_id)
    return _view(row) if row else None


async def search(
    clickhouse: ClickHouse,
    env: str,
    query: FindingQuery,
    scope: Sequence[str] | None,
    limit: int,
    offset: int,
) -> tuple[list[FindingView], int]:
    """Return one part of the findings, the open ones first, and the total.

    :param scope: only those in these namespaces; None: all, those of nodes too.
    """
    rows = await clickhouse.fetch(
        FOUND.replace("{within}", namespace_filter(scope)),
        env=env,
        state=query.state,
        kind=query.kind or "",
        namespace=query.namespace,
        name=query.name,
        q=query.q,
        scope=scope or (),
        limit=limit,
        offset=offset,
    )
    return [_view(row) for row in rows], int(rows[0]["total"]) if rows else 0


async def write(clickhouse: ClickHouse, env: str, findings: Iterable[FindingView], now: datetime) -> None:
    """Write findings as they are now."""
    rows = []
    for finding in findings:
        columns = finding.model_dump(mode="json")
        nested = {name: json.dumps(columns[name], ensure_ascii=False) for name in NESTED}
        rows.append({**columns, **nested, "env": env, "version": int(now.timestamp() * 1000)})
    await clickhouse.insert("finding", rows)


async def refusals(clickhouse: ClickHouse, env: str, since: datetime) -> tuple[Refusal, ...]:
    """Return the services of which admission refused the latest change, if that is as young."""
    return tuple(
        Refusal(
            row["namespace"],
            row["kind"],
            row["name"],
            datetime.fromisoformat(row["last_at"]),
            row["last_uid"],
            row["last_user"],
        )
        for row in await clickhouse.fetch(REFUSALS, env=env, since=since)
    )


async def changes(
    clickhouse: ClickHouse, env: str, services: Sequence[Subject], since: datetime
) -> list[Change]:
    """Return what was changed of some services since then, and the env's settings."""
    found = [of_setting(row) for row in await clickhouse.fetch(SETTINGS, env=env, since=since)]
    for start in range(0, len(services), PART):
        part = services[start : start + PART]
        named = {
            "env": env,
            "namespaces": [one.namespace for one in part],
            "kinds": [one.kind for one in part],
            "names": [one.name for one in part],
        }
        edits, derived = [await clickhouse.fetch(statement, **named) for statement in (EDITS, DERIVED)]
        said = map(version_from_row, edits), map(version_from_row, derived)
        found += of_versions(*said, since, VERSIONS)
        found += map(of_admission, await clickhouse.fetch(ADMISSIONS, since=since, **named))
        found += map(of_operation, await clickhouse.fetch(OPERATIONS, since=since, **named))
    return found
