"""What an operation would do, before it is done: each service, and whether the nodes have room."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.models import AdmissionChange, changes_of
from kubedoor_api.admission.policy import control_of
from kubedoor_api.admission.preview.apply import apply
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import replicas_of, template_of
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.operations.desired import (
    BoundsBefore,
    InvalidTarget,
    ToCount,
    require_one_fit,
    validate_targets,
    wanted_of,
)
from kubedoor_api.operations.models import AskedTarget, AutoscalerBounds, Kind, Reason
from kubedoor_api.operations.plan import Observed, RefusedError, Registered, plan, require_live
from kubedoor_api.operations.preview_models import OperationPreview, PodRequests, Room, TargetPreview
from kubedoor_api.operations.service import authorize_targets, require_cluster
from kubedoor_api.workloads import room
from kubedoor_api.workloads.room import Amount, Node, asked_by, surge_of
from kubedoor_core.domain.admission.notes import ChangeSource
from kubedoor_core.errors import BadValueError
from kubedoor_core.problems import unavailable

if TYPE_CHECKING:
    from kubedoor_api.admission.policy import Control
    from kubedoor_api.operations.models import NewOperation
    from kubedoor_api.operations.plan import Desired, Plan
    from kubedoor_api.web.context import Context
    from kubedoor_api.web.endpoint import Caller

Json = dict[str, Any]

NOTHING = Amount()


@dataclass(frozen=True)
class Found:
    """What runs: the Deployment, the autoscalers of its namespace, or why that is not known."""

    live: Json | None
    autoscalers: Sequence[Json] = ()
    trouble: AskingError | None = None


@dataclass
class Forecast:
    """One service before and after.

    :ivar new_pods: pods that are there afterwards beyond those of now; negative if fewer.
    :ivar surge: pods that need a node during the rollout alone.
    """

    namespace: str
    name: str
    refused: str | None = None
    reason: Reason = ""
    warnings: list[str] = field(default_factory=list)
    replicas_before: int | None = None
    replicas_after: int | None = None
    bounds_before: AutoscalerBounds | None = None
    bounds_after: AutoscalerBounds | None = None
    pod_before: Amount = NOTHING
    pod_after: Amount = NOTHING
    changes: list[AdmissionChange] = field(default_factory=list)
    surge: int = 0
    new_pods: int = 0
    unplaced: int = 0

    @property
    def added(self) -> Amount:
        """What it asks for afterwards beyond what it asks for now."""
        before = self.replicas_before or 0
        return self.pod_after.times(before + self.new_pods) - self.pod_before.times(before)

    def shown(self) -> TargetPreview:
        """Tell it."""
        known = self.replicas_before is not None

        def pod(amount: Amount) -> PodRequests | None:
            return PodRequests(cpu_m=amount.cpu_m, mem_mib=amount.mem_mib) if known else None

        warnings = list(self.warnings)
        if self.unplaced:
            warnings.append(f"no node has room for {self.unplaced} of its new pods")
        return TargetPreview(
            namespace=self.namespace,
            name=self.name,
            refused=self.refused,
            reason=self.reason,
            warnings=warnings,
            replicas_before=self.replicas_before,
            replicas_after=self.replicas_after,
            bounds_before=self.bounds_before,
            bounds_after=self.bounds_after,
            pod_before=pod(self.pod_before),
            pod_after=pod(self.pod_after),
            changes=self.changes,
            unplaced=self.unplaced,
        )


def forecast(
    env: str,
    kind: Kind,
    target: AskedTarget,
    found: Found,
    control: Control,
    unfit: InvalidTarget | None = None,
) -> Forecast:
    """Say what an operation would make of a service.

    :param unfit: why it can't be acted on, where the request itself shows it.
    """
    made = Forecast(target.namespace, target.name)
    if unfit is not None:
        made.refused, made.reason = unfit.detail, unfit.reason
        return made
    try:
        desired, observed = wanted_of(kind, target), _observed(target, found, control)
        live = require_live(env, target.namespace, target.name, observed)
        made.replicas_before = made.replicas_after = replicas_of(live)
        made.pod_before = made.pod_after = asked_by(template_of(live).get("spec") or {})
        _fill(made, desired, plan(env, target.namespace, target.name, desired, observed), control)
    except RefusedError as error:
        made.refused, made.reason = str(error), error.reason
    except BadValueError as error:
        made.refused, made.reason = str(error), "invalid"
    return made


def _observed(target: AskedTarget, found: Found, control: Control) -> Observed:
    if found.trouble:
        raise RefusedError(str(found.trouble), found.trouble.reason)
    service = control.service(target.namespace, target.name)
    registered = None if service is None else Registered(service.replicas, service.autoscaled)
    return Observed(control.governs(target.namespace), found.live, found.autoscalers, registered)


def _fill(made: Forecast, desired: Desired, planned: Plan, control: Control) -> None:
    if isinstance(planned.before, BoundsBefore):
        _bounds(made, planned.before)
    elif planned.replicas is not None:
        manual = isinstance(desired, ToCount) and desired.replicas is not None
        _count(made, planned.replicas, "manual" if manual else "")
    else:
        _restart(made, planned.live, control)


def _restart(made: Forecast, live: Json, control: Control) -> None:
    metadata = {**live["metadata"], "namespace": made.namespace}
    manifest = {"metadata": metadata, "spec": live["spec"]}
    service = control.service(made.namespace, made.name)
    decision = control.decide(manifest, control.mode(made.namespace, service))
    if not decision.allowed:
        raise RefusedError(decision.message, "not_registered")
    after = apply(manifest, decision.patch)
    made.replicas_after = replicas_of(after)
    made.pod_after = asked_by(template_of(after).get("spec") or {})
    made.changes = changes_of(decision) if decision.patch else []
    made.warnings += decision.warnings if not decision.patch else ()
    made.new_pods = made.replicas_after - (made.replicas_before or 0)
    made.surge = surge_of(live["spec"], made.replicas_after) if made.replicas_after else 0
    if not made.replicas_after:
        made.warnings.append("it has no pods to restart")


def _count(made: Forecast, replicas: int, source: ChangeSource) -> None:
    before = made.replicas_before or 0
    made.replicas_after, made.new_pods = replicas, replicas - before
    if replicas == before:
        made.warnings.append(f"it asks for {replicas} already")
        return
    made.changes = [
        AdmissionChange(
            container="", resource="replicas", kind="", before=str(before), after=str(replicas), source=source
        )
    ]
    if replicas == 0:
        made.warnings.append("it will have no pods")


def _bounds(made: Forecast, planned: BoundsBefore) -> None:
    standing, bounds, before = planned.bounds, planned.made, made.replicas_before or 0
    made.bounds_before = AutoscalerBounds.model_validate(standing.model_dump())
    made.bounds_after = AutoscalerBounds.model_validate(bounds.model_dump())
    made.replicas_after = min(max(before, bounds.min_replicas), bounds.max_replicas)
    made.new_pods = bounds.max_replicas - before


LIMIT_S = 20.0
"""Seconds after which people want to hear that the cluster does not answer."""


@dataclass(frozen=True)
class Namespace:
    """What runs in a namespace, or why that is not known."""

    deployments: dict[str, Json]
    autoscalers: list[Json]
    trouble: AskingError | None = None


async def _namespace(context: Context, env: str, name: str, *, scaling: bool) -> Namespace:
    try:
        deployments = await workloads.in_namespace(context[Clusters], env, name)
        autoscalers = await workloads.autoscalers(context[Clusters], env, name) if scaling else []
    except AskingError as error:
        return Namespace({}, [], error)
    return Namespace({str(one["metadata"]["name"]): one for one in deployments}, autoscalers)


async def _nodes(context: Context, env: str) -> tuple[list[Node], str]:
    """Return what the nodes have left, or nothing and why."""
    try:
        return await room.free_nodes(context, env), ""
    except AskingError as error:
        return [], str(error)


def room_of(found: list[Forecast], rooms: list[Node], *, one_by_one: bool) -> Room:
    """Put the services' new pods on the nodes, in their order, and add everything up.

    :param one_by_one: whether one rollout has ended before the next begins, so that what a rollout makes
        beyond the count is there for one service at a time.
    """
    free, added, surges = room.free_in(rooms), Amount(), [Amount()]
    unplaced = 0
    for one in found:
        added += one.added
        surges.append(one.pod_after.times(one.surge))
        rooms, left = room.place(rooms, one.pod_after, max(0, one.new_pods))
        during, crowded = room.place(rooms, one.pod_after, one.surge)
        one.unplaced = left + crowded
        unplaced += one.unplaced
        rooms = rooms if one_by_one else during
    surge = max(surges, key=lambda amount: amount.cpu_m) if one_by_one else sum(surges, Amount())
    return Room(
        nodes=len(rooms),
        free_cpu_m=free.cpu_m,
        free_mem_mib=free.mem_mib,
        added_cpu_m=added.cpu_m,
        added_mem_mib=added.mem_mib,
        surge_cpu_m=surge.cpu_m,
        surge_mem_mib=surge.mem_mib,
        fits=not unplaced and added.namespace_filter(free),
    )


def _warnings(room: Room | None, trouble: str, refused: int) -> list[str]:
    found = []
    if refused:
        found.append(f"{refused} of the services would be refused; the others go on")
    if trouble:
        found.append(f"It is not known whether the nodes have room: {trouble}")
    if room is not None and not room.fits:
        found.append(
            f"It won't fit: {room.added_cpu_m + room.surge_cpu_m} m of cpu and"
            f" {room.added_mem_mib + room.surge_mem_mib} MiB are asked for at the most, and the nodes have"
            f" {room.free_cpu_m} m and {room.free_mem_mib} MiB free, not all on one node; pods would wait"
        )
    return found


async def preview(caller: Caller, context: Context, env: str, request: NewOperation) -> OperationPreview:
    """Say what becomes of each service.

    :raises Problem: 400, 403, 409, or 503 where the cluster does not answer.
    """
    authorize_targets(caller, Role.OPERATOR, env, (target.namespace for target in request.targets))
    wrong = validate_targets(request.targets)
    require_one_fit(request.targets, wrong)
    require_cluster(context, env)
    try:
        async with asyncio.timeout(LIMIT_S):
            return await _preview(context, env, request, wrong)
    except TimeoutError as error:
        raise unavailable(f"The cluster {env} does not answer") from error


async def _preview(
    context: Context, env: str, request: NewOperation, wrong: dict[int, InvalidTarget]
) -> OperationPreview:
    names = list(dict.fromkeys(target.namespace for target in request.targets))
    scaling = request.kind == "scale"
    looks = asyncio.gather(*(_namespace(context, env, name, scaling=scaling) for name in names))
    control, rooms, namespaces = await asyncio.gather(control_of(context, env), _nodes(context, env), looks)
    by_name, found = dict(zip(names, namespaces, strict=True)), []
    for index, target in enumerate(request.targets):
        where = by_name[target.namespace]
        live = Found(where.deployments.get(target.name), where.autoscalers, where.trouble)
        found.append(forecast(env, request.kind, target, live, control, wrong.get(index)))
    left, trouble = rooms
    one_by_one = bool(request.wait_rollout)
    well = [one for one in found if one.refused is None]
    room = None if trouble else room_of(well, left, one_by_one=one_by_one)
    warnings = _warnings(room, trouble, len(found) - len(well))
    targets = [one.shown() for one in found]
    return OperationPreview(kind=request.kind, targets=targets, room=room, warnings=warnings)
