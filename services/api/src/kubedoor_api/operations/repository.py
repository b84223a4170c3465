"""Operations in ClickHouse: found, added, and kept while they run.

Every target's state is a new version of the row, several at once in one. What a target is about to be asked
stands in the row before it is asked, so that whoever comes after a death knows what may have been done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from kubedoor_api.commits.writer import Beside, Columns
from kubedoor_api.leader.claims import Claims, Refusal
from kubedoor_api.operations import queries
from kubedoor_api.operations.operation import OPEN, Operation, Target, row_of
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode


class OperationAdded(asyncio.Event):
    """Set when this process has written an operation; what others wrote is found by polling."""


OPERATIONS = Claims(
    "operation",
    OPEN,
    queries.one,
    row_of,
    OperationAdded,
    Refusal(404, ProblemCode.NO_OPERATION, "There is no operation {id} in {env}"),
)
ENDED = Refusal(409, ProblemCode.OPERATION_ENDED, "The operation {id} has ended: it {state}")


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

    return await OPERATIONS.write(context, actor, prepare, audit, beside)


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
            OPERATIONS.require_own(standing.runner if standing else None, self.operation)
            self.see_cancelled(standing.cancelled_by if standing else "")
            return [row_of(self.operation), *map(row_of, also)]

        version = await OPERATIONS.commit(self._context, self.operation, prepare)
        self.operation = replace(self.operation, version=version)

    def see_cancelled(self, by: str) -> None:
        """Take up that somebody has cancelled the operation."""
        if by and not self.operation.cancelled_by:
            self.operation = replace(self.operation, cancelled_by=by)
        if self.operation.cancelled_by:
            self.cancelled.set()
