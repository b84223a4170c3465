"""Keeps advice: writes what is not as it was, and that what can't be accepted any more has expired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from kubedoor_api.advice import queries
from kubedoor_api.advice.queries import Key
from kubedoor_api.advice.stored import expiry_of, has_expired, says_the_same
from kubedoor_core.clickhouse import ClickHouse, Row


async def keep(clickhouse: ClickHouse, env: str, before: Mapping[Key, Row], rows: Sequence[Row]) -> int:
    """Write advice that was made; return how many pieces of it are not as they were.

    The expiries first: what has given way to a later making is not looked at again.

    :param before: the latest advice on all services that were looked at, decided on or not.
    """
    made = {(row["namespace"], row["name"]): row for row in rows}
    over = [(old, made.get(key)) for key, old in before.items() if has_expired(old, made.get(key))]
    decided, at = await queries.decided(clickhouse, env, [old["id"] for old, _ in over]), datetime.now(UTC)
    expiries = [expiry_of(old, row, at) for old, row in over if old["id"] not in decided]
    new = [row for key, row in made.items() if key not in before or not says_the_same(before[key], row)]
    await queries.insert(clickhouse, "advice_decision", expiries)
    await queries.insert(clickhouse, "advice", new)
    return len(new)
