"""Applies a plan to a service: the control table first, then the cluster, so that admission agrees.

An action may be applied again after a death: what is done already is not done twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.control.models import ContainerEdit, ServiceEdit
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import COLUMNS, control_value, replicas_of, restarted_by, template_of
from kubedoor_api.kube.rollout import Expected
from kubedoor_api.operations import expert
from kubedoor_api.operations.desired import (
    BoundsBefore,
    CountBefore,
    Refused,
    Rollback,
    TemplateBefore,
    ToBounds,
    ToCount,
)
from kubedoor_api.operations.plan import Observed, RefusedError
from kubedoor_api.operations.template import (
    changed,
    differences,
    restart_patch,
    rollback_patch,
    template_before,
)

if TYPE_CHECKING:
    from kubedoor_api.operations.expert import Edits
    from kubedoor_api.operations.job import Job, Step
    from kubedoor_api.operations.plan import Desired, Plan
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.domain.control import ExpertRow

Json = dict[str, Any]


@dataclass(frozen=True)
class ActionContext:
    """What an action on one service works with.

    :ivar edits: makes the operation's edits of the control table.
    :ivar again: whether it was begun before, by an API that died or is no longer the leader.
    """

    context: Context
    job: Job
    step: Step
    edits: Edits
    again: bool = False

    async def patch(self, body: Json) -> Json:
        """Lay a patch over the Deployment."""
        step, clusters = self.step, self.context[Clusters]
        return await workloads.patch(clusters, self.job.env, step.namespace, step.name, body)

    async def scale(self, replicas: int) -> int:
        """Ask for a count and return the admitted one."""
        step, clusters = self.step, self.context[Clusters]
        return await workloads.scale(clusters, self.job.env, step.namespace, step.name, replicas)


@dataclass(frozen=True)
class Applied:
    """What came of an action.

    :ivar replicas: the count that the Deployment asks for since.
    :ivar expected: what its rollout is to come to; None where there is none to watch.
    """

    replicas: int | None
    expected: Expected | None = None
    detail: str = ""


async def observe(action: ActionContext, desired: Desired, *, governed: bool) -> Observed:
    """Ask for what a plan needs to know, and for nothing of a service that can't be acted on anyway.

    :raises AskingError: the cluster does not answer, or has no such Deployment.
    """
    if isinstance(desired, Refused) or not governed:
        return Observed(governed)
    step, env, clusters = action.step, action.job.env, action.context[Clusters]
    live = await workloads.read(clusters, env, step.namespace, step.name)
    before = desired.before if isinstance(desired, Rollback) else None
    registered, autoscalers = None, []
    if isinstance(desired, ToCount) or isinstance(before, CountBefore):
        registered = await expert.registered(action)
    if isinstance(desired, ToCount | ToBounds) or isinstance(before, BoundsBefore):
        autoscalers = await workloads.autoscalers(clusters, env, step.namespace)
    return Observed(governed, live, autoscalers, registered)


async def apply(action: ActionContext, desired: Desired, made: Plan) -> Applied:
    """Do what was planned.

    :raises RefusedError, AskingError: saying why it was not done.
    """
    if made.bounds is not None:
        return await _move_bounds(action, made)
    if isinstance(desired, ToCount):
        return await _scale(action, desired, made)
    if not isinstance(desired, Rollback):
        return await _restart(action, made)
    if isinstance(desired.before, CountBefore):
        return await _scale_back(action, desired.before, made)
    if isinstance(desired.before, TemplateBefore):
        return await _restore_template(action, desired.operation, desired.before, made)
    raise TypeError(f"no action for {desired}")


async def _move_bounds(action: ActionContext, made: Plan) -> Applied:
    bounds, env, namespace = made.bounds, action.job.env, action.step.namespace
    if bounds is None:
        raise TypeError("a plan without bounds")
    least, most = bounds.min_replicas, bounds.max_replicas
    await workloads.move_bounds(action.context[Clusters], env, namespace, made.autoscaler, least, most)
    detail = f"{made.autoscaler} moves between {least} and {most} pods"
    return Applied(made.replicas_before, None, detail)


async def _scale(action: ActionContext, desired: ToCount, made: Plan) -> Applied:
    """Make it the manual count, then ask for it."""
    replicas = made.replicas
    if replicas is None:
        raise TypeError("a plan without a count")
    if desired.replicas is not None:
        edit = ServiceEdit.model_validate({"replicas_manual": desired.replicas})
        await action.edits.make(action, lambda _: edit)
    if made.replicas_before == replicas:
        expected = Expected(replicas=replicas) if action.again else None
        return Applied(replicas, expected, "" if action.again else f"it asked for {replicas} already")
    admitted = await action.scale(replicas)
    if admitted != replicas:
        raise RefusedError(
            f"{replicas} pods were asked for and the cluster made it {admitted}: something besides"
            " the control table changes the count at admission",
            "changed_at_admission",
        )
    return Applied(replicas, Expected(replicas=replicas, fewer=replicas < made.replicas_before))


async def _restart(action: ActionContext, made: Plan) -> Applied:
    """Write the operation's id into the pod template, unless it is there."""
    job = action.job
    expected = Expected(restarted_by=job.id)
    if made.restarted_by == job.id:
        return Applied(made.replicas_before, expected)
    admitted = await action.patch(restart_patch(job.id, job.started_at or job.requested_at))
    if restarted_by(template_of(admitted).get("metadata") or {}) != job.id:
        raise RefusedError(
            "the cluster took the restart out again: something changes it at admission",
            "changed_at_admission",
        )
    replicas = replicas_of(admitted)
    return Applied(replicas, expected, "" if replicas else "it has no pods to restart")


async def _scale_back(action: ActionContext, before: CountBefore, made: Plan) -> Applied:
    """Give the control table its former count back, then ask for the former one."""

    def change(row: ExpertRow) -> ServiceEdit | None:
        standing = row.replicas_manual == before.made
        return ServiceEdit.model_validate({"replicas_manual": before.manual}) if standing else None

    if before.made is not None:
        await action.edits.make(action, change)
    replicas = before.live
    if made.replicas_before != replicas:
        # Where the control table has a count, it wins over the one that happened to be there.
        replicas = await action.scale(replicas)
    detail = "" if replicas == before.live else f"admission makes it {replicas} pods, not {before.live}"
    return Applied(replicas, Expected(replicas=replicas, fewer=replicas <= made.replicas_before), detail)


async def _restore_template(
    action: ActionContext, operation: str, before: TemplateBefore, made: Plan
) -> Applied:
    """Make the former requests and limits the expert's, so that admission agrees, then restore the template.

    Kubernetes then takes up the pods of the old ReplicaSet that are still there.

    :param operation: whose restart it was.
    """
    expected = Expected(restarted_by=before.restarted_by or "")
    if made.restarted_by != operation:
        return Applied(made.replicas_before, expected)
    now = template_before(made.live)
    edits = _edits(before, now)
    control, derived = await expert.rows_of(action)
    if edits and (control or derived):
        edit = ServiceEdit.model_validate({"containers": edits})
        await action.edits.make(action, lambda _: edit)
    admitted = await action.patch(rollback_patch(before, now))
    return Applied(replicas_of(admitted), expected, _kept(before, admitted))


def _edits(before: TemplateBefore, now: TemplateBefore) -> list[ContainerEdit]:
    found = []
    for old, new in differences(before, now):
        values = {name: getattr(old, name) for name in changed(old, new)}
        numbers = {
            COLUMNS[name]: control_value(name, text) for name, text in values.items() if text is not None
        }
        if numbers:
            found.append(ContainerEdit.model_validate({"name": old.name, **numbers}))
    return found


def _kept(before: TemplateBefore, admitted: Json) -> str:
    """Say what could not be restored: a value that was not there at all, and that admission sets."""
    left = [
        f"{name.replace('_', ' ')} of {old.name} stays {getattr(new, name)}"
        for old, new in differences(before, template_before(admitted))
        for name in changed(old, new)
    ]
    return "; ".join(left)
