"""Work that waits in a table for an env's leader: claimed and saved by one instance alone, and told of."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.commits.queries import Table
from kubedoor_api.commits.writer import Beside, Columns, Prepare, Writer
from kubedoor_api.leader.jobs import DeposedError, Jobs, patiently
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.leader.news import News
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

log = get_logger(__name__)

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


class Waits(Protocol):
    """What a look for open work finds."""

    @property
    def id(self) -> str:
        """Its identity."""


class Refusal(NamedTuple):
    """What is said where there is no such work, or not any more.

    :ivar text: in which `{id}`, `{env}` and `{state}` stand for the work's own.
    """

    status: int
    code: ProblemCode
    text: str

    def problem(self, **about: str) -> Problem:
        """Return it for one piece of work."""
        return Problem(self.status, self.text.format(**about), code=self.code, parameters=about)


def entry_of(
    work: Claimable,
    action: str,
    outcome: str,
    *,
    actor: str = "",
    namespace: str = "",
    name: str = "",
    before: str = "",
    after: str,
) -> AuditEntry:
    """Return the audit log's entry of what came of work; its request has one of its own, from before.

    :param actor: empty: who asked for it.
    :param before: JSON, as is ``after``.
    """
    who = actor or work.requested_by
    return AuditEntry(who, "", "", work.id, action, outcome, work.env, namespace, name, before, after)


@dataclass(frozen=True)
class Claims(Generic[W]):
    """How work of one kind is found, asked for, claimed, saved and told of.

    :ivar table: that it is in; the log calls it so, too.
    :ivar open: states in which the leader has something to do.
    :ivar one: finds it by its env and identity.
    :ivar row_of: returns the row to commit.
    :ivar added: set when this process has written some; what others wrote is found by polling.
    :ivar missing: the refusal where there is none.
    :ivar take_up: returns the first with what others may have changed of it meanwhile, as the second has it.
    """

    table: Table
    open: Collection[str]
    one: Callable[[ClickHouse, str, str], Awaitable[W | None]]
    row_of: Callable[[W], Columns]
    added: type[asyncio.Event]
    missing: Refusal
    take_up: Callable[[W, W], W] = lambda work, _: work

    async def load(self, context: Context, env: str, work_id: str) -> W:
        """Return work.

        :raises Problem: 404.
        """
        found = await self.one(context[ClickHouse], env, work_id)
        if found is None:
            raise self.missing.problem(env=env, id=work_id)
        return found

    async def write(
        self,
        context: Context,
        author: str,
        prepare: Prepare,
        audit: AuditContext | None = None,
        beside: Callable[[], Beside] = dict,
    ) -> int:
        """Commit what `prepare` returns, wake whoever does it, and return its version."""
        version = await context[Writer].commit(self.table, author, prepare, audit, beside)
        context[self.added].set()
        return version

    async def run(
        self,
        context: Context,
        env: str,
        look: Callable[[], Awaitable[Iterable[Waits]]],
        do: Callable[[W], Awaitable[None]],
        at_once: int = sys.maxsize,
    ) -> None:
        """Claim and do what is found, until cancelled: leadership is lost, or the API ends.

        :param look: returns what is open.
        :param at_once: so many are under way here at the same time.
        """
        jobs, identity = Jobs(self.table, env), context[Leadership].identity
        slots = asyncio.Semaphore(at_once)

        async def begin(work_id: str) -> None:
            async with slots:
                claimed = await self.claim(context, env, work_id, identity, datetime.now(UTC))
                if claimed is not None:
                    await do(claimed)

        news = News(context, self.table, context[self.added])

        async def look_again() -> None:
            for found in await news.look(look):
                jobs.begin(found.id, begin)

        await jobs.run(look_again, news.wait)

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

    async def save(self, context: Context, work: W, audit: AuditContext | None = None) -> W:
        """Return work once it stands in ClickHouse as it is now, however long that takes.

        What others have changed meanwhile (`take_up`) is in what is returned.

        :param audit: what of it belongs into the audit log, written with it.
        :raises DeposedError: another instance has taken it over.
        """
        saved = [work]

        async def prepare() -> list[Columns]:
            saved[0] = self.take_up(work, await self.own(context, work))
            return [self.row_of(saved[0])]

        version = await self.commit(context, work, prepare, audit)
        return replace(saved[0], version=version)

    async def heard(self, context: Context, work: W) -> W:
        """Return work with what others have changed meanwhile, however long it takes to hear that.

        :raises DeposedError: another instance has taken it over.
        """
        return self.take_up(work, await self.patiently(work, lambda: self.own(context, work)))

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

    async def tell(
        self,
        context: Context,
        work: W,
        kind: str,
        message: str,
        about: dict[str, str],
        *,
        namespace: str = "",
        name: str = "",
    ) -> None:
        """Tell people of work, as far as ClickHouse takes it.

        It has one identity however often it is written: an API that died may have written it already.

        :param namespace: and ``name``: of the service that it is about, where that is one of several.
        """
        place = f":{namespace}/{name}" if name else ""
        now, identity = datetime.now(UTC), f"{kind}:{work.id}{place}"
        event = event_row(identity, now, work.env, kind, message, about, namespace=namespace, name=name)
        try:
            await context[ClickHouse].insert("event", [event])
        except KubeDoorError as error:
            lost = f"{self.table}.event_lost"
            log.warning(lost, kind=kind, reason=str(error), **{self.table: work.id})


@dataclass(frozen=True, kw_only=True)
class Cancellable(Claimable):
    """Work whose end can be asked for.

    :ivar cancelled_by: who has; empty for nobody.
    """

    cancelled_by: str = ""


C = TypeVar("C", bound=Cancellable)


async def cancel(
    claims: Claims[C],
    context: Context,
    work: C,
    by: str,
    audit: AuditContext,
    end: Callable[[C], C],
    ended: Refusal,
) -> C:
    """Ask whoever does work to end it; what nobody has begun ends here and now.

    :param end: returns it as it ends where nothing was done.
    :param ended: the refusal where it has.
    :raises Problem: 404, or 409 where it has ended.
    """

    async def prepare() -> list[Columns]:
        standing = await claims.load(context, work.env, work.id)
        if standing.state not in claims.open:
            raise ended.problem(id=work.id, state=standing.state)
        if standing.cancelled_by:
            return []
        cancelled = replace(standing, cancelled_by=by)
        return [claims.row_of(end(cancelled) if standing.state == "pending" else cancelled)]

    await claims.write(context, by, prepare, audit)
    return await claims.load(context, work.env, work.id)
