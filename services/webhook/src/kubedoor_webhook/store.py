"""Keeps the copy of the control table fresh, cheap, steady and cold-safe.

Fresh: a decision uses a copy that was checked against the tables after its request arrived. Cheap: one
check serves all requests that arrived before it began, and under load those of the next moment too, for
which the api waits (`kubedoor_core.domain.freshness`), unless the tables have just been changed: whoever
edits them past the api sees each edit at once, too. Steady: when a check fails or takes too long,
decisions go on from the last good copy at once, while one probe at a time waits for ClickHouse to come
back. Cold: there is no copy, and we say so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from kubedoor_core.domain.freshness import CHECK_SERVES_S
from kubedoor_core.logs import get_logger
from kubedoor_webhook.alarms import Alarm, AlarmKind, alarms_of
from kubedoor_webhook.load_detector import LoadDetector
from kubedoor_webhook.policy import Defaults
from kubedoor_webhook.queries import ControlTable
from kubedoor_webhook.reader import SnapshotReader
from kubedoor_webhook.snapshot import Snapshot

CHECK_TIMEOUT_S = 0.5
"""How long one question may take whether anything has changed, unless the settings say otherwise."""
FRESH_QUESTIONS = 4
"""The longest that a request waits for the newest rows, in such questions; below an API server's time-out."""
PROBE_TIMEOUT_S = 30.0
PROBE_PAUSE_S = 0.25
IDLE_CHECK_S = 1.0
UNCHANGED_S = 2.0
"""How long nothing must have changed before a check serves for a moment."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CachedSnapshot:
    """A snapshot and the time (monotonic, seconds) at which it was last known to be current."""

    snapshot: Snapshot
    checked_at_s: float

    def age_s(self, now_s: float) -> float:
        """Return the seconds since it was known to be current."""
        return max(0.0, now_s - self.checked_at_s)


class SnapshotStore:
    """Owns the copy. `run` must be running; `ask` is what every request calls."""

    def __init__(
        self,
        table: ControlTable,
        defaults: Defaults,
        clock: Callable[[], float] = time.monotonic,
        check_timeout_s: float = CHECK_TIMEOUT_S,
        tell: Callable[[Alarm], None] = lambda _: None,
    ) -> None:
        """Start without a copy.

        :param tell: is called once with each new alarm.
        """
        self._reader = SnapshotReader(table, defaults, clock)
        self._tell = tell
        self._check_timeout_s = check_timeout_s
        self._clock = clock
        self._waiters: list[asyncio.Future[None]] = []
        self._wanted = asyncio.Event()
        self._load = LoadDetector()
        self._changed_at_s = clock()
        self.copy: CachedSnapshot | None = None
        self.alarms: tuple[Alarm, ...] = ()
        self.problem: str | None = "the control table has not been read yet"
        self.checks = 0
        self.failures = 0

    def alarmed(self, kind: AlarmKind) -> int:
        """Return how much there is that alarms of a kind are about."""
        return sum(alarm.number for alarm in self.alarms if alarm.kind == kind)

    def age_s(self) -> float | None:
        """Return the copy's age in seconds, or None without one."""
        return self.copy.age_s(self._clock()) if self.copy else None

    def ask(self) -> asyncio.Future[None] | None:
        """Ask for a check that begins after this call; await what is returned, then look at `copy`.

        Returns None where there is nothing to wait for: degraded, the last good copy serves at once; cold,
        there is none, and under load a check that has just been made serves.
        """
        now_s = self._clock()
        shared = self._load.arrived(now_s) and now_s - self._changed_at_s >= UNCHANGED_S
        if self.problem is not None:
            return None
        if shared and self._served(now_s):
            return None
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._wanted.set()
        return waiter

    def _served(self, now_s: float) -> bool:
        """Tell whether the last check serves still; ask for the next one in time."""
        age_s = self.copy.age_s(now_s) if self.copy else CHECK_SERVES_S
        if age_s > CHECK_SERVES_S / 2:
            self._wanted.set()
        return age_s < CHECK_SERVES_S

    async def run(self) -> None:
        """Check whenever somebody waits; probe without a copy, and while degraded. Ends by cancellation."""
        while True:
            if self.problem is None:
                await self._serve_waiters()
            elif not await self._check(PROBE_TIMEOUT_S, PROBE_TIMEOUT_S):
                await asyncio.sleep(PROBE_PAUSE_S)

    async def _serve_waiters(self) -> None:
        """Check once for all who wait; where it fails let those go too who came meanwhile."""
        await self._wait_for_demand()
        served = self._take_waiters()
        if not await self._check(self._check_timeout_s, FRESH_QUESTIONS * self._check_timeout_s):
            served += self._take_waiters()
        for waiter in served:
            if not waiter.done():
                waiter.set_result(None)

    def _take_waiters(self) -> list[asyncio.Future[None]]:
        waiters, self._waiters = self._waiters, []
        return waiters

    async def _wait_for_demand(self) -> None:
        """Sleep until somebody waits, but check at times anyway, so that the age means something."""
        if not self._waiters:
            self._wanted.clear()
            try:
                async with asyncio.timeout(IDLE_CHECK_S):  # wait_for can lose a cancellation
                    await self._wanted.wait()
            except TimeoutError:
                return

    async def _check(self, watermark_timeout_s: float, timeout_s: float) -> bool:
        """Bring the copy up to date; tell whether it worked."""
        began_s = self._clock()
        last = self.copy.snapshot if self.copy else None
        self.checks += 1
        try:
            async with asyncio.timeout(timeout_s):
                snapshot = await self._reader.refresh(last, watermark_timeout_s)
        except TimeoutError:
            self._degraded(f"ClickHouse did not deliver the control table within {timeout_s:g} s")
            return False
        except Exception as error:  # noqa: BLE001 whatever happens behind it, admission goes on
            self._degraded(str(error) or type(error).__name__)
            return False
        if self.problem:
            log.info("snapshot.current", services=len(snapshot.services))
        if snapshot is not last:
            self._changed_at_s = self._clock()
        if snapshot is not last or self._reader.announcements.missing:
            self._look_for_alarms(snapshot)
        self.copy, self.problem = CachedSnapshot(snapshot, began_s), None
        return True

    def _look_for_alarms(self, snapshot: Snapshot) -> None:
        told = {(alarm.kind, alarm.subject) for alarm in self.alarms}
        self.alarms = alarms_of(snapshot, self._reader.announcements.missing)
        for alarm in self.alarms:
            if (alarm.kind, alarm.subject) not in told:
                log.warning("snapshot.alarm", kind=alarm.kind, reason=alarm.text)
                self._tell(alarm)
        if told and not self.alarms:
            log.info("snapshot.alarms_over")

    def _degraded(self, reason: str) -> None:
        if reason != self.problem:
            log.warning("snapshot.degraded", reason=reason, age_s=self.age_s())
        self.problem = reason
        self.failures += 1
