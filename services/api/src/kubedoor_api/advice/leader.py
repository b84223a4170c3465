"""What an env's leader does about advice: makes it after each collection, and writes what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.advice import queries
from kubedoor_api.advice.making import made
from kubedoor_api.advice.outcomes.watching import watch_outcomes
from kubedoor_api.advice.queries import Key
from kubedoor_api.advice.stored import expiry_of, has_expired, says_the_same
from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from datetime import date

    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.domain.env_policy import EnvPolicy

LOOK_PAUSE_S = 60.0
"""How often it is looked whether a day was collected: nobody waits for advice."""

log = get_logger(__name__)


async def keep_advice(context: Context, env: str) -> None:
    """Make an env's advice once after each collection, and look at what was accepted, while leading it.

    Once more where a setting has changed since.
    """
    done: tuple[date, EnvPolicy] | None = None
    while True:
        await asyncio.sleep(LOOK_PAUSE_S)
        latest, policy = await latest_date(context[ClickHouse], env), await store.policy(context, env)
        if (
            latest is None
            or (latest, policy) == done
            or await queries.is_collecting(context[ClickHouse], env)
        ):
            continue
        await remake(context, env)
        await watch_outcomes(context, env, latest)
        done = latest, policy


async def remake(context: Context, env: str) -> int:
    """Make the advice on all of an env's Deployments; return how many pieces of it are not as they were.

    A leader that takes over makes it once more, and writes only what is new.

    :raises KubeDoorError: ClickHouse or the cluster could not be asked.
    """
    clickhouse = context[ClickHouse]
    rows = await made(context, env)
    new = await keep(clickhouse, env, await queries.latest(clickhouse, env), rows)
    log.info("advice.made", env=env, services=len(rows), new=new)
    return new


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
