"""Carries out a plan of moves: one eviction after the other, each looked at again before it is made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import made_by
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.nodes.actions.action import ActedPod, FailedError, NodeAction, PodReason, PodState
from kubedoor_api.nodes.actions.draining import acted_pod
from kubedoor_api.nodes.actions.models import MovesParameters
from kubedoor_api.nodes.actions.work import Work, evict
from kubedoor_api.nodes.cluster import ClusterSeen, see
from kubedoor_api.nodes.movable import stays
from kubedoor_api.nodes.plan import AskedMove
from kubedoor_api.pods.observed import is_ready, replacement
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Context
from kubedoor_core.domain.placement.board import Board


class Moves(Work):
    """Moves under way in this instance."""

    def __init__(self, context: Context, action: NodeAction) -> None:
        super().__init__(context, action)
        self._how = MovesParameters.model_validate(action.parameters)
        self._poll_s = context[ApiSettings].rollout_poll_s

    async def run(self) -> None:
        """Do what is left of it.

        :raises FailedError: a pod came back to a hot node, or no other one got ready.
        :raises ActionCancelledError: somebody has cancelled it.
        :raises DeposedError: another instance has taken it over.
        """
        for number in range(len(self.action.pods)):
            if not self.action.pods[number].ended:
                await self._pause(number)
                await self._move(number)

    async def _pause(self, number: int) -> None:
        """Wait out the pause since the move before, also where that one ended before a death."""
        self.check_cancelled()
        ends = [one.ended_at for one in self.action.pods if one.ended_at and one.state != "skipped"]
        if not ends or self.action.pods[number].state != "waiting":
            return
        until = max(ends) + timedelta(seconds=self._how.pause_s)
        while datetime.now(UTC) < until:
            await asyncio.sleep(min(self._poll_s, (until - datetime.now(UTC)).total_seconds()))
            await self._heard()

    async def _heard(self) -> None:
        await self.keep()
        self.check_cancelled()

    async def _move(self, number: int) -> None:
        one = self.action.pods[number]
        if one.state == "waiting":
            seen = await see(self.context, self.env)
            refused = await self.context[Computing].run(refusal, one, seen)
            if refused is not None:
                return await self._end(one, "skipped", refused.reason, refused.detail)
            known = tuple(str(pod["metadata"].get("uid")) for pod in made_by(one.owner_uid, seen.pods))
            # What is known from before stands in the row before the cluster is asked.
            self.put(replace(one, state="going", siblings=known, asked_at=datetime.now(UTC)))
            await self._heard()
        return await self._follow(self.action.pods[number])

    async def _pods(self, one: ActedPod) -> list[Pod]:
        return await workloads.pods(self.context[Clusters], self.env, one.namespace, "")

    async def _follow(self, one: ActedPod) -> None:
        """Evict a pod unless it goes already, and wait until another one is ready.

        :raises FailedError: none gets ready, or it is on a hot node again.
        """
        pods = await self._pods(one)
        pod = next((pod for pod in pods if pod["metadata"].get("uid") == one.uid), None)
        if pod is not None and not pod["metadata"].get("deletionTimestamp"):
            asked = await evict(self.context, self.env, one, pod, None)
            if asked.state == "blocked":
                return await self._end(one, "skipped", asked.reason, asked.detail)
        until = (one.asked_at or datetime.now(UTC)) + timedelta(seconds=self._how.timeout_s)
        while (landed := landed_on(one, await self._pods(one))) is None:
            if datetime.now(UTC) >= until:
                await self._end(one, "stuck", "no_replacement")
                raise FailedError(
                    "no_replacement",
                    f"no other pod of {one.namespace}/{one.service} got ready within {self._how.timeout_s} s;"
                    " no further one was asked to go",
                )
            await self.keep()  # who cancels meanwhile is heard before the next move
            await asyncio.sleep(self._poll_s)
        await self._landed(replace(one, landed=landed))
        return None

    async def _landed(self, one: ActedPod) -> None:
        """Note where the other pod is.

        :raises FailedError: on a hot node again.
        """
        hot = {pod.source for pod in self.action.pods}
        if one.landed not in hot:
            return await self._end(one, "moved")
        await self._end(one, "came_back")
        raise FailedError(
            "came_back",
            f"the pod in place of {one.namespace}/{one.name} is on the hot node {one.landed} again: the"
            " scheduler sees requests alone, and these are wrong. No further pod was asked to go",
        )

    async def _end(self, one: ActedPod, state: PodState, reason: PodReason = "", detail: str = "") -> None:
        self.put(replace(one, state=state, reason=reason, detail=detail, ended_at=datetime.now(UTC)))
        await self.keep()


class Refusal(NamedTuple):
    """Why a move is not made."""

    reason: PodReason
    detail: str = ""


def acted(asked: AskedMove, seen: ClusterSeen) -> ActedPod:
    """Return a move as an action keeps it; a pod that is gone already, or elsewhere, is skipped."""
    pod = seen.pod(asked.uid)
    if pod is None or (pod.get("spec") or {}).get("nodeName") != asked.source:
        return ActedPod(
            asked.namespace, asked.pod, asked.uid, source=asked.source, target=asked.target,
            state="skipped", reason="gone_already",
        )  # fmt: skip
    return acted_pod(pod, asked.target)


def refusal(one: ActedPod, seen: ClusterSeen) -> Refusal | None:
    """Return why a move is not made, as the cluster is now; None: it is."""
    pod = seen.pod(one.uid)
    if pod is None or pod["metadata"].get("deletionTimestamp"):
        return Refusal("gone_already")
    ready = sum(map(is_ready, made_by(one.owner_uid, seen.pods)))
    reason = stays(pod, seen.budgets, ready, measured=True)
    if reason is not None:
        return Refusal(reason)
    target = seen.node(one.target)
    if target is None or not target.takes_pods:
        return Refusal("target_gone", one.target)
    pods = [seen.placed(each) for each in seen.pods]
    board, moved = Board([node.node for node in seen.nodes], pods), seen.placed(pod)
    board.take(moved)
    why = board.why_not(moved, board.number[one.target])
    return Refusal("no_room", why) if why is not None else None


def landed_on(one: ActedPod, pods: Iterable[Pod]) -> str | None:
    """Return the node on which another pod of the same owner got ready; None: none has yet."""
    new = replacement(one.owner_uid, (*one.siblings, one.uid), pods)
    return None if new is None else str((new.get("spec") or {}).get("nodeName") or "")
