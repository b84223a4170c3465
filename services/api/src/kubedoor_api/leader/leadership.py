"""The endpoint of who works for an env, and the elections behind it."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.leader.election import Election, LeaseName, Times, Work, keep_working
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing
from kubedoor_core.tasks import end

POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
LAST_RESORT = "default"
LOOK_PAUSE_S = 1.0


@dataclass(frozen=True)
class Standing:
    """Who works for an env, as far as this instance knows.

    :ivar holder: the instance that holds the Lease, or nobody.
    :ivar trouble: what keeps this instance from standing for election, or nothing.
    :ivar held_elsewhere: whether another instance was seen to renew the Lease so lately that it may hold it.
    """

    leading: bool
    holder: str
    trouble: str
    lease: str
    held_elsewhere: bool = False


def lease_namespace(settings: ApiSettings, pod_namespace: Path = POD_NAMESPACE) -> str:
    """Return the namespace in which Leases are kept."""
    if settings.lease_namespace or settings.own_namespace:
        return settings.lease_namespace or settings.own_namespace
    try:
        return pod_namespace.read_text(encoding="utf-8").strip() or LAST_RESORT
    except OSError:
        return LAST_RESORT


class Leadership:
    """This instance's elections, one per env with a cluster."""

    def __init__(self, settings: ApiSettings, clusters: Clusters) -> None:
        self.identity = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
        self._env = settings.env
        self._clusters = clusters
        self._lease = (lease_namespace(settings), settings.lease_name)
        self._times = Times(settings.lease_duration_s, settings.lease_renew_s, settings.lease_retry_s)
        self._elections: dict[str, Election] = {}

    @property
    def envs(self) -> tuple[str, ...]:
        """The envs that this instance may work for: those with a cluster, else its own."""
        return self._clusters.names or (self._env,)

    def leading(self, env: str) -> bool:
        """Tell whether this instance, and no other, works for an env at this moment. It never waits."""
        if not self._clusters.names:
            return env == self._env
        election = self._elections.get(env)
        return election is not None and election.leading

    def standing(self, env: str) -> Standing:
        """Tell who works for an env."""
        election, lease = self._elections.get(env), "/".join(self._lease)
        if election is None:
            leading = self.leading(env)
            nobody = "" if leading else f"no cluster is configured for {env} here"
            return Standing(leading, self.identity if leading else "", nobody, "")
        return Standing(election.leading, election.holder, election.trouble, lease, election.held_elsewhere)

    async def run(self, works: Sequence[Work]) -> None:
        """Stand for election in every env, and do the works of those won; each by itself.

        Clusters that come, go or are configured otherwise meanwhile are taken up within a second.
        """
        running: dict[str, tuple[int, asyncio.Task[None]]] = {}
        try:
            while True:
                for env in [*running]:
                    generation, task = running[env]
                    if task.done() or env not in self.envs or self._clusters.generation(env) != generation:
                        self._elections.pop(env, None)
                        del running[env]
                        await end(task)
                for env in self.envs:
                    if env not in running:
                        work = asyncio.create_task(self._work(env, works))
                        running[env] = (self._clusters.generation(env), work)
                await asyncio.sleep(LOOK_PAUSE_S)
        finally:
            tasks = [task for _, task in running.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, env: str, works: Sequence[Work]) -> None:
        if env not in self._clusters.names:
            await asyncio.gather(*(keep_working(work, env) for work in works))
            return
        election = Election(self._clusters, LeaseName(env, *self._lease), self.identity, self._times, works)
        self._elections[env] = election
        await election.run()


class Leader(Model):
    """Which instance of the API runs an env's schedules and operations."""

    leading: bool
    """Whether it is the one that answers"""
    instance: str
    """The one that answers"""
    holder: str
    """The one that holds the Lease, as far as this one knows; empty for nobody"""
    lease: str
    """`namespace/name` of the Lease in the env's cluster; empty without a cluster"""
    trouble: str
    """What keeps the one that answers from taking over, such as `may not get leases in namespace kubedoor
    of the cluster prod`; empty if nothing does"""


@endpoint("GET", "/envs/{env}/leader", tag="envs", role=Role.VIEWER, by_target=True)
async def get_leader(call: Call[EnvPath, Nothing, Nothing]) -> Leader:
    """Say which instance of the API runs an env's schedules and operations, and if none does, why."""
    leadership = call.context[Leadership]
    standing = leadership.standing(call.path.env)
    return Leader(
        leading=standing.leading,
        instance=leadership.identity,
        holder=standing.holder,
        lease=standing.lease,
        trouble=standing.trouble,
    )
