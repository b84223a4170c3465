"""Stored settings: reading them, and writing one against its version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kubedoor_api.commits.writer import Writer
from kubedoor_api.settings import queries
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from kubedoor_api.web.endpoint import AuditContext, Context
    from kubedoor_core.clickhouse import Row


async def stored(context: Context, env: str) -> dict[tuple[str, str], Row]:
    """Return the stored settings of an env by namespace ('' for the whole env) and key."""
    rows = await queries.settings_of(context[ClickHouse], env)
    return {(row["namespace"], row["key"]): row for row in rows}


def value_of(row: Row | None) -> Any:  # noqa: ANN401 whatever JSON is stored
    """Return a stored value, or None where there is none or it is no JSON."""
    if row is None:
        return None
    try:
        return json.loads(row["value"])
    except ValueError:
        return None


async def write(
    context: Context,
    author: str,
    where: tuple[str, str, str],
    value: Any,  # noqa: ANN401 whatever JSON can say
    if_match: str,
    audit: AuditContext,
    current: Callable[[dict[tuple[str, str], Row]], dict[str, Any]],
) -> None:
    """Store a value, or remove it where it is None.

    :param where: env, namespace ('' for the whole env) and key.
    :param current: tells what stands now, for the 412.
    :raises Problem: 412 where it has been changed since `if_match`.
    """
    env, namespace, key = where

    async def prepare() -> list[Row]:
        rows = await stored(context, env)
        row = rows.get((namespace, key))
        version = str(row["version"]) if row else "0"
        if version != if_match:
            detail = f"{key} has been changed since: look at `current` and try again"
            raise Problem(
                412,
                detail,
                headers={"ETag": f'"{version}"'},
                extra={"current": current(rows)},
                parameters={"by": row["updated_by"] if row else ""},
            )
        if value is None and row is None:
            return []
        audit.set({key: value_of(row)} if row else None, None if value is None else {key: value})
        return [
            {
                "env": env,
                "namespace": namespace,
                "key": key,
                "value": json.dumps(value),
                "deleted": value is None,
            }
        ]

    await context[Writer].commit("setting", author, prepare, audit)
