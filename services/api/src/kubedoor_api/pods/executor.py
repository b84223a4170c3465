"""Does the actions on an env's pods for as long as this instance leads it; takes up those of a dead one."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.pods import events, queries
from kubedoor_api.pods.repository import DeposedError, PodActionAdded, claim, turn
from kubedoor_api.pods.runner import ActionRunner
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context

log = get_logger(__name__)

POLL_S = 1.0
"""Seconds between two looks for actions that another instance was asked for."""
AT_ONCE = 10
WARN_BEFORE = timedelta(hours=1)


async def run_pod_actions(context: Context, env: str) -> None:
    """Do what is asked for in an env, until cancelled: leadership is lost, or the API ends."""
    if env not in context[Clusters].names:
        await asyncio.Event().wait()
    await Executor(context, env).run()


class Executor:
    """The actions of one env that are under way in this instance."""

    def __init__(self, context: Context, env: str) -> None:
        self._context = context
        self._env = env
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Look for actions, and begin them."""
        added = self._context[PodActionAdded]
        try:
            while True:
                try:
                    await self._look()
                except KubeDoorError as error:
                    log.warning("pod_action.waiting", env=self._env, reason=str(error))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await added.wait()
                    added.clear()
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        await self._end_isolations(datetime.now(UTC))
        for found in await queries.open_actions(self._context[ClickHouse], self._env):
            if found.id not in self._tasks:
                self._tasks[found.id] = asyncio.create_task(self._run(found.id))

    async def _end_isolations(self, now: datetime) -> None:
        """Begin to delete the isolated pods whose time is over, and tell of those that have an hour left."""
        for found in await queries.due(self._context[ClickHouse], self._env, now, now + WARN_BEFORE):
            over = found.expires_at is not None and found.expires_at <= now
            try:
                if over:
                    await turn(self._context, found, state="expiring", warned=True)
                else:
                    await events.expires(self._context, found)
                    await turn(self._context, found, warned=True)
            except Problem as error:
                log.info("pod_action.went_on", action=found.id, reason=str(error))

    async def _run(self, action_id: str) -> None:
        identity = self._context[Leadership].identity
        try:
            async with self._slots:
                action = await claim(self._context, self._env, action_id, identity, datetime.now(UTC))
                if action is not None:
                    log.info("pod_action.begun", action=action_id, env=self._env, kind=action.kind)
                    await ActionRunner(self._context, action).run()
        except DeposedError as error:
            log.warning("pod_action.deposed", action=action_id, reason=str(error))
        except KubeDoorError as error:
            log.warning("pod_action.waiting", action=action_id, reason=str(error))
        except Exception:
            log.exception("pod_action.failed", action=action_id)
        finally:
            self._tasks.pop(action_id, None)
