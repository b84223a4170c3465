"""Actions on pods in ClickHouse: found, added, and kept while they run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.pods import queries
from kubedoor_api.pods.action import OPEN, PodAction, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from kubedoor_api.web.endpoint import AuditContext, Context

log = get_logger(__name__)

RETRY_S = 1.0


class PodActionAdded(asyncio.Event):
    """Set when this process has written an action; what others wrote is found by polling."""


class DeposedError(KubeDoorError):
    """Another instance runs the action now."""


async def load(context: Context, env: str, action_id: str) -> PodAction:
    """Return an action.

    :raises Problem: 404.
    """
    found = await queries.one(context[ClickHouse], env, action_id)
    if found is None:
        raise Problem(
            404,
            f"There is no action {action_id} on a pod in {env}",
            code=ProblemCode.NO_POD_ACTION,
            parameters={"env": env, "id": action_id},
        )
    return found


async def add(context: Context, action: PodAction, audit: AuditContext) -> PodAction:
    """Commit a new action, and wake whoever does it."""

    async def prepare() -> list[Columns]:
        return [row_of(action)]

    version = await context[Writer].commit("pod_action", action.requested_by, prepare, audit)
    context[PodActionAdded].set()
    return replace(action, version=version)


async def claim(context: Context, env: str, action_id: str, runner: str, now: datetime) -> PodAction | None:
    """Take an action on in an instance's name; None where it has ended meanwhile."""
    claimed: list[PodAction] = []

    async def prepare() -> list[Columns]:
        claimed.clear()
        standing = await queries.one(context[ClickHouse], env, action_id)
        if standing is None or standing.state not in OPEN:
            return []
        begun = replace(standing, state="running", runner=runner, started_at=standing.started_at or now)
        claimed.append(begun)
        return [row_of(begun)]

    version = await context[Writer].commit("pod_action", "api", prepare)
    return replace(claimed[0], version=version) if claimed else None


async def save(context: Context, action: PodAction) -> PodAction:
    """Return when an action stands in ClickHouse as it is now, however long that takes.

    :raises DeposedError: another instance has taken it over.
    """

    async def prepare() -> list[Columns]:
        standing = await queries.one(context[ClickHouse], action.env, action.id)
        if standing is None or standing.runner not in {"", action.runner}:
            raise DeposedError(f"another instance runs the action {action.id}")
        return [row_of(action)]

    while True:
        try:
            version = await context[Writer].commit("pod_action", action.requested_by, prepare)
            return replace(action, version=version)
        except DeposedError:
            raise
        except KubeDoorError as error:
            log.warning("pod_action.waiting", action=action.id, reason=str(error))
            await asyncio.sleep(RETRY_S)
