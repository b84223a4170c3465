"""What an env's leader does about advice: makes it anew after each collection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kubedoor_api.advice import queries
from kubedoor_api.advice.keeping import keep
from kubedoor_api.advice.making import made
from kubedoor_api.advice.outcomes.watching import watch_outcomes
from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_core.clickhouse import ClickHouse
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
