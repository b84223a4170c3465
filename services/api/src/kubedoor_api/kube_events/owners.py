"""Whose the events of pods are whose names don't tell it: asked of the cluster, once for each pod."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import controller_of
from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

OWNERS = frozenset({"DaemonSet", "StatefulSet", "Job"})
"""Whose pods are looked for; a Deployment's are known by their names."""
AT_ONCE = 10
REMEMBERED = 10_000
NOBODY = ("", "")
Named = tuple[str, str]

log = get_logger(__name__)


class PodOwners:
    """Kind and name of what owns a pod; of one that was gone before it was asked for, of nothing."""

    def __init__(self) -> None:
        self._known: dict[Named, Named] = {}

    async def named(self, clusters: Clusters, env: str, events: Sequence[KubeEvent]) -> list[KubeEvent]:
        """Return events with their owners; as they are where the cluster can't be asked."""
        pods = {_pod(one) for one in events if _is_nobodys(one)} - self._known.keys()
        try:
            every = sorted(pods)
            for first in range(0, len(every), AT_ONCE):
                some = every[first : first + AT_ONCE]
                owners = await asyncio.gather(*(_owner(clusters, env, *pod) for pod in some))
                self._known |= dict(zip(some, owners, strict=True))
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        except KubeDoorError as error:
            log.info("events.owners_unknown", env=env, pods=len(pods), reason=str(error))
        found = []
        for event in events:
            kind, name = self._known.get(_pod(event), NOBODY) if _is_nobodys(event) else NOBODY
            found.append(replace(event, kind=kind, name=name) if kind else event)
        return found


def _pod(event: KubeEvent) -> Named:
    return event.namespace, event.object_name


def _is_nobodys(event: KubeEvent) -> bool:
    return event.object_kind == "Pod" and not event.name and bool(event.namespace)


async def _owner(clusters: Clusters, env: str, namespace: str, pod: str) -> Named:
    for found in await workloads.pods_named(clusters, env, namespace, pod):
        owner = controller_of(found)
        if (kind := owner.get("kind", "")) in OWNERS:
            return kind, owner.get("name", "")
    return NOBODY
