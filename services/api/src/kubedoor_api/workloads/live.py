"""One service as it is in its cluster now: everything is asked at once, and a part that fails says why."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from kubedoor_api.kube import deployments, surroundings, workloads
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters
from kubedoor_api.kube.manifests import autoscaler_of, selector_text
from kubedoor_api.workloads import changes, events, pods, rollouts
from kubedoor_api.workloads.service_models import LastChange, LiveEvent, LivePod, LiveService, Untold
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, unavailable

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context
    from kubedoor_api.web.fields import ServicePath

T = TypeVar("T")
Json = dict[str, Any]
Part = Literal["pods", "replicasets", "events", "autoscaler", "changes"]

PART_TIMEOUT_S = 6.0
FORBIDDEN = 403


async def _deployment(context: Context, path: ServicePath) -> Json:
    try:
        found = await deployments.one(context[Clusters], path.env, path.namespace, path.name)
    except ClusterRefusedError as error:
        if error.status != FORBIDDEN:
            raise unavailable(str(error), path.env) from error
        where = f"in namespace {path.namespace} of the cluster {path.env}"
        raise Problem(
            409,
            f"may not get deployments {where}: {error.words}",
            code=ProblemCode.CLUSTER_FORBIDS,
            parameters={
                "env": path.env,
                "namespace": path.namespace,
                "verb": "get",
                "resource": "deployments",
            },
        ) from error
    if found is None:
        raise Problem(
            404,
            f"There is no Deployment {path.namespace}/{path.name} in {path.env}",
            code=ProblemCode.NO_DEPLOYMENT,
            parameters=path.model_dump(),
        )
    return found


class _Parts:
    """Asks for parts, and notes those that could not be had."""

    def __init__(self) -> None:
        self.untold: list[Untold] = []

    async def ask(self, part: Part, call: Awaitable[T]) -> T | None:
        """Return a part, or None with the reason noted."""
        try:
            async with asyncio.timeout(PART_TIMEOUT_S):
                return await call
        except TimeoutError:
            self.untold.append(Untold(part=part, reason=f"no answer in {PART_TIMEOUT_S:g} s"))
        except KubeDoorError as error:
            self.untold.append(Untold(part=part, reason=str(error)))
        return None


def _pods(
    found: list[Json] | None, sets: list[Json] | None, deployment: Json, now: datetime
) -> list[LivePod]:
    """Return the Deployment's own pods: by its ReplicaSets, or by their names where these can't be read."""
    name = deployment["metadata"]["name"]
    if sets is None:
        current = None
        mine = [pod for pod in found or [] if pods.replica_set_of(pod).rpartition("-")[0] == name]
    else:
        current = rollouts.newest(sets, deployment)
        names = {one["metadata"]["name"] for one in sets}
        mine = [pod for pod in found or [] if pods.replica_set_of(pod) in names]
    return pods.ordered(pods.pod_of(pod, current, now) for pod in mine)


def _events(
    told: tuple[list[Json], bool] | None,
    sets: list[Json] | None,
    shown: list[LivePod],
    autoscalers: list[Json],
    name: str,
) -> list[LiveEvent]:
    names = {str(one["metadata"]["name"]) for one in sets or []} | {pod.revision for pod in shown}
    scalers = {str(one["metadata"]["name"]) for one in autoscalers}
    found = told[0] if told else []
    mine = (one for one in found if events.concerns(one, name, names, scalers))
    return events.latest(events.event_of(one) for one in mine)


def _changes(noted: list[LastChange] | None, deployment: Json) -> list[LastChange]:
    outside = changes.past_us(deployment)
    found = [*(noted or []), *([outside] if outside else [])]
    return sorted(found, key=lambda change: change.at, reverse=True)


async def live(context: Context, path: ServicePath) -> LiveService:
    """Return a service as it is now.

    :raises Problem: 404 where the Deployment is not there, 409 where it may not be read or the env has no
        cluster.
    :raises UnavailableError: the cluster can't be asked.
    """
    deployment, parts, clusters = await _deployment(context, path), _Parts(), context[Clusters]
    place, selector = (path.env, path.namespace), selector_text(deployment["spec"].get("selector") or {})
    found, sets, told, scalers, noted = await asyncio.gather(
        parts.ask("pods", workloads.pods(clusters, *place, selector)),
        parts.ask("replicasets", surroundings.replica_sets(clusters, *place, selector)),
        parts.ask("events", surroundings.events(clusters, *place)),
        parts.ask("autoscaler", workloads.autoscalers(clusters, *place)),
        parts.ask("changes", changes.last_changes(context, path)),
    )
    now = datetime.now(UTC)
    mine = None if sets is None else rollouts.own(sets, deployment)
    targeting = autoscaler_of(scalers or [], path.name)
    shown = _pods(found, mine, deployment, now)
    if told and not told[1]:
        parts.untold.append(Untold(part="events", reason=f"only the first {len(told[0])} were looked at"))
    return LiveService(
        env=path.env,
        namespace=path.namespace,
        kind=path.kind,
        name=path.name,
        created_at=pods.moment(deployment["metadata"].get("creationTimestamp")) or now,
        rollout=rollouts.rollout_of(deployment),
        pods=shown,
        events=_events(told, mine, shown, targeting, path.name),
        autoscaler=rollouts.autoscaler(targeting[0]) if targeting else None,
        last_changes=_changes(noted, deployment),
        untold=parts.untold,
        asked_at=now,
    )
