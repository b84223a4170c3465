"""Drains a node: cordons it, evicts its pods, and waits until they are gone.

Each step can be done again by whoever comes after a death: the cordon bears the action's id, and pods are
known by their uids, so that no pod that came after is taken for one that was to go.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.nodes import LiveNode, read_node
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import CONFLICT, FORBIDDEN, AskingError
from kubedoor_api.nodes import cordoning
from kubedoor_api.nodes.actions import draining
from kubedoor_api.nodes.actions.action import FailedError, NodeAction
from kubedoor_api.nodes.actions.models import DrainParameters
from kubedoor_api.nodes.actions.work import ActionCancelledError, Work, evict
from kubedoor_api.nodes.cordoning import check_share
from kubedoor_api.web.endpoint import Context
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

log = get_logger(__name__)

PATCHES = 20
PATCH_AGAIN_S = 0.2


class Drain(Work):
    """A drain under way in this instance."""

    def __init__(self, context: Context, action: NodeAction) -> None:
        super().__init__(context, action)
        self._how = DrainParameters.model_validate(action.parameters)
        self._poll_s = context[ApiSettings].rollout_poll_s

    async def run(self) -> None:
        """Do what is left of it.

        :raises FailedError: it can't be done, or not in time.
        :raises ActionCancelledError: somebody has; the node takes pods again if this had cordoned it.
        :raises DeposedError: another instance has taken it over.
        """
        try:
            self.check_cancelled()
            if not self.action.did("cordoned", "found_cordoned"):
                await self._cordon()
            if not self.action.did("listed"):
                await self._list()
            await self._empty()
        except ActionCancelledError:
            await self._uncordon()
            raise
        stuck = [one for one in self.action.pods if one.state == "stuck"]
        if stuck:
            names = ", ".join(f"{one.namespace}/{one.name}" for one in stuck)
            raise FailedError(
                "still_there",
                f"{names}: being deleted, and still there long after the grace period: look at the kubelet of"
                f" {self.action.node} and at finalizers",
            )

    async def _nodes(self, name: str = "") -> list[LiveNode]:
        return [read_node(one) for one in await workloads.nodes(self.context[Clusters], self.env, name)]

    async def _node(self) -> LiveNode:
        """Return the node that is drained.

        :raises FailedError: it is gone.
        """
        return self._of(await self._nodes(self.action.node))

    def _of(self, nodes: list[LiveNode]) -> LiveNode:
        node = next((one for one in nodes if one.name == self.action.node), None)
        if node is None:
            raise FailedError("node_gone", f"{self.action.node} is no node of the cluster any more")
        return node

    async def _cordon(self) -> None:
        """Cordon the node, unless it is: then it stays so, whatever becomes of the drain.

        :raises FailedError: too much of its group would be cordoned, or it changes all the time.
        """
        why = cordoning.Why(self.action.requested_by, self._how.reason, action=self.action.id)
        for _ in range(PATCHES):
            nodes = await self._nodes()
            node = self._of(nodes)
            if node.cordon is not None:
                ours = node.cordon.action == self.action.id
                await self.step("cordoned" if ours else "found_cordoned")
                return
            await self._check_share(nodes)
            try:
                await cordoning.cordon(self.context, self.env, node, why)
            except AskingError as error:
                if error.status != CONFLICT:
                    raise
                await asyncio.sleep(PATCH_AGAIN_S)
                continue
            await self.step("cordoned")
            # Two who cordon at once both saw a group of which less was cordoned.
            await self._check_share(await self._nodes())
            return
        raise FailedError("conflict", f"{self.action.node} changed {PATCHES} times while it was cordoned")

    async def _check_share(self, nodes: list[LiveNode]) -> None:
        node = self._of(nodes)
        try:
            check_share(nodes, node, self.context[ApiSettings].max_cordoned_pct)
        except Problem as problem:
            await self._uncordon()
            raise FailedError("too_many_cordoned", problem.detail) from problem

    async def _uncordon(self) -> None:
        """Let the node take pods again, if this drain has cordoned it, and nobody else has since.

        :raises AskingError: it can't be done.
        """
        for attempt in range(1, PATCHES + 1):
            try:
                node = await self._node()
                if node.cordon is not None and node.cordon.action == self.action.id:
                    await cordoning.uncordon(self.context, self.env, node)
                    await self.step("uncordoned")
            except FailedError:  # it is gone
                return
            except AskingError as error:
                if error.status == FORBIDDEN or attempt == PATCHES:
                    raise
                await asyncio.sleep(PATCH_AGAIN_S)
            else:
                return

    async def _on_node(self) -> dict[str, Pod]:
        found = await workloads.pods_on_node(self.context[Clusters], self.env, self.action.node)
        return {str(pod["metadata"].get("uid")): pod for pod in found}

    async def _list(self) -> None:
        """Write down which pods are to go, before the first is asked.

        :raises FailedError: there are some for which it was not agreed; nothing was evicted.
        """
        pods = draining.leaving((await self._on_node()).values())
        agreed, own = self._how.agreed, self.context[ApiSettings].own_namespace
        bad = [pod["metadata"]["name"] for pod in pods if not set(draining.asks(pod, own)) <= agreed]
        if bad:
            await self._uncordon()
            raise FailedError("not_agreed", f"it was not agreed to lose {', '.join(sorted(bad))}")
        self.action = replace(self.action, pods=tuple(map(draining.acted_pod, pods)))
        await self.step("listed")

    async def _empty(self) -> None:
        """Evict until all pods are gone, or do not end.

        :raises FailedError: the node is gone, others uncordoned it, or time is over.
        """
        while True:
            self.check_cancelled()
            trouble = ""
            try:
                await self._round()
            except AskingError as error:
                if error.status == FORBIDDEN:
                    raise FailedError(error.reason, str(error)) from error
                trouble = str(error)
                log.info("node_action.again", node_action=self.action.id, reason=trouble)
            if all(one.ended for one in self.action.pods) and not trouble:
                return
            if self.over(self._how.timeout_s):
                raise FailedError("timeout", trouble or self._left())
            await self.keep()
            await asyncio.sleep(self._poll_s)

    async def _round(self) -> None:
        """Look how far each pod is, and ask those to go whose turn it is."""
        node = await self._node()
        if node.cordon is None:
            raise FailedError("uncordoned", f"{node.name} was uncordoned by others: pods come to it again")
        here, now = await self._on_node(), datetime.now(UTC)
        self.put(*(draining.progressed(one, here, now) for one in self.action.pods))
        asked = [
            evict(self.context, self.env, one, here[one.uid], self._how.grace_period_s)
            for one in draining.next_ones(self.action.pods)
        ]
        self.put(*await asyncio.gather(*asked))

    def _left(self) -> str:
        """Say which pods are still there when time is over, and what refuses their eviction."""
        left = [one for one in self.action.pods if not one.ended]
        named = (f"{one.namespace}/{one.name}" + (f" ({one.detail})" if one.detail else "") for one in left)
        return f"{len(left)} pods are still there after {self._how.timeout_s} s: {', '.join(named)}"
