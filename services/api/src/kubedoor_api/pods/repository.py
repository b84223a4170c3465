"""Actions on pods in ClickHouse: found, added, and kept while they run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from kubedoor_api.commits.writer import Columns
from kubedoor_api.leader.claims import Claims, Refusal
from kubedoor_api.pods import queries
from kubedoor_api.pods.action import FILES, OPEN, PodAction, row_of
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

TERMINALS_OF_AN_ENV, TERMINALS_OF_A_PERSON = 10, 3
RETRY_AFTER_S = 30
DUMPS_IN_ALL = 2
"""Heap dumps that are written, wait or are sent at the same time, in all envs."""


class PodActionAdded(asyncio.Event):
    """Set when this process has written an action; what others wrote is found by polling."""


POD_ACTIONS = Claims(
    "pod_action",
    OPEN,
    queries.one,
    row_of,
    PodActionAdded,
    Refusal(404, ProblemCode.NO_POD_ACTION, "There is no action {id} on a pod in {env}"),
)


async def _refuse_busy(context: Context, action: PodAction) -> None:
    """Refuse a file where another stands in its way.

    It may be of a namespace that the caller may not see: whose it is is told, and not where.

    :raises Problem: 409.
    """
    if action.kind not in FILES:
        return
    holders = await queries.holding(context[ClickHouse], action.kind)
    dumps = action.kind == "heap_dump"
    in_the_way = [one for one in holders if one.env == action.env and (dumps or one.uid == action.uid)]
    if dumps and len(holders) >= DUMPS_IN_ALL:
        in_the_way += holders
    if in_the_way:
        by = in_the_way[0].by
        raise Problem(
            409,
            f"{by} has such a file already: there is one heap dump at a time in an env, {DUMPS_IN_ALL} in"
            " all, and one recording in a pod; wait until it is downloaded or removed",
            code=ProblemCode.BUSY,
            parameters={"by": by},
        )


async def _refuse_crowd(context: Context, action: PodAction) -> None:
    """Refuse a terminal where an env, or somebody in it, has as many as there may be.

    :raises Problem: 429.
    """
    if action.kind != "terminal":
        return
    standing = await queries.terminals(context[ClickHouse], action.env)
    own = sum(one.by == action.requested_by for one in standing)
    for count, most, whose in (
        (own, TERMINALS_OF_A_PERSON, "yours"),
        (len(standing), TERMINALS_OF_AN_ENV, "all"),
    ):
        if count >= most:
            raise Problem(
                429,
                f"{most} terminals in {action.env} are open ({whose}), the most that there may be: close one"
                " first",
                code=ProblemCode.TOO_MANY_TERMINALS,
                headers={"Retry-After": str(RETRY_AFTER_S)},
                parameters={"env": action.env, "most": most, "whose": whose},
            )


async def add(
    context: Context, action: PodAction, audit: AuditContext, before: PodAction | None = None
) -> PodAction:
    """Commit a new action, and wake whoever does it.

    :param before: one that it waits for, committed with it.
    :raises Problem: 409, 429, others stand in its way.
    """

    async def prepare() -> list[Columns]:
        await _refuse_busy(context, action)
        await _refuse_crowd(context, action)
        return [row_of(one) for one in (before, action) if one is not None]

    version = await POD_ACTIONS.write(context, action.requested_by, prepare, audit)
    return replace(action, version=version)


async def turn(
    context: Context,
    found: PodAction,
    audit: AuditContext | None = None,
    **changes: Any,  # noqa: ANN401 its fields
) -> PodAction:
    """Change an action that has ended, as `undo` and the end of an isolation do.

    :raises Problem: 404, or 409 where it has gone on meanwhile.
    """

    async def prepare() -> list[Columns]:
        standing = await POD_ACTIONS.load(context, found.env, found.id)
        if standing.version != found.version:
            raise gone_on(found, standing)
        return [row_of(replace(found, **changes))]

    author = changes.get("undone_by") or "api"
    version = await POD_ACTIONS.write(context, author, prepare, audit)
    return replace(found, **changes, version=version)


def gone_on(found: PodAction, standing: PodAction) -> Problem:
    """Return the refusal of what is based on how an action stood before."""
    if found.kind in FILES:
        return no_file(standing)
    return no_terminal(standing) if found.kind == "terminal" else nothing_to_undo(standing)


def no_terminal(action: PodAction) -> Problem:
    """Return the refusal of a terminal that there is not, not any more, or for somebody else."""
    return _refusal(
        action, ProblemCode.NO_TERMINAL, "is no terminal that can be had now", "; ask for a new one"
    )


def no_file(action: PodAction) -> Problem:
    """Return the refusal of a file that there is not, not yet, or not any more."""
    return _refusal(action, ProblemCode.NO_FILE, "has no file")


def nothing_to_undo(action: PodAction) -> Problem:
    """Return the refusal of a way back that there is not, or not any more."""
    return _refusal(action, ProblemCode.NOTHING_TO_UNDO, "has nothing to undo")


def _refusal(action: PodAction, code: ProblemCode, why: str, instead: str = "") -> Problem:
    return Problem(
        409,
        f"The action {action.id} {why}: it is a pod's {action.kind} and {action.state}{instead}",
        code=code,
        parameters={"id": action.id, "kind": action.kind, "state": action.state},
    )
