"""The statements of actions on pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from kubedoor_api.pods.action import OWN, ActionKind, PodAction, action_of
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp

WITHOUT_TEXT = """
concat('{', arrayStringConcat(arrayMap(pair -> concat(toJSONString(pair.1), ':', pair.2),
    arrayFilter(pair -> pair.1 != 'text', JSONExtractKeysAndValuesRaw(result))), ','), '}')
"""
"""Of what a JVM said, the text is read by whoever downloads it, and by nobody else."""
COLUMNS = ", ".join(f"{WITHOUT_TEXT} AS result" if name == "result" else name for name in OWN)
ONE = f"""
SELECT {COLUMNS} FROM pod_action FINAL WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
TEXT = """
SELECT JSONExtractString(result, 'text') AS text FROM pod_action FINAL
WHERE env = {env:String} AND id = {id:String} AND NOT deleted
"""
MATCHING = """
FROM pod_action FINAL
WHERE env = {env:String} AND NOT deleted
    AND ({namespace:String} = '' OR namespace = {namespace:String})
    AND ({pod:String} = '' OR pod = {pod:String})
    AND ({service:String} = '' OR JSONExtractString(before, 'service', 'name') = {service:String})
    AND ({service_kind:String} = ''
        OR JSONExtractString(before, 'service', 'kind') = {service_kind:String})
    AND ({kind:String} = '' OR kind = {kind:String})
    AND ({state:String} = '' OR state = {state:String})
    AND (NOT {isolated:Bool} OR (kind = 'isolate' AND state IN ('done', 'failed')
        AND (position(steps, '"let_go"') > 0 OR position(steps, '"out_of_services"') > 0)))
    AND ({everywhere:Bool} OR namespace IN ({scope:Array(String)}))
"""
FOUND = f"""
SELECT {COLUMNS}, (SELECT count() {MATCHING}) AS total FROM pod_action FINAL
WHERE env = {{env:String}} AND id IN (
    SELECT id {MATCHING} ORDER BY requested_at DESC, id LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
)
ORDER BY requested_at DESC, id
"""  # noqa: S608 constants of this file
OPEN = """
SELECT id, runner FROM pod_action FINAL
WHERE env = {env:String} AND NOT deleted
    AND state IN ('pending', 'running', 'undoing', 'expiring', 'removing', 'closing')
ORDER BY requested_at, id
"""
DUE = f"""
SELECT {COLUMNS} FROM pod_action FINAL
WHERE env = {{env:String}} AND id IN (
    SELECT id FROM pod_action FINAL
    WHERE env = {{env:String}} AND state IN ('done', 'failed', 'sending', 'waiting', 'open') AND NOT deleted
        AND (expires_at <= {{now:DateTime64(3)}} OR (NOT warned AND expires_at <= {{soon:DateTime64(3)}}))
)
ORDER BY expires_at, id
"""  # noqa: S608 constants of this file
HOLDING = """
SELECT env, uid, requested_by AS by FROM pod_action FINAL
WHERE kind = {kind:String} AND NOT deleted AND (
    state IN ('pending', 'running', 'sending', 'removing') OR (state = 'done' AND JSONHas(result, 'file'))
)
ORDER BY requested_at, id
"""
TERMINALS = """
SELECT env, uid, requested_by AS by FROM pod_action FINAL
WHERE kind = 'terminal' AND state IN ('waiting', 'open') AND NOT deleted AND env = {env:String}
"""


class Holder(NamedTuple):
    """An action that holds something which there are few of, and who asked for it."""

    env: str
    uid: str
    by: str


class Claim(NamedTuple):
    """An action that is not finished, and who runs it; empty for nobody."""

    id: str
    runner: str


async def one(clickhouse: ClickHouse, env: str, action_id: str) -> PodAction | None:
    """Return one action."""
    row = await clickhouse.fetch_one(ONE, env=env, id=action_id)
    return action_of(row) if row else None


async def list_actions(
    clickhouse: ClickHouse,
    env: str,
    scope: Sequence[str] | None,
    conditions: Mapping[str, str],
    isolated: bool,
    limit: int,
    offset: int,
) -> tuple[list[PodAction], int]:
    """Return one part, the latest first, and the total.

    :param scope: only of these namespaces; None: of any.
    :param conditions: `namespace`, `pod`, `service`, `service_kind`, `kind` and `state`; empty for any.
    :param isolated: only those whose pod is isolated now.
    """
    rows: Sequence[Row] = await clickhouse.fetch(
        FOUND,
        env=env,
        isolated=isolated,
        everywhere=scope is None,
        scope=scope or (),
        limit=limit,
        offset=offset,
        **conditions,
    )
    return [action_of(row) for row in rows], int(rows[0]["total"]) if rows else 0


async def text_of(clickhouse: ClickHouse, env: str, action_id: str) -> str:
    """Return what a JVM said; empty where it said nothing."""
    row = await clickhouse.fetch_one(TEXT, env=env, id=action_id)
    return str(row["text"]) if row else ""


async def open_actions(clickhouse: ClickHouse, env: str) -> list[Claim]:
    """Return what is not finished, in the order in which it was asked for."""
    return await clickhouse.fetch_as(Claim, OPEN, env=env)


async def holding(clickhouse: ClickHouse, kind: ActionKind) -> list[Holder]:
    """Return the actions of a kind, in all envs, whose file is being written or is in its pod."""
    return await clickhouse.fetch_as(Holder, HOLDING, kind=kind)


async def terminals(clickhouse: ClickHouse, env: str) -> list[Holder]:
    """Return the terminals of an env that are open, or about to be."""
    return await clickhouse.fetch_as(Holder, TERMINALS, env=env)


async def due(clickhouse: ClickHouse, env: str, now: datetime, soon: datetime) -> list[PodAction]:
    """Return what ends now, and the isolations that end soon of which nobody was told."""
    rows = await clickhouse.fetch(DUE, env=env, now=timestamp(now), soon=timestamp(soon))
    return [action_of(row) for row in rows]
