"""What an operation would do, before it is done: each service, and whether the nodes have room."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from kubedoor_api.admission.models import AdmissionChange, AdmissionNote, changes_of, notes_of
from kubedoor_api.admission.policy import Control, control_of
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import template_of
from kubedoor_api.kube.retry import AskingError, for_people
from kubedoor_api.operations import edits, queries
from kubedoor_api.operations.manifests import Autoscaler, Live, admitted, autoscalers_of
from kubedoor_api.operations.models import (
    AskedTarget,
    AutoscalerBounds,
    Kind,
    NewOperation,
    OperationPreview,
    PodRequests,
    Room,
    TargetPreview,
)
from kubedoor_api.operations.notes import OperationNote, RefusedError, cluster_note, note, sentence
from kubedoor_api.operations.operation import BoundsBefore, ToCount
from kubedoor_api.operations.plan import Observed, Plan, Registered, plan, require_live
from kubedoor_api.operations.requests import (
    InvalidTarget,
    desired_of,
    require_cluster,
    require_one_valid,
    validate_targets,
)
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import ServicePath
from kubedoor_api.workloads import room
from kubedoor_api.workloads.room import Amount, Node, asked_by, surge_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.admission.notes import Change, ChangeSource
from kubedoor_core.errors import BadValueError
from kubedoor_core.problems import unavailable

NOTHING = Amount()


@dataclass(frozen=True)
class Namespace:
    """What runs in a namespace, or why that is not known.

    :ivar autoscalers: by the Deployment that they target.
    """

    deployments: dict[str, Live] = field(default_factory=dict)
    autoscalers: dict[str, tuple[Autoscaler, ...]] = field(default_factory=dict)
    trouble: AskingError | None = None


@dataclass
class Forecast:
    """One service before and after.

    :ivar new_pods: pods that are there afterwards beyond those of now; negative if fewer.
    :ivar surge: pods that need a node during the rollout alone.
    """

    target: AskedTarget
    refused: OperationNote | None = None
    warnings: list[OperationNote] = field(default_factory=list)
    replicas_before: int | None = None
    replicas_after: int | None = None
    bounds: BoundsBefore | None = None
    pod_before: Amount = NOTHING
    pod_after: Amount = NOTHING
    changes: list[AdmissionChange] = field(default_factory=list)
    notes: list[AdmissionNote] = field(default_factory=list)
    surge: int = 0
    new_pods: int = 0
    unplaced: int = 0

    @property
    def added(self) -> Amount:
        """What it asks for afterwards beyond what it asks for now."""
        before = self.replicas_before or 0
        return self.pod_after.times(before + self.new_pods) - self.pod_before.times(before)

    def shown(self) -> TargetPreview:
        """Return it as the API answers it."""

        def pod(amount: Amount) -> PodRequests | None:
            known = self.replicas_before is not None
            return PodRequests(cpu_m=amount.cpu_m, mem_mib=amount.mem_mib) if known else None

        bounds, refused = self.bounds, self.refused
        return TargetPreview(
            namespace=self.target.namespace,
            name=self.target.name,
            refused=refused,
            reason=refused.reason if refused else "",
            warnings=self.warnings,
            detail=sentence([*([refused] if refused else []), *self.warnings]),
            replicas_before=self.replicas_before,
            replicas_after=self.replicas_after,
            bounds_before=AutoscalerBounds(**bounds.bounds.model_dump()) if bounds else None,
            bounds_after=AutoscalerBounds(**bounds.made.model_dump()) if bounds else None,
            pod_before=pod(self.pod_before),
            pod_after=pod(self.pod_after),
            changes=self.changes,
            notes=self.notes,
            unplaced=self.unplaced,
        )


def forecast(
    env: str,
    kind: Kind,
    target: AskedTarget,
    found: Namespace,
    control: Control,
    invalid: InvalidTarget | None = None,
    for_a_time: Registered | None = None,
) -> Forecast:
    """Say what an operation would make of a service.

    :param for_a_time: what the control table holds, where its count is for a time only.
    :param invalid: why it can't be acted on, where the request itself shows it.
    """
    made = Forecast(target)
    if invalid is not None:
        made.refused = invalid.note
        return made
    if found.trouble:
        made.refused = cluster_note(found.trouble)
        return made
    namespace, name = target.namespace, target.name
    service = control.service(namespace, name)
    held = None if service is None else Registered(service.replicas, service.autoscaled)
    registered = for_a_time or held
    autoscalers = found.autoscalers.get(name, ())
    observed = Observed(control.governs(namespace), found.deployments.get(name), autoscalers, registered)
    try:
        live = require_live(env, namespace, name, observed)
        made.replicas_before = made.replicas_after = live.replicas
        made.pod_before = made.pod_after = asked_by(template_of(live.manifest).get("spec") or {})
        desired = desired_of(kind, target)
        planned = plan(env, namespace, name, desired, observed)
        if isinstance(planned.before, BoundsBefore):
            made.bounds, bounds, before = planned.before, planned.before.made, live.replicas
            made.replicas_after = min(max(before, bounds.min_replicas), bounds.max_replicas)
            made.new_pods = bounds.max_replicas - before  # room is needed for the upper one
        elif planned.replicas is not None:
            manual = isinstance(desired, ToCount) and desired.replicas is not None
            _count(made, planned, planned.replicas, "manual" if manual else "")
        else:
            _rollout(made, env, kind, live, control)
    except RefusedError as error:
        made.refused = error.note
    except BadValueError as error:
        made.refused = note("invalid", text=str(error))
    return made


def _count(made: Forecast, planned: Plan, replicas: int, source: ChangeSource) -> None:
    before = planned.live.replicas
    made.replicas_after, made.new_pods = replicas, replicas - before
    if replicas == before:
        made.warnings.append(note("has_count_already", count=replicas))
        return
    if planned.gives_back is not None:
        made.warnings.append(note("count_given_back", count=replicas))
    change = Change("", "replicas", "", str(before), str(replicas), source)
    made.changes = [AdmissionChange.model_validate(change.json())]
    if replicas == 0:
        made.warnings.append(note("no_pods_left"))


def _rollout(made: Forecast, env: str, kind: Kind, live: Live, control: Control) -> None:
    """Let admission decide about the Deployment as if it were rolled out now."""
    decision, after = admitted(env, made.target.namespace, live, control)
    if kind == "restart":
        made.replicas_after, made.new_pods = after.replicas, after.replicas - live.replicas
    made.pod_after = asked_by(template_of(after.manifest).get("spec") or {})
    made.changes, made.notes = changes_of(decision) if decision.patch else [], notes_of(decision)
    if kind == "resize":
        made.changes = [one for one in made.changes if one.resource != "replicas"]
        made.warnings.append(note("resize_until_rollout"))
    elif after.replicas:
        made.surge = surge_of(live.manifest["spec"], after.replicas)
    else:
        made.warnings.append(note("no_pods_to_restart"))


def room_of(found: list[Forecast], nodes: list[Node], *, one_by_one: bool) -> Room:
    """Put the services' new pods on the nodes, in their order, and add everything up.

    :param one_by_one: whether one rollout has ended before the next begins, so that what a rollout makes
        beyond the count is there for one service at a time.
    """
    free, added, surges = room.free_in(nodes), Amount(), [Amount()]
    unplaced = 0
    for one in found:
        added += one.added
        surges.append(one.pod_after.times(one.surge))
        nodes, left = room.place(nodes, one.pod_after, max(0, one.new_pods))
        during, crowded = room.place(nodes, one.pod_after, one.surge)
        one.unplaced = left + crowded
        unplaced += one.unplaced
        nodes = nodes if one_by_one else during
    surge = max(surges, key=lambda amount: amount.cpu_m) if one_by_one else sum(surges, Amount())
    return Room(
        nodes=len(nodes),
        free_cpu_m=free.cpu_m,
        free_mem_mib=free.mem_mib,
        added_cpu_m=added.cpu_m,
        added_mem_mib=added.mem_mib,
        surge_cpu_m=surge.cpu_m,
        surge_mem_mib=surge.mem_mib,
        fits=not unplaced and added.fits_into(free),
    )


async def _for_a_time(
    context: Context, env: str, request: NewOperation
) -> dict[tuple[str, str], Registered | None]:
    """Return the rows of services that are asked for the control table's count where it is for a time."""
    if request.kind != "scale":
        return {}
    keys = [(one.namespace, one.name) for one in request.targets if one.replicas is None]
    found = await queries.counts_before_those_for_a_time(context[ClickHouse], env, keys)
    paths = [ServicePath(env=env, namespace=key[0], kind="Deployment", name=key[1]) for key in found]
    return {(path.namespace, path.name): await edits.registered(context, path) for path in paths}


async def preview(context: Context, env: str, request: NewOperation) -> OperationPreview:
    """Say what becomes of each service.

    :raises Problem: 400, 409, or 503 where the cluster does not answer.
    """
    invalid = validate_targets(request.targets)
    require_one_valid(request.targets, invalid)
    require_cluster(context, env)
    names = list(dict.fromkeys(target.namespace for target in request.targets))

    async def namespace(name: str) -> Namespace:
        clusters, wanted = context[Clusters], [one.name for one in request.targets if one.namespace == name]
        try:
            found = await workloads.in_namespace(clusters, env, name)
            scaling = request.kind == "scale"
            autoscalers = await workloads.autoscalers(clusters, env, name) if scaling else []
        except AskingError as error:
            return Namespace(trouble=error)
        deployments = {str(one["metadata"]["name"]): Live(one) for one in found}
        return Namespace(deployments, {one: autoscalers_of(autoscalers, one) for one in wanted})

    async def free_nodes() -> list[Node] | AskingError:
        try:
            return await room.free_nodes(context, env)
        except AskingError as error:
            return error

    try:
        async with for_people(env):
            control, nodes, held, namespaces = await asyncio.gather(
                control_of(context, env),
                free_nodes(),
                _for_a_time(context, env, request),
                asyncio.gather(*map(namespace, names)),
            )
    except AskingError as error:
        raise unavailable(str(error)) from error
    by_name = dict(zip(names, namespaces, strict=True))
    found = [
        forecast(
            env,
            request.kind,
            target,
            by_name[target.namespace],
            control,
            invalid.get(index),
            held.get((target.namespace, target.name)),
        )
        for index, target in enumerate(request.targets)
    ]
    accepted = [one for one in found if one.refused is None]
    warnings, needed = [], None
    if len(accepted) < len(found):
        warnings.append(note("some_refused", count=len(found) - len(accepted)))
    if isinstance(nodes, AskingError):
        warnings.append(note("room_unknown", text=str(nodes)))
    else:
        needed = room_of(accepted, nodes, one_by_one=request.wait_rollout)
    targets = [one.shown() for one in found]
    detail = sentence(warnings)
    return OperationPreview(kind=request.kind, targets=targets, room=needed, warnings=warnings, detail=detail)
