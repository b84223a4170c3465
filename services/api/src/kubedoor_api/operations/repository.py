"""The state of a running operation: every step's state is a new version of the row, several at once in one.

What a step is about to do stands in the row before it is done, so that whoever comes after a death knows
what may have been done.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubedoor_api.commits.writer import Writer
from kubedoor_api.operations import queries
from kubedoor_api.operations.job import Job, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.operations.job import Step
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row

log = get_logger(__name__)

RETRY_S = 1.0


class DeposedError(KubeDoorError):
    """Another instance runs the operation now."""


class OperationRepository:
    """The one writer of an operation's steps while it runs; who cancels it writes beside it."""

    def __init__(self, context: Context, job: Job, runner: str) -> None:
        self._context = context
        self._runner = runner
        self.job = job
        self.cancelled = asyncio.Event()
        self._noted = 0
        self._saved = 0
        self._lock = asyncio.Lock()

    def step(self, index: int) -> Step:
        """Return a step as it stands."""
        return self.job.steps[index]

    def note(self, index: int, **changes: Any) -> Step:  # noqa: ANN401 the fields of a step
        """Change a step; it is readable by others once it is saved."""
        step = replace(self.job.steps[index], **changes)
        self.job = self.job.with_step(index, step)
        self._noted += 1
        return step

    async def save(self, **changes: Any) -> None:  # noqa: ANN401 the fields of an operation
        """Return when all that was noted stands in ClickHouse, however long that takes.

        Who comes while another saves waits for one commit that holds what both have noted.

        :raises DeposedError: another instance has taken the operation over.
        """
        if changes:
            self.job = replace(self.job, **changes)
            self._noted += 1
        wanted = self._noted
        async with self._lock:
            while self._saved < wanted:
                await self._try()

    async def _try(self) -> None:
        noted = self._noted
        try:
            await self._commit([])
        except DeposedError:
            raise
        except KubeDoorError as error:
            log.warning("operation.waiting", operation=self.job.id, reason=str(error))
            await asyncio.sleep(RETRY_S)
            return
        self._saved = max(self._saved, noted)

    async def finish(self, job: Job, also: list[Job]) -> None:
        """Save the end of the operation, in one commit with operations that follow from it.

        :raises DeposedError: another instance has taken the operation over.
        :raises KubeDoorError: ClickHouse is away; try again.
        """
        async with self._lock:
            self.job = job
            await self._commit([row_of(other) for other in also])

    async def _commit(self, also: list[Row]) -> None:
        async def prepare() -> list[Row]:
            standing = await queries.marks(self._context[ClickHouse], self.job.env, self.job.id)
            if standing is None or (standing["runner"] and standing["runner"] != self._runner):
                raise DeposedError(f"another instance runs the operation {self.job.id}")
            self.see_cancelled(standing["cancelled_by"])
            return [row_of(self.job), *also]

        version = await self._context[Writer].commit("operation", self.job.requested_by, prepare)
        self.job = replace(self.job, version=version)

    def see_cancelled(self, by: str) -> None:
        """Take up that somebody has cancelled the operation."""
        if by and not self.job.cancelled_by:
            self.job = replace(self.job, cancelled_by=by)
        if self.job.cancelled_by:
            self.cancelled.set()
