"""`Leadership`: for which envs this instance works now.

Each env has its own Lease, in the env's own cluster: who can't reach a cluster could not act on it either,
and what is due there waits, under its misfire rule, until somebody can. The Lease is in `LEASE_NAMESPACE`,
else in KubeDoor's own namespace, else in the pod's. Without any cluster there is no Lease: one instance is
assumed, and it works for its own env.
"""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kubedoor_api.leader.election import Election, LeaseName, Times, Work, keep_working

if TYPE_CHECKING:
    from kubedoor_api.config.environment import ApiSettings
    from kubedoor_api.kube.clusters import Clusters

POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
LAST_RESORT = "default"


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
        """Stand for election in every env, and do the works of those won; each by itself."""
        if not self._clusters.names:
            await asyncio.gather(*(keep_working(work, self._env) for work in works))
            return
        for env in self._clusters.names:
            lease = LeaseName(env, *self._lease)
            self._elections[env] = Election(self._clusters, lease, self.identity, self._times, works)
        await asyncio.gather(*(election.run() for election in self._elections.values()))
