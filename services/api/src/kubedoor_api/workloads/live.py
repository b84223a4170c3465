"""One service as it is in its cluster now: everything is asked at once, and a part that fails says why."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Literal, TypeVar

from kubedoor_api.access.roles import Role
from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, forbidden, no_deployment
from kubedoor_api.kube.manifests import autoscaler_of, moment, replica_set_of, selector_text
from kubedoor_api.kube.objects.cluster import Event
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import Deployment, HorizontalPodAutoscaler, ReplicaSet
from kubedoor_api.kube.retry import FORBIDDEN, MANAGER
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import Nothing, ServicePath, require_deployment
from kubedoor_api.workloads import pods, queries
from kubedoor_api.workloads.service_models import (
    LastChange,
    LiveEvent,
    LivePod,
    LiveService,
    LiveVerticalAutoscaler,
    Untold,
)
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.problems import unavailable

OURS = frozenset({MANAGER, "kube-controller-manager"})
"""Field managers that tell nothing: ourselves, and the controller that keeps the status."""


DID = {"restart": "restarted", "resize": "resized in place"}


def edit_of(row: queries.LastEdit) -> LastChange:
    """Return the last change of the control table."""
    count = "no count" if row.replicas_manual is None else f"{row.replicas_manual} pods"
    removed = "removed it from the control table" if row.deleted else f"{count} by hand"
    return LastChange(
        at=row.updated_at, by=row.updated_by, what="edit", detail=removed, operation_id=row.operation_id
    )


def operation_of(row: queries.LastOperation) -> LastChange:
    """Return the last operation that reached the service."""
    did = DID.get(row.kind) or f"scaled to {row.replicas_after} pods"
    did = "scaled" if row.kind == "scale" and row.replicas_after is None else did
    back = "values before brought back: " if row.rollback_of else ""
    detail = f"{back}{did} ({row.state})" + (f": {row.detail}" if row.detail else "")
    return LastChange(at=row.at, by=row.requested_by, what="operation", detail=detail, operation_id=row.id)


def past_us(deployment: Deployment) -> LastChange | None:
    """Return the last change of the Deployment's spec by another, as far as Kubernetes noted it."""
    found = [
        (at, str(entry.get("manager", "")), entry)
        for entry in deployment["metadata"].get("managedFields") or []
        if entry.get("manager") not in OURS
        and entry.get("subresource") in {None, "", "scale"}
        and "f:spec" in (entry.get("fieldsV1") or {})
        and (at := moment(entry.get("time")))
    ]
    if not found:
        return None
    at, manager, entry = max(found, key=lambda each: each[0])
    how = "scaled" if entry.get("subresource") == "scale" else "changed the Deployment"
    return LastChange(at=at.astimezone(UTC), by=manager, what="cluster", detail=how, operation_id="")


async def last_changes(context: Context, key: ServicePath) -> list[LastChange]:
    """Return the last edit and the last operation, if there were any."""
    edited = await queries.last_edit(context[ClickHouse], key)
    acted = await queries.last_operation(context[ClickHouse], key)
    return [*([edit_of(edited)] if edited else []), *([operation_of(acted)] if acted else [])]


T = TypeVar("T")
Part = Literal["pods", "replicasets", "events", "autoscaler", "vertical", "changes"]

PART_TIMEOUT_S = 6.0


async def _deployment(context: Context, path: ServicePath) -> Deployment:
    try:
        found = await workloads.one(context[Clusters], path.env, path.namespace, path.name)
    except ClusterRefusedError as error:
        if error.status != FORBIDDEN:
            raise unavailable(str(error), path.env) from error
        raise forbidden(path.env, path.namespace, "get", "deployments", error.words) from error
    if found is None:
        raise no_deployment(path.env, path.namespace, path.name)
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
    found: list[Pod] | None, sets: list[ReplicaSet] | None, deployment: Deployment, now: datetime
) -> list[LivePod]:
    """Return the Deployment's own pods: by its ReplicaSets, or by their names where these can't be read."""
    name = deployment["metadata"]["name"]
    if sets is None:
        current = None
        mine = [pod for pod in found or [] if replica_set_of(pod).rpartition("-")[0] == name]
    else:
        current = pods.newest(sets, deployment)
        names = {one["metadata"]["name"] for one in sets}
        mine = [pod for pod in found or [] if replica_set_of(pod) in names]
    return pods.ordered(pods.pod_of(pod, current, now) for pod in mine)


def _events(
    told: tuple[list[Event], bool] | None,
    sets: list[ReplicaSet] | None,
    shown: list[LivePod],
    autoscalers: list[HorizontalPodAutoscaler],
    name: str,
) -> list[LiveEvent]:
    names = {str(one["metadata"]["name"]) for one in sets or []} | {pod.revision for pod in shown}
    scalers = {str(one["metadata"]["name"]) for one in autoscalers}
    found = told[0] if told else []
    mine = (one for one in found if pods.concerns(one, name, names, scalers))
    return pods.latest(pods.event_of(one) for one in mine)


@endpoint(
    "GET",
    "/envs/{env}/services/{namespace}/{name}/live",
    tag="services",
    role=Role.VIEWER,
    conflicts=True,
)
async def get_live_service(call: Call[ServicePath, Nothing, Nothing]) -> LiveService:
    """Show a service as it is in the cluster now: its pods, events, rollout and last changes.

    A part that can't be read is left out, and `untold` says why.
    """
    context, path = call.context, call.path
    require_deployment(path)
    deployment, parts, clusters = await _deployment(context, path), _Parts(), context[Clusters]
    place, selector = (path.env, path.namespace), selector_text(deployment["spec"].get("selector") or {})
    found, sets, told, scalers, vertical, noted = await asyncio.gather(
        parts.ask("pods", workloads.pods(clusters, *place, selector)),
        parts.ask("replicasets", workloads.replica_sets(clusters, *place, selector)),
        parts.ask("events", workloads.events(clusters, *place)),
        parts.ask("autoscaler", workloads.autoscalers(clusters, *place)),
        parts.ask("vertical", surroundings.vertical_autoscalers(clusters, *place)),
        parts.ask("changes", last_changes(context, path)),
    )
    now = datetime.now(UTC)
    mine = None if sets is None else pods.own(sets, deployment)
    targeting = autoscaler_of(scalers or [], path.name)
    shown = _pods(found, mine, deployment, now)
    outside = past_us(deployment)
    changes = [*(noted or []), *([outside] if outside else [])]
    if told and not told[1]:
        parts.untold.append(Untold(part="events", reason=f"only the first {len(told[0])} were looked at"))
    return LiveService(
        env=path.env,
        namespace=path.namespace,
        kind=path.kind,
        name=path.name,
        created_at=moment(deployment["metadata"].get("creationTimestamp")) or now,
        rollout=pods.rollout_of(deployment),
        pods=shown,
        events=_events(told, mine, shown, targeting, path.name),
        autoscaler=pods.autoscaler(targeting[0]) if targeting else None,
        vertical=[
            LiveVerticalAutoscaler(name=one.name, mode=one.mode, changes=one.changes)
            for one in vertical or []
            if (one.kind, one.target) == (path.kind, path.name)
        ],
        last_changes=sorted(changes, key=lambda change: change.at, reverse=True),
        untold=parts.untold,
        asked_at=now,
    )
