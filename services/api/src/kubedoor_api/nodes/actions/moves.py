"""Carries out a plan of moves: one eviction after the other, each looked at again before it is made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import made_by
from kubedoor_api.nodes.actions import moving
from kubedoor_api.nodes.actions.action import ActedPod, FailedError
from kubedoor_api.nodes.actions.evicting import evict
from kubedoor_api.nodes.actions.models import MovesParameters
from kubedoor_api.nodes.actions.work import Work
from kubedoor_api.nodes.cluster import see
from kubedoor_api.web.concurrency import Computing

if TYPE_CHECKING:
    from kubedoor_api.kube.objects.pods import Pod
    from kubedoor_api.nodes.actions.action import NodeAction, PodReason, PodState
    from kubedoor_api.web.endpoint import Context


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
            refused = await self.context[Computing].run(moving.refusal, one, seen)
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
        while (landed := moving.landed_on(one, await self._pods(one))) is None:
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
