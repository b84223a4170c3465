"""Operations in ClickHouse: found, added, and kept while they run.

Every target's state is a new version of the row, several at once in one. What a target is about to be asked
stands in the row before it is asked, so that whoever comes after a death knows what may have been done.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.leader.claims import Claims
from kubedoor_api.operations import queries
from kubedoor_api.operations.operation import OPEN, Operation, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from kubedoor_api.commits.writer import Beside
    from kubedoor_api.operations.operation import Target
    from kubedoor_api.web.endpoint import AuditContext, Context


CLAIMS = Claims("operation", OPEN, queries.one, row_of)


class OperationAdded(asyncio.Event):
    """Set when this process has written an operation; what others wrote is found by polling."""


async def load(context: Context, env: str, operation_id: str) -> Operation:
    """Return an operation.

    :raises Problem: 404.
    """
    found = await queries.one(context[ClickHouse], env, operation_id)
    if found is None:
        raise Problem(
            404,
            f"There is no operation {operation_id} in {env}",
            code=ProblemCode.NO_OPERATION,
            parameters={"env": env, "id": operation_id},
        )
    return found


async def add(
    context: Context,
    operations: Sequence[Operation],
    actor: str,
    audit: AuditContext | None = None,
    beside: Callable[[], Beside] = dict,
) -> int:
    """Commit new operations of an env in one go, and wake the executor; one that exists stays as it is.

    :returns: their version.
    """

    async def prepare() -> list[Columns]:
        ids = [one.id for one in operations]
        there = await queries.existing(context[ClickHouse], operations[0].env, ids)
        return [row_of(one) for one in operations if one.id not in there]

    version = await context[Writer].commit("operation", actor, prepare, audit, beside)
    context[OperationAdded].set()
    return version


async def cancel(
    context: Context, env: str, operation_id: str, by: str, now: datetime, audit: AuditContext
) -> Operation:
    """Ask whoever runs an operation to begin no further service.

    :raises Problem: 404, or 409 where it has ended.
    """

    async def prepare() -> list[Columns]:
        standing = await load(context, env, operation_id)
        if standing.state not in OPEN:
            raise Problem(
                409,
                f"The operation {operation_id} has ended: it {standing.state}",
                code=ProblemCode.OPERATION_ENDED,
                parameters={"id": operation_id, "state": standing.state},
            )
        if standing.cancelled_by:
            return []
        cancelled = replace(standing, cancelled_by=by)
        # What nobody has begun, such as the end of a temporary scale, ends here and now.
        return [row_of(cancelled.ended(now) if standing.state == "pending" else cancelled)]

    await context[Writer].commit("operation", by, prepare, audit)
    context[OperationAdded].set()
    return await load(context, env, operation_id)


class OperationRepository:
    """The one writer of an operation's targets while it runs; who cancels it writes beside it."""

    def __init__(self, context: Context, operation: Operation) -> None:
        self._context = context
        self.operation = operation
        self.cancelled = asyncio.Event()
        self._noted = 0
        self._saved = 0
        self._lock = asyncio.Lock()

    def target(self, index: int) -> Target:
        """Return a target as it stands."""
        return self.operation.targets[index]

    def change(self, index: int, **changes: Any) -> Target:  # noqa: ANN401 the fields of a target
        """Change a target; others can read it once it is saved."""
        target = replace(self.operation.targets[index], **changes)
        self.operation = self.operation.with_target(index, target)
        self._noted += 1
        return target

    async def save(self) -> None:
        """Return when all changes stand in ClickHouse, however long that takes.

        Who comes while another saves waits for one commit that holds the changes of both.

        :raises DeposedError: another instance has taken the operation over.
        """
        wanted = self._noted
        async with self._lock:
            while self._saved < wanted:
                noted = self._noted
                await self._commit([])
                self._saved = max(self._saved, noted)

    async def finish(self, operation: Operation, also: Sequence[Operation]) -> None:
        """Save the end of the operation likewise, in one commit with operations that follow from it.

        :raises DeposedError: another instance has taken the operation over.
        """
        async with self._lock:
            self.operation = operation
            await self._commit(also)

    async def _commit(self, also: Sequence[Operation]) -> None:
        async def prepare() -> list[Columns]:
            standing = await queries.claimed(self._context[ClickHouse], self.operation.env, self.operation.id)
            CLAIMS.require_own(standing.runner if standing else None, self.operation)
            self.see_cancelled(standing.cancelled_by if standing else "")
            return [row_of(self.operation), *map(row_of, also)]

        version = await CLAIMS.commit(self._context, self.operation, prepare)
        self.operation = replace(self.operation, version=version)

    def see_cancelled(self, by: str) -> None:
        """Take up that somebody has cancelled the operation."""
        if by and not self.operation.cancelled_by:
            self.operation = replace(self.operation, cancelled_by=by)
        if self.operation.cancelled_by:
            self.cancelled.set()
