"""Being elected for one env by a Lease of its cluster, working while elected, and stopping in time.

The rules are client-go's: who finds the Lease free, or not renewed for its duration by the own clock, writes
itself into it; the cluster takes the write only if nobody was faster. No two clocks are compared.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kubernetes_asyncio.client import V1Lease, V1LeaseSpec, V1ObjectMeta

from kubedoor_api.kube import leases
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters
from kubedoor_api.kube.retry import CONFLICT, FORBIDDEN, MISSING
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import Trouble, get_logger
from kubedoor_core.problems import Problem
from kubedoor_core.tasks import end

log = get_logger(__name__)

Work = Callable[[str], Awaitable[None]]
"""What the leader of an env does, until it is cancelled; begun again if it ends."""

RESTART_S = 1.0
RELEASE_TIMEOUT_S = 2.0
NEVER = float("-inf")


@dataclass(frozen=True)
class Times:
    """Seconds: a Lease is held for `lease_s`, renewed every `retry_s`, no longer relied on after `renew_s`.

    `lease_s` is the longest of them, so that nobody else has the Lease before it is no longer relied on.
    """

    lease_s: int
    renew_s: int
    retry_s: int


@dataclass(frozen=True)
class LeaseName:
    """Where the Lease is."""

    env: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


async def keep_working(work: Work, env: str) -> None:
    """Do a piece of work again and again, whatever becomes of it."""
    trouble = Trouble(log, "leader.work_waiting", env=env)
    while True:
        try:
            await work(env)
        except (KubeDoorError, Problem) as error:
            trouble.note(str(error))  # not every second while ClickHouse is away
        except Exception:
            log.exception("leader.work_failed", env=env)
        await asyncio.sleep(RESTART_S)


def micro_time() -> datetime:
    """Return the time as a Lease takes it: a whole second would be written without its six digits."""
    now = datetime.now(UTC)
    return now.replace(microsecond=max(now.microsecond, 1))


class Election:
    """One instance's candidacy for one env.

    :ivar holder: who held the Lease when it was last looked at, or nobody.
    """

    def __init__(
        self, clusters: Clusters, lease: LeaseName, identity: str, times: Times, works: Sequence[Work]
    ) -> None:
        self._clusters, self._lease, self._identity = clusters, lease, identity
        self._times, self._works = times, works
        self._renewed_at = NEVER
        self._seen: tuple[str, datetime | None] = ("", None)
        self._seen_at = NEVER
        self._task: asyncio.Task[None] | None = None
        self.holder = ""
        self._trouble = Trouble(log, "leader.waiting", env=lease.env)

    @property
    def trouble(self) -> str:
        """What keeps the Lease from being held, for people to read, or nothing."""
        return self._trouble.reason

    @property
    def leading(self) -> bool:
        """Tell whether nobody else can hold the Lease: it was renewed a short time ago.

        A process that was asleep, or whose renewal hangs, is thus told no before another one is elected.
        """
        return time.monotonic() - self._renewed_at < self._times.renew_s

    @property
    def held_elsewhere(self) -> bool:
        """Tell whether another instance was seen to renew the Lease so lately that it may hold it still."""
        other = self.holder not in {"", self._identity}
        return other and time.monotonic() - self._seen_at < self._times.lease_s

    async def run(self) -> None:
        """Stand for election for as long as the API lives."""
        try:
            while True:
                begun = time.monotonic()
                if await self._acquire_or_renew():
                    self._renewed_at = begun
                elif self.held_elsewhere:
                    self._renewed_at = NEVER
                await self._work_or_stop()
                left_s = self._renewed_at + self._times.renew_s - time.monotonic()
                await asyncio.sleep(min(self._times.retry_s, left_s) if left_s > 0 else self._times.retry_s)
        finally:
            self._renewed_at = NEVER
            await self._work_or_stop()
            # So that another need not wait until the Lease has run out.
            with contextlib.suppress(TimeoutError, KubeDoorError, Problem):
                async with asyncio.timeout(RELEASE_TIMEOUT_S):
                    found = await self._read()
                    if found and self.holder == self._identity:
                        found.spec.holder_identity = None
                        await leases.replace(self._clusters, self._lease.env, self._lease.namespace, found)

    async def _work_or_stop(self) -> None:
        if self.leading and self._task is None:
            log.info("leader.elected", env=self._lease.env, identity=self._identity)
            self._task = asyncio.create_task(self._work())
        elif not self.leading and self._task is not None:
            log.warning("leader.lost", env=self._lease.env, identity=self._identity, reason=self.trouble)
            task, self._task = self._task, None
            await end(task)

    async def _work(self) -> None:
        await asyncio.gather(*(keep_working(work, self._lease.env) for work in self._works))

    async def _read(self) -> leases.Lease | None:
        """Return the Lease, and note who holds it and, by this clock, when its renewal was first seen."""
        found = await leases.read(self._clusters, self._lease.env, self._lease.namespace, self._lease.name)
        spec = found.spec if found else None
        renewal = ((spec.holder_identity or "") if spec else "", spec.renew_time if spec else None)
        if renewal != self._seen:
            self._seen, self._seen_at = renewal, time.monotonic()
        self.holder = renewal[0]
        return found

    async def _acquire_or_renew(self) -> bool:
        verb, env = "get", self._lease.env
        try:
            async with asyncio.timeout(self._times.retry_s):
                found = await self._read()
                if not self.held_elsewhere:
                    verb = "update" if found else "create"
                    await self._write(found)
        except ClusterRefusedError as error:
            self._trouble.note(self._words(verb, error))
        except TimeoutError:
            self._trouble.note(f"the cluster {env} does not answer in {self._times.retry_s:g} s")
        except (KubeDoorError, Problem) as error:  # a Problem: the env has no cluster any more
            self._trouble.note(str(error))
        else:
            self._trouble.note("")
            return self.holder == self._identity
        return False

    async def _write(self, found: leases.Lease | None) -> None:
        now, place = micro_time(), (self._clusters, self._lease.env, self._lease.namespace)
        spec = (found.spec if found else None) or V1LeaseSpec()
        if spec.holder_identity != self._identity:
            spec.acquire_time, spec.lease_transitions = now, (spec.lease_transitions or 0) + bool(found)
        spec.holder_identity, spec.renew_time = self._identity, now
        spec.lease_duration_seconds = self._times.lease_s
        if found is None:
            made = V1Lease(metadata=V1ObjectMeta(name=self._lease.name), spec=spec)
            await leases.create(*place, made)
        else:
            found.spec = spec
            await leases.replace(*place, found)
        self.holder = self._identity

    def _words(self, verb: str, error: ClusterRefusedError) -> str:
        lease = self._lease
        if error.status == CONFLICT:  # another instance was faster: nothing to tell
            return ""
        if error.status == FORBIDDEN:
            return f"may not {verb} leases in namespace {lease.namespace} of the cluster {lease.env}"
        if error.status == MISSING:
            return (
                f"there is no namespace {lease.namespace} in the cluster {lease.env}: create it, or set"
                " KUBEDOOR_LEASE_NAMESPACE"
            )
        return str(error)
