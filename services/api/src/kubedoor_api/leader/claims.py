"""Work that waits in a table for an env's leader: claimed by one instance, and saved by that one alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from kubedoor_api.commits.queries import Table
from kubedoor_api.commits.writer import Columns, Prepare, Writer
from kubedoor_api.leader.jobs import DeposedError, patiently
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import AuditContext, Context

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """What each such work has; the columns of its table have its fields' names.

    :ivar runner: the instance that does it; empty: nobody has begun.
    """

    id: str
    env: str
    requested_at: datetime
    requested_by: str
    state: str = "pending"
    runner: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0


W = TypeVar("W", bound=Claimable)


@dataclass(frozen=True)
class Claims(Generic[W]):
    """How work of one kind is claimed and saved.

    :ivar table: that it is in; the log calls it so, too.
    :ivar open: states in which the leader has something to do.
    :ivar one: finds it by its env and identity.
    :ivar row_of: returns the row to commit.
    """

    table: Table
    open: Collection[str]
    one: Callable[[ClickHouse, str, str], Awaitable[W | None]]
    row_of: Callable[[W], Columns]

    async def claim(self, context: Context, env: str, work_id: str, runner: str, now: datetime) -> W | None:
        """Take work on in an instance's name; None where it has ended meanwhile."""
        claimed: list[W] = []

        async def prepare() -> list[Columns]:
            claimed.clear()
            standing = await self.one(context[ClickHouse], env, work_id)
            if standing is None or standing.state not in self.open:
                return []
            state = "running" if standing.state == "pending" else standing.state
            begun = replace(standing, state=state, runner=runner, started_at=standing.started_at or now)
            claimed.append(begun)
            return [self.row_of(begun)]

        version = await context[Writer].commit(self.table, "api", prepare)
        return replace(claimed[0], version=version) if claimed else None

    def require_own(self, runner: str | None, work: W) -> None:
        """Refuse to go on with work that another instance has taken over.

        :param runner: who runs it as it stands; None: it is gone.
        :raises DeposedError: another one does.
        """
        if runner not in {"", work.runner}:
            raise DeposedError(f"another instance runs {work.id} of {self.table}")

    async def own(self, context: Context, work: W) -> W:
        """Return how an instance's work stands.

        :raises DeposedError: another instance has taken it over.
        """
        standing = await self.one(context[ClickHouse], work.env, work.id)
        self.require_own(standing.runner if standing else None, work)
        assert standing is not None
        return standing

    async def patiently(self, work: W, do: Callable[[], Awaitable[T]]) -> T:
        """Return what something comes to, however long ClickHouse is away."""
        return await patiently(do, KubeDoorError, f"{self.table}.waiting", **{self.table: work.id})

    async def commit(
        self, context: Context, work: W, prepare: Prepare, audit: AuditContext | None = None
    ) -> int:
        """Commit what `prepare` returns in the name of who asked for it, and return its version likewise.

        :param audit: what of it belongs into the audit log, written with it.
        """
        writer, by = context[Writer], work.requested_by
        return await self.patiently(work, lambda: writer.commit(self.table, by, prepare, audit))
