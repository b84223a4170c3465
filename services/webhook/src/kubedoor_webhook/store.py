"""Keeps the copy of the control table fresh, cheap, steady and cold-safe.

Fresh: a decision uses a copy that was checked against the tables after its request arrived. Cheap: one
check serves all requests that arrived before it began, and in a rush those of the next moment too, for
which the api waits (`kubedoor_core.domain.freshness`). Steady: when a check fails or takes too long,
decisions go on from the last good copy at once, while one probe at a time waits for ClickHouse to come
back. Cold: there is no copy, and we say so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from kubedoor_core.domain.freshness import CHECK_SERVES_S
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_webhook.policy import Defaults, policy_from_rows
from kubedoor_webhook.queries import ControlTable, UnsettledError
from kubedoor_webhook.rush import Rush
from kubedoor_webhook.snapshot import Snapshot, Watermark, services_from_rows

CHECK_TIMEOUT_S = 0.5
"""How long one question may take whether anything has changed, unless the settings say otherwise."""
FRESH_QUESTIONS = 4
"""The longest that a request waits for the newest rows, in such questions; below an API server's time-out."""
PROBE_TIMEOUT_S = 30.0
PROBE_PAUSE_S = 0.25
IDLE_CHECK_S = 1.0
FULL_CHECK_PAUSE_S = 5.0
UNSETTLED_PAUSE_S = 0.002
MAX_DELTA = 500
"""Above this many changed services the whole table is read: one statement either way."""

NOT_BELIEVED = "the control table is suddenly empty: not believed"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Copy:
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
    ) -> None:
        self._table = table
        self._check_timeout_s = check_timeout_s
        self._defaults = defaults
        self._clock = clock
        self._waiters: list[asyncio.Future[None]] = []
        self._wanted = asyncio.Event()
        self._full_check_s = 0.0
        self._rush = Rush()
        self.copy: Copy | None = None
        self.problem: str | None = "the control table has not been read yet"
        self.checks = 0
        self.failures = 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """Stored settings that can't be taken, and why."""
        return self.copy.snapshot.policy.complaints if self.copy else ()

    def age_s(self) -> float | None:
        """Return the copy's age in seconds, or None without one."""
        return self.copy.age_s(self._clock()) if self.copy else None

    def ask(self) -> asyncio.Future[None] | None:
        """Ask for a check that begins after this call; await what is returned, then look at `copy`.

        Returns None where there is nothing to wait for: in trouble the last good copy serves at once, cold
        there is none, and in a rush a check that has just been made serves.
        """
        now_s = self._clock()
        rush = self._rush.arrived(now_s)
        if self.problem is not None:
            return None
        if rush and self._served(now_s):
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
        """Check whenever somebody waits; probe when there is no copy, or trouble. Ends by cancellation."""
        while True:
            if self.problem is None:
                await self._serve_waiters()
            elif not await self._check(PROBE_TIMEOUT_S, PROBE_TIMEOUT_S):
                await asyncio.sleep(PROBE_PAUSE_S)

    async def _serve_waiters(self) -> None:
        """Check once for all who wait; in trouble let those go too who came meanwhile."""
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
        self.checks += 1
        try:
            async with asyncio.timeout(timeout_s):
                snapshot = await self._refresh(watermark_timeout_s)
        except TimeoutError:
            self._trouble(f"ClickHouse did not deliver the control table within {timeout_s:g} s")
            return False
        except Exception as error:  # noqa: BLE001 whatever happens behind it, admission goes on
            self._trouble(str(error) or type(error).__name__)
            return False
        if self.problem:
            log.info("snapshot.current", services=len(snapshot.services))
        for complaint in set(snapshot.policy.complaints) - set(self.complaints):
            log.warning("snapshot.setting_left_out", reason=complaint)
        self.copy, self.problem = Copy(snapshot, began_s), None
        return True

    def _trouble(self, reason: str) -> None:
        if reason != self.problem:
            log.warning("snapshot.trouble", reason=reason, age_s=self.age_s())
        self.problem = reason
        self.failures += 1

    async def _refresh(self, timeout_s: float) -> Snapshot:
        """Return the last snapshot while nothing is announced; read what changed where something is.

        The marks are counted first: what is announced after that is found by the next check. Now and then
        the tables themselves are asked, for what was changed around the announcements.
        """
        last = self.copy.snapshot if self.copy else None
        mark = await self._table.mark(timeout_s)
        if last is not None and mark == last.mark and self._clock() < self._full_check_s:
            return last
        snapshot = await self._read(last, mark, await self._settled(timeout_s))
        self._full_check_s = self._clock() + FULL_CHECK_PAUSE_S
        return snapshot

    async def _settled(self, timeout_s: float) -> Watermark:
        """Ask for the state of the tables until every change that is announced can be read."""
        while True:
            try:
                return await self._table.watermark(timeout_s)
            except UnsettledError:
                await asyncio.sleep(UNSETTLED_PAUSE_S)

    async def _read(self, last: Snapshot | None, mark: int, watermark: Watermark) -> Snapshot:
        if last is not None and watermark == last.watermark:
            return replace(last, mark=mark) if mark != last.mark else last
        if last is not None and last.services and not watermark.has_services:
            raise UnavailableError(NOT_BELIEVED)
        if last is not None and (delta := await self._delta(last, watermark)) is not None:
            return replace(delta, mark=mark)
        rows = await self._table.services(PROBE_TIMEOUT_S)
        policy = policy_from_rows(await self._table.setting_rows(PROBE_TIMEOUT_S), self._defaults)
        return Snapshot(services_from_rows(rows), policy, watermark, mark)

    async def _delta(self, last: Snapshot, watermark: Watermark) -> Snapshot | None:
        """Read only what changed, where versions tell: as many new rows as there are newer versions."""
        if watermark.setting != last.watermark.setting:
            policy = policy_from_rows(await self._table.setting_rows(PROBE_TIMEOUT_S), self._defaults)
            last = replace(last, policy=policy)
        if (watermark.control, watermark.derived) == (last.watermark.control, last.watermark.derived):
            return replace(last, watermark=watermark)
        keys = await self._table.changed_keys(last.watermark, MAX_DELTA + 1, PROBE_TIMEOUT_S)
        grown = sum(now[0] - then[0] for now, then in _pairs(watermark, last.watermark))
        if not keys or len(keys) > MAX_DELTA or grown != len(keys):
            return None
        rows = await self._table.some_services(keys, PROBE_TIMEOUT_S)
        changed = services_from_rows(rows)
        kept = {key: service for key, service in last.services.items() if key not in set(keys)}
        return Snapshot({**kept, **changed}, last.policy, watermark, last.mark)


def _pairs(now: Watermark, then: Watermark) -> list[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    return [(now.control, then.control), (now.derived, then.derived)]
