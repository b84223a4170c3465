"""Polls Deployments under rollout: one poll of a namespace serves every rollout in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.kube import workloads
from kubedoor_api.kube.manifests import selector_text
from kubedoor_api.kube.retry import MISSING, AskingError
from kubedoor_api.kube.rollout import PodSeen, progress, see

if TYPE_CHECKING:
    from kubedoor_api.kube.clusters import Clusters

Json = dict[str, Any]

FEW = 3
"""Up to so many Deployments of a namespace are asked for one by one, above that all of it is listed."""


@dataclass(frozen=True)
class Look:
    """What was seen of a Deployment; None if it is gone. Its pods only while the rollout is under way.

    :ivar trouble: why it could not be looked at; empty if it could.
    """

    deployment: Json | None = None
    pods: Sequence[PodSeen] = ()
    trouble: str = ""


class RolloutPoller:
    """The looks at one env's cluster."""

    def __init__(self, clusters: Clusters, env: str, poll_s: float, restarts: int) -> None:
        self._clusters = clusters
        self._env = env
        self._poll_s = poll_s
        self._restarts = restarts
        self._names: dict[str, set[str]] = {}
        self._rounds: dict[str, asyncio.Task[dict[str, Look]]] = {}

    async def next(self, namespace: str, name: str) -> Look:
        """Wait for the next look at a namespace, and return what it saw of a Deployment."""
        self._names.setdefault(namespace, set()).add(name)
        if namespace not in self._rounds:
            self._rounds[namespace] = asyncio.create_task(self._round(namespace))
        # A rollout that is no longer followed must not end the look for the others.
        return (await asyncio.shield(self._rounds[namespace])).get(name, Look())

    async def close(self) -> None:
        """End the looks."""
        for task in self._rounds.values():
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)

    async def _round(self, namespace: str) -> dict[str, Look]:
        await asyncio.sleep(self._poll_s)
        del self._rounds[namespace]
        names = self._names.pop(namespace)
        try:
            found = await self._deployments(namespace, names)
            left = {name: one for name, one in found.items() if progress(one)}
            pods = await self._pods(namespace, left)
        except AskingError as error:
            return dict.fromkeys(names, Look(trouble=str(error)))
        return {name: Look(one, pods.get(name, ())) for name, one in found.items()}

    async def _deployments(self, namespace: str, names: set[str]) -> dict[str, Json]:
        if len(names) > FEW:
            everything = await workloads.in_namespace(self._clusters, self._env, namespace)
            by_name = {str(one["metadata"]["name"]): one for one in everything}
            return {name: by_name[name] for name in names if name in by_name}
        found: dict[str, Json] = {}
        for name in names:
            try:
                found[name] = await workloads.read(self._clusters, self._env, namespace, name)
            except AskingError as error:
                if error.status != MISSING:
                    raise
        return found

    async def _pods(self, namespace: str, deployments: dict[str, Json]) -> dict[str, list[PodSeen]]:
        if len(deployments) > FEW:
            everything = await self._seen(namespace, "")
            return {
                name: [pod for pod in everything if pod.replica_set == f"{name}-{pod.template_hash}"]
                for name in deployments
            }
        return {
            name: await self._seen(namespace, selector_text(one["spec"]["selector"]))
            for name, one in deployments.items()
        }

    async def _seen(self, namespace: str, selector: str) -> list[PodSeen]:
        pages = workloads.pods_in_pages(self._clusters, self._env, namespace, selector)
        return [see(pod, self._restarts) async for page in pages for pod in page]
