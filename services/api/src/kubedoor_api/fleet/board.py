"""How the clusters are: each is asked by itself, and one that hangs keeps nobody waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kubedoor_api.admission import certificate
from kubedoor_api.admission.certificate import WebhookCertificate
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.webhook_configuration import reachable_from_here
from kubedoor_api.kube.workloads import count_nodes
from kubedoor_api.web.endpoint import Context

EVERY_S = 15.0
"""What was found holds for so long."""
LOOK_S = 3.0
"""Seconds after which a cluster that has not answered is unreachable."""
WAIT_S = 1.0
"""Seconds that a request waits for clusters; those that take longer are shown as they were."""


@dataclass(frozen=True)
class ClusterView:
    """How a cluster was when it was looked at last.

    :ivar reason: why it is unreachable; empty where it answered.
    :ivar answered_at: when it answered last; nodes and certificate are of then.
    :ivar nodes_reason: why its nodes are not known, though it answers.
    :ivar due: monotonic seconds from which on it is to be looked at again.
    """

    reachable: bool | None = None
    since: datetime | None = None
    reason: str = ""
    answered_at: datetime | None = None
    nodes: int | None = None
    nodes_reason: str = ""
    certificate: WebhookCertificate | None = None
    due: float = 0.0
    asking: bool = False


class FleetBoard:
    """Holds how each cluster was, and looks again where somebody asks."""

    def __init__(self) -> None:
        self._views: dict[str, ClusterView] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def views(self, context: Context, envs: Iterable[str]) -> dict[str, ClusterView]:
        """Return how the clusters of some envs are.

        Those that are due are asked. One that was reachable, or has never been asked, is waited for, for a
        second at most; one that is unreachable is not.
        """
        asked = list(envs)
        waited = [
            task
            for env in asked
            if (task := self._look(context, env)) and self._of(env).reachable is not False
        ]
        if waited:
            await asyncio.wait(waited, timeout=WAIT_S)
        return {env: replace(self._of(env), asking=env in self._under_way) for env in asked}

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _of(self, env: str) -> ClusterView:
        return self._views.get(env, ClusterView())

    def _look(self, context: Context, env: str) -> asyncio.Task[None] | None:
        if env not in self._under_way and time.monotonic() >= self._of(env).due:
            task = self._under_way[env] = asyncio.create_task(self._looked(context, env))
            task.add_done_callback(lambda _: self._under_way.pop(env, None))
        return self._under_way.get(env)

    async def _looked(self, context: Context, env: str) -> None:
        view, shown = await asyncio.gather(
            _asked(context[Clusters], env, self._of(env)), _shown(context, env)
        )
        self._views[env] = replace(
            view, certificate=shown or view.certificate, due=time.monotonic() + EVERY_S
        )


async def _asked(clusters: Clusters, env: str, had: ClusterView) -> ClusterView:
    """Ask a cluster how many nodes it has, which tells whether it answers."""
    now = datetime.now(UTC)
    try:
        nodes = await count_nodes(clusters, env, LOOK_S)
    except ClusterUnavailableError as error:
        since = had.since if had.reachable is False else now
        return replace(had, reachable=False, since=since, reason=str(error))
    except ClusterRefusedError as error:
        return _answered(had, now, None, str(error))
    return _answered(
        had, now, nodes, "" if nodes is not None else "the cluster does not say how many there are"
    )


def _answered(had: ClusterView, now: datetime, nodes: int | None, reason: str) -> ClusterView:
    since = had.since if had.reachable else now
    return ClusterView(True, since, "", now, nodes, reason, had.certificate)


async def _shown(context: Context, env: str) -> WebhookCertificate | None:
    """Return the certificate of an env's webhook; None where it can't be had in time."""
    settings = context[Clusters].settings_of(env, context[ApiSettings])
    if not reachable_from_here(settings, env):
        return certificate.without("unknown", "It is not known from here where the webhook is")
    try:
        async with asyncio.timeout(LOOK_S):
            return await certificate.look(settings)
    except TimeoutError:
        return None
