"""What an operation would do, before it is done: each service, and whether the nodes have room."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.auth.roles import Role
from kubedoor_api.kube import workloads
from kubedoor_api.kube.patience import AskingError
from kubedoor_api.live.control import control_of
from kubedoor_api.operations import capacity, forecast, nodes
from kubedoor_api.operations.capacity import Amount, Node
from kubedoor_api.operations.forecast import Found
from kubedoor_api.operations.preview_models import OperationPreview, Room
from kubedoor_api.operations.service import authorize_targets, require_cluster
from kubedoor_api.operations.unfit import require_one_fit, unfit
from kubedoor_core.problems import unavailable

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Caller
    from kubedoor_api.operations.models import NewOperation
    from kubedoor_api.operations.unfit import Unfit

Json = dict[str, Any]

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
        deployments = await workloads.in_namespace(context.clusters, env, name)
        autoscalers = await workloads.autoscalers(context.clusters, env, name) if scaling else []
    except AskingError as error:
        return Namespace({}, [], error)
    return Namespace({str(one["metadata"]["name"]): one for one in deployments}, autoscalers)


async def _nodes(context: Context, env: str) -> tuple[list[Node], str]:
    """Return what the nodes have left, or nothing and why."""
    try:
        return await nodes.look(context, env), ""
    except AskingError as error:
        return [], str(error)


def room_of(found: list[forecast.Forecast], rooms: list[Node], *, one_by_one: bool) -> Room:
    """Put the services' new pods on the nodes, in their order, and add everything up.

    :param one_by_one: whether one rollout has ended before the next begins, so that what a rollout makes
        beyond the count is there for one service at a time.
    """
    free, added, surges = capacity.free_in(rooms), Amount(), [Amount()]
    unplaced = 0
    for one in found:
        added += one.added
        surges.append(one.pod_after.times(one.surge))
        rooms, left = capacity.place(rooms, one.pod_after, max(0, one.new_pods))
        during, crowded = capacity.place(rooms, one.pod_after, one.surge)
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
        fits=not unplaced and added.within(free),
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
    wrong = unfit(request.targets)
    require_one_fit(request.targets, wrong)
    require_cluster(context, env)
    try:
        async with asyncio.timeout(LIMIT_S):
            return await _preview(context, env, request, wrong)
    except TimeoutError as error:
        raise unavailable(f"The cluster {env} does not answer") from error


async def _preview(
    context: Context, env: str, request: NewOperation, wrong: dict[int, Unfit]
) -> OperationPreview:
    names = list(dict.fromkeys(target.namespace for target in request.targets))
    scaling = request.kind == "scale"
    looks = asyncio.gather(*(_namespace(context, env, name, scaling=scaling) for name in names))
    control, rooms, namespaces = await asyncio.gather(control_of(context, env), _nodes(context, env), looks)
    by_name, found = dict(zip(names, namespaces, strict=True)), []
    for index, target in enumerate(request.targets):
        where = by_name[target.namespace]
        live = Found(where.deployments.get(target.deployment), where.autoscalers, where.trouble)
        found.append(forecast.forecast(env, request.kind, target, live, control, wrong.get(index)))
    left, trouble = rooms
    one_by_one = bool(request.wait_rollout)
    well = [one for one in found if one.refused is None]
    room = None if trouble else room_of(well, left, one_by_one=one_by_one)
    warnings = _warnings(room, trouble, len(found) - len(well))
    targets = [one.shown() for one in found]
    return OperationPreview(kind=request.kind, targets=targets, room=room, warnings=warnings)
