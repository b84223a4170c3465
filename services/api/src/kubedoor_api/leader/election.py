"""Being elected for one env, working while elected, and stopping in time when it is over."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubernetes_asyncio.leaderelection.electionconfig import Config
from kubernetes_asyncio.leaderelection.leaderelection import LeaderElection

from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.tasks import end

if TYPE_CHECKING:
    from kubedoor_api.leader.lock import Lock

log = get_logger(__name__)

Work = Callable[[str], Awaitable[None]]
"""What the leader of an env does, until it is cancelled; begun again if it ends."""

RESTART_S = 1.0
RELEASE_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Times:
    """Seconds: a Lease is held for `lease_s`, renewed every `retry_s`, no longer relied on after `renew_s`.

    `lease_s` is the longest of them, so that nobody else has the Lease before it is no longer relied on.
    """

    lease_s: int
    renew_s: int
    retry_s: int


async def keep_working(work: Work, env: str) -> None:
    """Do a piece of work again and again, whatever becomes of it."""
    told = ""
    while True:
        try:
            await work(env)
        except KubeDoorError as error:
            if str(error) != told:  # not every second while ClickHouse is away
                log.warning("leader.work_waiting", env=env, reason=str(error))
            told = str(error)
        except Exception:
            log.exception("leader.work_failed", env=env)
        await asyncio.sleep(RESTART_S)


class _Watched(LeaderElection):
    """Tells of each renewal, with the time at which it was begun."""

    def __init__(self, config: Config, renewed: Callable[[float], None]) -> None:
        super().__init__(config)
        self._renewed = renewed

    async def try_acquire_or_renew(self) -> bool:
        begun = time.monotonic()
        held = await super().try_acquire_or_renew()
        if held:
            self._renewed(begun)
        return held


class Election:
    """One instance's candidacy for one env."""

    def __init__(self, env: str, lock: Lock, times: Times, works: Sequence[Work]) -> None:
        self._env = env
        self._lock = lock
        self._times = times
        self._works = works
        self._renewed_at = float("-inf")
        self._task: asyncio.Task[Any] | None = None

    @property
    def leading(self) -> bool:
        """Tell whether nobody else can hold the Lease: it was renewed a short time ago.

        A process that was asleep, or whose renewal hangs, is thus told no before another one is elected.
        """
        return time.monotonic() - self._renewed_at < self._times.renew_s

    @property
    def trouble(self) -> str:
        """What keeps the Lease from being held, or nothing."""
        return self._lock.trouble

    @property
    def holder(self) -> str:
        """Who held the Lease when it was last looked at, or nobody."""
        return self._lock.holder

    @property
    def held_elsewhere(self) -> bool:
        """Tell whether another instance was seen to renew the Lease so lately that it may hold it still."""
        other = self._lock.holder not in {"", self._lock.identity}
        return other and time.monotonic() - self._lock.renewed_at < self._times.lease_s

    async def run(self) -> None:
        """Stand for election for as long as the API lives."""
        try:
            while True:
                await self._term()
                await asyncio.sleep(self._times.retry_s)
        finally:
            await self._release()

    async def _term(self) -> None:
        times = self._times
        config = Config(self._lock, times.lease_s, times.renew_s, times.retry_s, self._lead, self._retire)
        try:
            await _Watched(config, self._renew).run()
        except Exception:  # the election itself must outlive whatever the library meets
            log.exception("leader.election_failed", env=self._env)
        finally:
            self._renewed_at = float("-inf")
            await self._stop_working()

    def _renew(self, begun: float) -> None:
        self._renewed_at = begun

    async def _lead(self) -> None:
        self._task = asyncio.current_task()
        log.info("leader.elected", env=self._env, identity=self._lock.identity)
        await asyncio.gather(*(keep_working(work, self._env) for work in self._works))

    async def _retire(self) -> None:
        log.warning("leader.lost", env=self._env, identity=self._lock.identity, reason=self._lock.trouble)

    async def _stop_working(self) -> None:
        task, self._task = self._task, None
        if task:
            await end(task)

    async def _release(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RELEASE_TIMEOUT_S):
                await self._lock.release()
