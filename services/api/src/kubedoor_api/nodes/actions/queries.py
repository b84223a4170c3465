"""The statements of actions on nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kubedoor_api.nodes.actions.action import OWN, NodeAction, action_of
from kubedoor_core.clickhouse import ClickHouse

COLUMNS = ", ".join(OWN)
ONE = f"""
SELECT {COLUMNS} FROM node_action FINAL WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
FOUND = f"""
SELECT {COLUMNS}, count() OVER () AS total FROM node_action FINAL
WHERE env = {{env:String}} AND NOT deleted
    AND ({{node:String}} = '' OR node = {{node:String}})
    AND ({{kind:String}} = '' OR kind = {{kind:String}})
    AND ({{state:String}} = '' OR state = {{state:String}})
ORDER BY requested_at DESC, id LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""  # noqa: S608 constants of this file
OPEN = """
SELECT id, kind, node, requested_by AS by FROM node_action FINAL
WHERE env = {env:String} AND NOT deleted AND state IN ('pending', 'running')
ORDER BY requested_at, id
"""


class OpenAction(NamedTuple):
    """An action that has not ended, and who asked for it."""

    id: str
    kind: str
    node: str
    by: str


async def one(clickhouse: ClickHouse, env: str, action_id: str) -> NodeAction | None:
    """Return one action."""
    row = await clickhouse.fetch_one(ONE, env=env, id=action_id)
    return action_of(row) if row else None


async def list_actions(
    clickhouse: ClickHouse, env: str, conditions: Mapping[str, str], limit: int, offset: int
) -> tuple[list[NodeAction], int]:
    """Return one part, the latest first, and the total.

    :param conditions: `node`, `kind` and `state`; empty for any.
    """
    rows = await clickhouse.fetch(FOUND, env=env, limit=limit, offset=offset, **conditions)
    return [action_of(row) for row in rows], int(rows[0]["total"]) if rows else 0


async def open_actions(clickhouse: ClickHouse, env: str) -> list[OpenAction]:
    """Return what has not ended, in the order in which it was asked for."""
    return await clickhouse.fetch_as(OpenAction, OPEN, env=env)
