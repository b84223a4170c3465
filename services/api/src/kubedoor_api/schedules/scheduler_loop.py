"""Runs the schedules of an env for as long as this instance leads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kubedoor_api.auth.people import RoleCheck
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations import queries as operations
from kubedoor_api.operations.notes import OperationNote, note
from kubedoor_api.schedules import queries, runs
from kubedoor_api.schedules.due_queue import LOOK_BACK, DueQueue, Entry, Rule, Skip, plan
from kubedoor_api.schedules.runs import RunError
from kubedoor_api.schedules.schedule import StoredSchedule
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

log = get_logger(__name__)

Clock = Callable[[], datetime]

POLL_S = 1.0
"""Seconds between two polls for changes that somebody made through another instance."""
AGAIN = timedelta(seconds=1)
ON_TIME_S = 60
LATER = timedelta(minutes=1)
TOGETHER = 50
"""Runs that are begun in one go, where many are due."""
AT_ONCE = 8
"""Schedules that are decided at the same time."""
BROKEN = 500
AT_A_TIME = 500
"""Schedules that are put into the queue before others get their turn: some 15 ms."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


async def run_schedules(context: Context, env: str) -> None:
    """Run what is due, until cancelled: a work of the leader."""
    await SchedulerLoop(context, env).run()


def _why(error: Exception) -> OperationNote:
    if isinstance(error, RunError):
        return error.note
    if isinstance(error, Problem):
        about = {name: value for name, value in error.parameters.items() if isinstance(value, str | int)}
        return note("run_refused", **{**about, "text": error.detail, "problem": str(error.code)})
    known = isinstance(error, KubeDoorError)
    return note("said", text=str(error) if known else "an unforeseen error; the log tells more")


class SchedulerLoop:
    """One term as the leader of an env: what is due next is known, and what is decided."""

    def __init__(self, context: Context, env: str, clock: Clock = utc_now) -> None:
        self._context = context
        self._env = env
        self._clock = clock
        self._queue = DueQueue()
        self._version = 0
        self._open: dict[tuple[str, datetime], StoredSchedule | None] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Take office, and do what is due when it is."""
        await self.open()
        log.info("schedules.running", env=self._env, schedules=len(self._queue))
        while self._context[Leadership].leading(self._env):
            await self.round()
            due = self._queue.next()
            left_s = POLL_S if due is None else (due - self._clock()).total_seconds()
            await asyncio.sleep(min(POLL_S, max(0.0, left_s)))

    async def open(self) -> None:
        """Read what there is, and take up what the leader before left half done."""
        clickhouse, env = self._context[ClickHouse], self._env
        await self._refresh(await queries.cursors(clickhouse, env))
        found = await queries.open_runs(clickhouse, env, self._clock() - LOOK_BACK)
        schedules = await queries.some(clickhouse, env, list({schedule_id for schedule_id, _ in found}))
        for schedule_id, due in found:
            self._open[schedule_id, due] = schedules.get(schedule_id)
        await runs.report(self._context, env, self._clock())

    async def _refresh(self, cursors: dict[str, datetime] | None = None) -> None:
        head = await queries.head(self._context[ClickHouse])
        if head > self._version:
            found = await queries.changed(self._context[ClickHouse], self._env, self._version)
            for first in range(0, len(found), AT_A_TIME):
                self._queue.put(found[first : first + AT_A_TIME], cursors or {})
                await asyncio.sleep(0)  # requests are answered meanwhile
            self._version = head

    async def round(self) -> None:
        """Do what is due now. What somebody has changed before its time counts as changed."""
        await self._refresh()
        due = self._queue.take(self._clock())
        if not due and not self._open:
            return
        for first in range(0, max(1, len(due)), TOGETHER):
            await asyncio.gather(*(self._decide(entry) for entry in due[first : first + TOGETHER]))
            await self._begin()
        await runs.report(self._context, self._env, self._clock())

    async def _decide(self, entry: Entry) -> None:
        """Decide about a schedule's due times; what goes wrong with one hurts no other."""
        again, name = None, entry.schedule.id
        async with self._slots:
            try:
                await self._decide_passed(entry)
            except KubeDoorError as error:
                log.warning("schedules.waiting", env=self._env, id=name, reason=str(error))
                again = self._clock() + AGAIN
            except Exception:
                log.exception("schedules.failed", env=self._env, id=name)
                again = self._clock() + LATER
        self._queue.put_back(entry, again)

    def _rule(self, schedule: StoredSchedule) -> Rule:
        on_time_s = max(ON_TIME_S, 2 * self._context[ApiSettings].lease_duration_s)
        return Rule(on_time_s, schedule.grace_s if schedule.misfire == "run_late" else 0)

    async def _decide_passed(self, entry: Entry) -> None:
        """Decide about every due time that has passed."""
        schedule, context = entry.schedule, self._context
        while True:
            now = self._clock()
            made = plan(schedule.timing, entry.cursor, now, self._rule(schedule))
            person, skipped, due = schedule.updated_by, made.skip, made.start
            if not skipped and due and not await context[RoleCheck].has_role(person):
                skipped = Skip(due, due, 1, note("nobody_in_charge", person=person))
            if skipped:
                due, (state, until) = skipped.first, await runs.skip(context, schedule, skipped, now)
            elif due:
                state, until = await runs.claim(context, schedule, due, now)
            else:
                return
            log.info("schedules.decided", env=self._env, id=schedule.id, due=due.isoformat(), state=state)
            entry.cursor = until
            if state == "starting":
                self._open[schedule.id, due] = schedule

    async def _begin(self) -> None:
        """Begin the runs that are decided; what may pass is tried again next round, until it is too late."""
        tried = list(self._open.items())
        found = await asyncio.gather(*(self._asked(schedule, due) for (_, due), schedule in tried))
        failure: Exception | None = None
        try:
            if asked := [one for one in found if isinstance(one, runs.Asked)]:
                await runs.begin(self._context, self._env, asked, utc_now())
        except (KubeDoorError, Problem) as error:
            failure = error
        ends = []
        for ((schedule_id, due), schedule), one in zip(tried, found, strict=True):
            why = failure if isinstance(one, runs.Asked) else one
            if end := self._end(schedule_id, schedule, due, why):
                ends.append(end)
        try:
            await runs.close(self._context, self._env, ends, self._clock())
        except KubeDoorError as error:
            log.warning("schedules.waiting", env=self._env, reason=str(error))
            return
        for end in ends:
            self._open.pop((end.schedule_id, end.due), None)

    async def _asked(self, schedule: StoredSchedule | None, due: datetime) -> runs.Asked | Exception | None:
        """Return what a run asks for; None if it has been made before, else why it can't be."""
        if schedule is None:
            return RunError(note("schedule_removed"))
        run_id, rule = schedule.run_id(due), self._rule(schedule)
        try:
            async with self._slots:
                if self._clock() - due > rule.limit:
                    there = await operations.existing(self._context[ClickHouse], self._env, [run_id])
                    return None if there else RunError(rule.missed)
                actor, now = f"schedule {schedule.name}", self._clock()
                return await runs.ask_for(self._context, schedule, run_id, actor, runs.Moment(due, now))
        except (KubeDoorError, Problem) as error:
            return error
        except Exception as error:
            log.exception("schedules.failed", env=self._env, id=schedule.id)
            return error

    def _end(
        self, schedule_id: str, schedule: StoredSchedule | None, due: datetime, failure: Exception | None
    ) -> runs.End | None:
        """Return how a run ends; None for one that is tried again."""
        late = self._clock() - due
        if failure is None and schedule is not None:
            late_s = int(late.total_seconds())
            on_time = late_s < self._rule(schedule).on_time_s
            return runs.End(
                schedule_id, due, "started", () if on_time else (note("began_late", late_s=late_s),)
            )
        broken = isinstance(failure, Problem) and failure.status >= BROKEN
        why = _why(failure) if failure else note("schedule_removed")
        if schedule is None or not (broken or isinstance(failure, UnavailableError)):
            return runs.End(schedule_id, due, "failed", (why,))
        log.warning("schedules.again", env=self._env, id=schedule_id, reason=str(why))
        if late <= self._rule(schedule).limit:
            return None
        return runs.End(schedule_id, due, "failed", (note("not_begun_in_time"), why))
