"""Does the actions on an env's pods for as long as this instance leads it; takes up those of a dead one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.pods import events, queries
from kubedoor_api.pods.action import FILES, ActionReason, PodAction
from kubedoor_api.pods.repository import POD_ACTIONS, turn
from kubedoor_api.pods.runner import ActionRunner
from kubedoor_api.pods.terminal.ending import closing_of
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

log = get_logger(__name__)

AT_ONCE = 10
WARN_BEFORE = timedelta(hours=1)


async def run_pod_actions(context: Context, env: str) -> None:
    """Do what is asked for in an env, until cancelled: leadership is lost, or the API ends."""
    if env not in context[Clusters].names:
        await asyncio.Event().wait()

    async def look() -> list[queries.Claim]:
        await _end(context, env, datetime.now(UTC))
        return await queries.open_actions(context[ClickHouse], env)

    async def do(action: PodAction) -> None:
        log.info("pod_action.begun", pod_action=action.id, env=env, kind=action.kind)
        await ActionRunner(context, action).run()

    await POD_ACTIONS.run(context, env, look, do, AT_ONCE)


async def _end(context: Context, env: str, now: datetime) -> None:
    """Begin to end isolations, files and terminals whose time is over; tell of pods with an hour left."""
    for found in await queries.due(context[ClickHouse], env, now, now + WARN_BEFORE):
        over = found.expires_at is not None and found.expires_at <= now
        try:
            if over and found.kind == "terminal":
                await turn(context, found, **closing_of(found))
            elif over and found.kind in FILES:
                await turn(context, found, state="removing", reason=_why_removed(found))
            elif over:
                await turn(context, found, state="expiring", warned=True)
            elif found.kind == "isolate":
                await events.expires(context, found)
                await turn(context, found, warned=True)
        except Problem as error:
            log.info("pod_action.went_on", pod_action=found.id, reason=str(error))


def _why_removed(found: PodAction) -> ActionReason:
    """Say why a file goes; one that was being taken has lost the api that sent it."""
    if found.state == "done":
        return "time_over" if "kept" in found.result else "not_taken"
    return found.reason or "cut"
