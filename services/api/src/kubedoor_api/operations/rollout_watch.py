"""Watches rollouts to their end: one poll of a namespace serves every rollout in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import selector_text
from kubedoor_api.kube.retry import MISSING, AskingError
from kubedoor_api.kube.rollout import Expected, PodSeen, Verdict, judge, progress, see
from kubedoor_api.operations.manifests import Live
from kubedoor_api.operations.notes import OperationNote, note
from kubedoor_api.operations.operation import Target

FEW = 3
"""Up to so many Deployments of a namespace are asked for one by one, above that all of it is listed."""


@dataclass(frozen=True)
class Seen:
    """What was seen of a Deployment; None if it is gone. Its pods only while the rollout is under way.

    :ivar trouble: why it could not be looked at; empty if it could.
    """

    live: Live | None = None
    pods: Sequence[PodSeen] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a rollout ended.

    :ivar why: what is to be said of it, if anything.
    """

    failed: bool = False
    why: OperationNote | None = None


class RolloutPoller:
    """Polls one env's cluster for Deployments under rollout."""

    def __init__(self, clusters: Clusters, env: str, settings: ApiSettings) -> None:
        self._clusters = clusters
        self._env = env
        self._settings = settings
        self._names: dict[str, set[str]] = {}
        self._rounds: dict[str, asyncio.Task[dict[str, Seen]]] = {}

    async def watch(
        self,
        target: Target,
        expected: Expected,
        timeout_s: int,
        cancelled: asyncio.Event,
        waits: Callable[[OperationNote], Awaitable[None]],
    ) -> Outcome | None:
        """Look until a rollout is through or has failed; None where it is cancelled meanwhile.

        :param waits: hears what it waits for.
        """
        deadline = (target.started_at or datetime.now(UTC)) + timedelta(seconds=timeout_s)
        soak = timedelta(seconds=self._settings.rollout_soak_s)
        through_since: datetime | None = None
        while not cancelled.is_set():
            verdict = self._verdict(target, expected, await self.next(target.namespace, target.name))
            now = datetime.now(UTC)
            if verdict.state == "failed":
                return Outcome(True, note(verdict.kind or "no_progress", text=verdict.detail))
            if verdict.state == "overtaken":
                return Outcome(why=note("overtaken", text=verdict.detail))
            if verdict.state == "through":
                through_since = through_since or now
                if now >= through_since + soak:
                    return Outcome()
                continue
            through_since = None
            if now >= deadline:
                return Outcome(True, note("not_through_in_time", timeout_s=timeout_s, text=verdict.detail))
            await waits(note("rolling_out", text=verdict.detail))
        return None

    @staticmethod
    def _verdict(target: Target, expected: Expected, seen: Seen) -> Verdict:
        if seen.live is not None:
            return judge(seen.live.manifest, seen.pods, expected)
        if seen.trouble:
            return Verdict("under_way", seen.trouble)
        return Verdict("failed", f"{target.full_name} is gone", "no_progress")

    async def next(self, namespace: str, name: str) -> Seen:
        """Wait for the next poll of a namespace, and return what it saw of a Deployment."""
        self._names.setdefault(namespace, set()).add(name)
        if namespace not in self._rounds:
            self._rounds[namespace] = asyncio.create_task(self._round(namespace))
        # A rollout that is no longer followed must not end the poll for the others.
        return (await asyncio.shield(self._rounds[namespace])).get(name, Seen())

    async def close(self) -> None:
        """End the polls."""
        for task in self._rounds.values():
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)

    async def _round(self, namespace: str) -> dict[str, Seen]:
        await asyncio.sleep(self._settings.rollout_poll_s)
        del self._rounds[namespace]
        names = self._names.pop(namespace)
        try:
            found = await self._deployments(namespace, names)
            pods = await self._pods(namespace, {n: one for n, one in found.items() if progress(one.manifest)})
        except AskingError as error:
            return dict.fromkeys(names, Seen(trouble=str(error)))
        return {name: Seen(one, pods.get(name, ())) for name, one in found.items()}

    async def _deployments(self, namespace: str, names: set[str]) -> dict[str, Live]:
        if len(names) > FEW:
            everything = await workloads.in_namespace(self._clusters, self._env, namespace)
            by_name = {str(one["metadata"]["name"]): Live(one) for one in everything}
            return {name: by_name[name] for name in names if name in by_name}
        found: dict[str, Live] = {}
        for name in names:
            try:
                found[name] = Live(await workloads.read(self._clusters, self._env, namespace, name))
            except AskingError as error:
                if error.status != MISSING:
                    raise
        return found

    async def _pods(self, namespace: str, deployments: dict[str, Live]) -> dict[str, list[PodSeen]]:
        async def seen(selector: str) -> list[PodSeen]:
            pages = workloads.pods_in_pages(self._clusters, self._env, namespace, selector)
            return [see(pod, self._settings.rollout_restarts) async for page in pages for pod in page]

        if len(deployments) > FEW:
            everything = await seen("")
            return {
                name: [pod for pod in everything if pod.replica_set == f"{name}-{pod.template_hash}"]
                for name in deployments
            }
        return {
            name: await seen(selector_text(one.manifest["spec"]["selector"]))
            for name, one in deployments.items()
        }
