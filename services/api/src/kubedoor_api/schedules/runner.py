"""Runs the schedules of an env for as long as this instance leads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.auth.people import RoleCheck
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.schedules import decisions, queries
from kubedoor_api.schedules.book import Book, Entry
from kubedoor_api.schedules.misfire import LOOK_BACK, Rule, Skip, plan
from kubedoor_api.schedules.runs import Asked, ask_for, begin
from kubedoor_api.schedules.stored import instant, read
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row

log = get_logger(__name__)

Clock = Callable[[], datetime]

LOOK_S = 0.5
"""Seconds between two looks for changes that somebody made through another instance."""
AGAIN = timedelta(seconds=1)
ON_TIME_S = 60
LATER = timedelta(minutes=1)
TOGETHER = 50
"""Runs that are begun in one go, where many are due."""
AT_ONCE = 8
"""Schedules that are decided at the same time."""
BROKEN = 500

AT_A_TIME = 500
"""Schedules that are read into the book before others get their turn: some 15 ms."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


async def run_schedules(context: Context, env: str) -> None:
    """Run what is due, until cancelled: a work of the leader."""
    await Term(context, env).run()


def _passes(error: Exception) -> bool:
    """Tell whether what failed may succeed a little later."""
    if isinstance(error, Problem):
        return error.status >= BROKEN
    return isinstance(error, UnavailableError)


def _words(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.detail
    return str(error) if isinstance(error, KubeDoorError) else "an unforeseen error; the log tells more"


NO_ROLE = "{person}, who changed it last, has no role any more; whoever saves it again takes it over"


class Term:
    """One term as the leader of an env: what is due next is known, and what is decided."""

    def __init__(self, context: Context, env: str, clock: Clock = utc_now) -> None:
        self._context = context
        self._env = env
        self._clock = clock
        self._book = Book()
        self._version = 0
        self._open: dict[tuple[str, datetime], Row] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Take office, and do what is due when it is."""
        await self.open()
        log.info("schedules.running", env=self._env, schedules=len(self._book))
        while self._context[Leadership].leading(self._env):
            await self.round()
            await asyncio.sleep(self._idle_s())

    def _idle_s(self) -> float:
        due = self._book.next()
        if due is None:
            return LOOK_S
        return min(LOOK_S, max(0.0, (due - self._clock()).total_seconds()))

    async def open(self) -> None:
        """Read what there is, and take up what the leader before left half done."""
        await self._refresh(await queries.cursors(self._context[ClickHouse], self._env))
        since = self._clock() - LOOK_BACK
        found = await queries.open_runs(self._context[ClickHouse], self._env, since)
        ids = list({row["schedule_id"] for row in found})
        rows = await queries.some(self._context[ClickHouse], self._env, ids)
        for row in found:
            gone = {"id": row["schedule_id"], "env": self._env, "spec": ""}
            self._open[row["schedule_id"], instant(row["due_at"])] = rows.get(row["schedule_id"], gone)
        await decisions.tell(self._context, self._env, self._clock())

    async def _refresh(self, cursors: dict[str, datetime] | None = None) -> None:
        head = await queries.head(self._context[ClickHouse])
        if head > self._version:
            rows = await queries.changed(self._context[ClickHouse], self._env, self._version)
            for first in range(0, len(rows), AT_A_TIME):
                self._book.put(rows[first : first + AT_A_TIME], cursors or {})
                await asyncio.sleep(0)  # requests are answered meanwhile
            self._version = head

    async def round(self) -> None:
        """Do what is due now. What somebody has changed before its time counts as changed."""
        await self._refresh()
        due = self._book.due(self._clock())
        if not due and not self._open:
            return
        for first in range(0, max(1, len(due)), TOGETHER):
            await asyncio.gather(*(self._guarded(entry) for entry in due[first : first + TOGETHER]))
            await self._begin()
        await decisions.tell(self._context, self._env, self._clock())

    async def _guarded(self, entry: Entry) -> None:
        """Settle a schedule; what goes wrong with one hurts no other."""
        again = None
        async with self._slots:
            try:
                await self._settle(entry)
            except KubeDoorError as error:
                log.warning("schedules.waiting", env=self._env, id=entry.row["id"], reason=str(error))
                again = self._clock() + AGAIN
            except Exception:
                log.exception("schedules.failed", env=self._env, id=entry.row["id"])
                again = self._clock() + LATER
        self._book.back(entry, again)

    def _rule(self, row: Row) -> Rule:
        on_time_s = max(ON_TIME_S, 2 * self._context[ApiSettings].lease_duration_s)
        return Rule(on_time_s, row["grace_s"] if row["misfire"] == "run_late" else 0)

    async def _settle(self, entry: Entry) -> None:
        """Decide about every due time that has passed."""
        row, context = entry.row, self._context
        while True:
            now = self._clock()
            made = plan(entry.timing, entry.cursor, now, self._rule(row))
            if made.skip:
                key, (state, until) = made.skip.first, await decisions.leave_out(context, row, made.skip, now)
            elif made.start and not await context[RoleCheck].has_role(row["updated_by"]):
                skip = Skip(made.start, made.start, 1, NO_ROLE.format(person=row["updated_by"]))
                key, (state, until) = made.start, await decisions.leave_out(context, row, skip, now)
            elif made.start:
                key, (state, until) = made.start, await decisions.take_up(context, row, made.start, now)
            else:
                return
            log.info("schedules.decided", env=self._env, id=row["id"], due=key.isoformat(), state=state)
            entry.cursor = until
            if state == "starting":
                self._open[row["id"], key] = row

    async def _begin(self) -> None:
        """Begin the runs that are decided; what may pass is tried again next round, until it is too late."""
        tried = [(row, due) for (_, due), row in self._open.items()]
        found = await asyncio.gather(*(self._asked(row, due) for row, due in tried))
        asked = [one for one in found if isinstance(one, Asked)]
        failure = await self._make(asked)
        pairs = zip(tried, found, strict=True)
        ends = [self._end(row, due, failure if isinstance(one, Asked) else one) for (row, due), one in pairs]
        await self._close([end for end in ends if end])

    async def _asked(self, row: Row, due: datetime) -> Asked | Exception | None:
        """Return what a run asks for; None if it has been made before, else why it can't be."""
        run_id = decisions.run_id_of(row["id"], due)
        try:
            async with self._slots:
                if self._clock() - due > self._rule_of(row).limit:
                    return await self._too_late(row, run_id)
                stored = read(row)
                return await ask_for(self._context, stored, run_id, f"schedule {stored.asked.name}")
        except (KubeDoorError, Problem) as error:
            return error
        except Exception as error:
            log.exception("schedules.failed", env=self._env, id=row["id"])
            return error

    def _rule_of(self, row: Row) -> Rule:
        if not row["spec"]:
            raise KubeDoorError("the schedule was removed before its run had begun")
        return self._rule(row)

    async def _too_late(self, row: Row, run_id: str) -> Exception | None:
        if await queries.made(self._context[ClickHouse], self._env, [run_id]):
            return None
        return KubeDoorError(f"nobody was there to begin it in time; {self._rule(row).words()}")

    async def _make(self, asked: list[Asked]) -> Exception | None:
        try:
            if asked:
                await begin(self._context, self._env, asked)
        except (KubeDoorError, Problem) as error:
            return error
        return None

    def _end(self, row: Row, due: datetime, failure: Exception | None) -> decisions.End | None:
        """Return how a run ends; None for one that is tried again."""
        late = self._clock() - due
        if failure is None:
            rule, late_s = self._rule(row), int(late.total_seconds())
            reason = f"began {late_s} s late" if late_s >= rule.on_time_s else ""
            return decisions.End(row, due, "started", reason)
        if not _passes(failure):
            return decisions.End(row, due, "failed", _words(failure))
        log.warning("schedules.again", env=self._env, id=row["id"], reason=_words(failure))
        if late <= self._rule(row).limit:
            return None
        return decisions.End(row, due, "failed", f"it could not be begun in time: {_words(failure)}")

    async def _close(self, ends: list[decisions.End]) -> None:
        try:
            await decisions.close(self._context, ends, self._clock())
        except KubeDoorError as error:
            log.warning("schedules.waiting", env=self._env, reason=str(error))
            return
        for end in ends:
            self._open.pop((end.row["id"], end.due), None)
