"""What an env's leader does about advice: makes it anew after each collection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kubedoor_api.advice import queries
from kubedoor_api.advice.making import made
from kubedoor_api.advice.outcomes.watching import watch_outcomes
from kubedoor_api.advice.stored import says_the_same
from kubedoor_api.control.queries import latest_date
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from datetime import date

    from kubedoor_api.web.endpoint import Context

LOOK_PAUSE_S = 60.0
"""How often it is looked whether a day was collected: nobody waits for advice."""

log = get_logger(__name__)


async def keep_advice(context: Context, env: str) -> None:
    """Make an env's advice once after each collection, and look at what was accepted, while leading it."""
    done: date | None = None
    while True:
        await asyncio.sleep(LOOK_PAUSE_S)
        latest = await latest_date(context[ClickHouse], env)
        if latest is None or latest == done or await queries.is_collecting(context[ClickHouse], env):
            continue
        await remake(context, env)
        await watch_outcomes(context, env, latest)
        done = latest


async def remake(context: Context, env: str) -> int:
    """Make the advice on all of an env's Deployments; return how many pieces of it are not as they were.

    A leader that takes over makes it once more, and writes only what is new.

    :raises KubeDoorError: ClickHouse or the cluster could not be asked.
    """
    clickhouse = context[ClickHouse]
    rows = await made(context, env)
    before = await queries.latest(clickhouse, env)
    new = [
        row
        for row in rows
        if (old := before.get((row["namespace"], row["name"]))) is None or not says_the_same(old, row)
    ]
    await queries.insert(clickhouse, "advice", new)
    log.info("advice.made", env=env, services=len(rows), new=len(new))
    return len(new)
