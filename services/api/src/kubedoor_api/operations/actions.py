"""Applies a plan to a service: the control table first, then the cluster, so that admission agrees.

An action may be applied again after a death: what is done already is not done twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kubedoor_api.admission.policy import CurrentControl
from kubedoor_api.control.edit import apply_edit
from kubedoor_api.control.models import ContainerEdit, ServiceEdit
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import COLUMNS, VALUES, control_value, selector_text
from kubedoor_api.kube.rollout import Expected
from kubedoor_api.operations.edits import Edits, registered
from kubedoor_api.operations.manifests import (
    Live,
    admitted,
    autoscalers_of,
    differences,
    restart_patch,
    rollback_patch,
)
from kubedoor_api.operations.notes import OperationNote, RefusedError, note
from kubedoor_api.operations.operation import (
    BoundsBefore,
    CountBefore,
    Desired,
    Operation,
    PodsBefore,
    Refused,
    Resize,
    Rollback,
    Target,
    TemplateBefore,
    ToBounds,
    ToCount,
)
from kubedoor_api.operations.plan import Observed, Plan, Registered
from kubedoor_api.operations.resize import ResizeExpected, Resizer, resources_of_pod, running_pods
from kubedoor_api.web.endpoint import Context
from kubedoor_core.domain.control import ExpertRow


@dataclass(frozen=True)
class Applied:
    """What came of an action.

    :ivar replicas: the count that the Deployment asks for since.
    :ivar expected: what its rollout is to come to; None where there is none to watch.
    """

    replicas: int | None
    expected: Expected | ResizeExpected | None = None
    notes: tuple[OperationNote, ...] = ()


@dataclass(frozen=True)
class ActionContext:
    """What an action on one service works with.

    :ivar edits: makes the operation's edits of the control table.
    :ivar control: reads what holds, for all of the operation's targets.
    :ivar again: whether it was begun before, by an API that died or is no longer the leader.
    """

    context: Context
    operation: Operation
    target: Target
    edits: Edits
    control: CurrentControl
    again: bool = False

    async def observe(self, desired: Desired, *, governed: bool) -> Observed:
        """Ask for what a plan needs to know, and for nothing of a service that can't be acted on anyway.

        :raises AskingError: the cluster does not answer, or has no such Deployment.
        """
        if isinstance(desired, Refused) or not governed:
            return Observed(governed)
        target, env, clusters = self.target, self.operation.env, self.context[Clusters]
        live = Live(await workloads.read(clusters, env, target.namespace, target.name))
        before = desired.before if isinstance(desired, Rollback) else None
        row, autoscalers = None, autoscalers_of([], target.name)
        if isinstance(desired, ToCount) or isinstance(before, CountBefore):
            row = await registered(self.context, target.path(env))
        if isinstance(desired, ToCount | ToBounds) or isinstance(before, BoundsBefore):
            found = await workloads.autoscalers(clusters, env, target.namespace)
            autoscalers = autoscalers_of(found, target.name)
        observed = Observed(governed, live, autoscalers, row)
        if isinstance(desired, Resize) or isinstance(before, PodsBefore):
            return await self._observe_pods(observed, live)
        return observed

    async def _observe_pods(self, observed: Observed, live: Live) -> Observed:
        """Add what the pods ask for, and what admission would give them."""
        target, env = self.target, self.operation.env
        control = await self.control.get()
        _, after = admitted(env, target.namespace, live, control)
        service = control.service(target.namespace, target.name)
        row = None if service is None else Registered(service.replicas, service.autoscaled)
        selector = selector_text(live.manifest["spec"]["selector"])
        found = await workloads.pods(self.context[Clusters], env, target.namespace, selector)
        running = next((resources_of_pod(pod) for pod in running_pods(found, target.name)), ())
        return replace(observed, registered=row, admitted=after.template.containers, running=running)

    async def apply(self, desired: Desired, plan: Plan) -> Applied:
        """Do what was planned.

        :raises RefusedError, AskingError: saying why it was not done.
        """
        if plan.bounds is not None:
            least, most = plan.bounds.min_replicas, plan.bounds.max_replicas
            clusters, env, namespace = self.context[Clusters], self.operation.env, self.target.namespace
            await workloads.move_bounds(clusters, env, namespace, plan.autoscaler, least, most)
            moved = note("bounds_moved", autoscaler=plan.autoscaler, least=least, most=most)
            return Applied(plan.live.replicas, None, (moved,))
        if plan.resources is not None:
            expected = ResizeExpected(selector_text(plan.live.manifest["spec"]["selector"]), plan.resources)
            await Resizer(self.context[Clusters], self.operation.env, self.target, expected).step()
            return Applied(plan.live.replicas, expected)
        if isinstance(desired, ToCount) and plan.replicas is not None:
            return await self._scale(desired, plan, plan.replicas)
        if not isinstance(desired, Rollback):
            return await self._restart(plan.live)
        if isinstance(desired.before, CountBefore):
            return await self._roll_back_count(desired.before, plan.live.replicas)
        if isinstance(desired.before, TemplateBefore):
            return await self._roll_back_template(desired.operation, desired.before, plan.live)
        raise TypeError(f"no action for {desired}")

    async def _edit(self, edit: ServiceEdit | None, *, where_manual: int | None = None) -> None:
        """Edit the control table, if `where_manual` is given only where that is the manual count."""

        def change(row: ExpertRow) -> ExpertRow:
            wanted = edit if where_manual in {None, row.replicas_manual} else None
            return row if wanted is None else apply_edit(row, wanted)

        await self.edits.make(self.operation, self.target, change, again=self.again)

    async def _ask_count(self, replicas: int) -> int:
        clusters, target = self.context[Clusters], self.target
        return await workloads.scale(clusters, self.operation.env, target.namespace, target.name, replicas)

    async def _scale(self, desired: ToCount, plan: Plan, replicas: int) -> Applied:
        """Make it the manual count, or give the lasting one back, then ask for it."""
        before = plan.live.replicas
        said: tuple[OperationNote, ...] = ()
        if desired.replicas is not None:
            await self._edit(ServiceEdit(replicas_manual=desired.replicas, containers=[]))
        elif plan.gives_back is not None:
            await self._edit(ServiceEdit(replicas_manual=plan.gives_back.manual, containers=[]))
            said = (note("count_given_back", count=replicas),)
        if before == replicas and self.again:
            return Applied(replicas, Expected(replicas=replicas), said)
        if before == replicas:
            return Applied(replicas, None, (*said, note("has_count_already", count=replicas)))
        admitted = await self._ask_count(replicas)
        if admitted != replicas:
            raise RefusedError(note("count_changed_at_admission", asked=replicas, admitted=admitted))
        return Applied(replicas, Expected(replicas=replicas, fewer=replicas < before), said)

    async def _restart(self, live: Live) -> Applied:
        """Write the operation's id into the pod template, unless it is there."""
        operation, target = self.operation, self.target
        expected = Expected(restarted_by=operation.id)
        if live.template.restarted_by == operation.id:
            return Applied(live.replicas, expected)
        body = restart_patch(operation.id, operation.started_at or operation.requested_at)
        clusters, env = self.context[Clusters], operation.env
        admitted = Live(await workloads.patch(clusters, env, target.namespace, target.name, body))
        if admitted.template.restarted_by != operation.id:
            raise RefusedError(note("restart_removed_at_admission"))
        said = () if admitted.replicas else (note("no_pods_to_restart"),)
        return Applied(admitted.replicas, expected, said)

    async def _roll_back_count(self, before: CountBefore, standing: int) -> Applied:
        """Give the control table its former count back, then ask for the former one."""
        if before.made is not None:
            await self._edit(
                ServiceEdit(replicas_manual=before.manual, containers=[]), where_manual=before.made
            )
        if before.accepted is not None:
            await self.edits.make(self.operation, self.target, before.accepted.back_in, again=self.again)
        # Where the control table has a count, it wins over the one that happened to be there.
        replicas = before.live if standing == before.live else await self._ask_count(before.live)
        said = () if replicas == before.live else (
            note("admission_sets_count", admitted=replicas, asked=before.live),
        )  # fmt: skip
        return Applied(replicas, Expected(replicas=replicas, fewer=replicas <= standing), said)

    async def _roll_back_template(self, restart: str, before: TemplateBefore, live: Live) -> Applied:
        """Make the former requests and limits the expert's, so that admission agrees, then patch it.

        Kubernetes then takes up the pods of the old ReplicaSet that are still there.

        :param restart: the operation that restarted it.
        """
        expected, now = Expected(restarted_by=before.restarted_by or ""), live.template
        if now.restarted_by != restart:
            return Applied(live.replicas, expected)
        edits = []
        for old, _, changed in differences(before, now):
            texts = {name: getattr(old, name) for name in changed}
            values = {COLUMNS[name]: control_value(name, text) for name, text in texts.items() if text}
            if values:
                edits.append(ContainerEdit.model_validate({"name": old.name, **values}))
        env, target = self.operation.env, self.target
        if edits and await registered(self.context, target.path(env)):
            await self._edit(ServiceEdit(containers=edits))
        body = rollback_patch(before, now)
        admitted = Live(
            await workloads.patch(self.context[Clusters], env, target.namespace, target.name, body)
        )
        # A value that was not there at all, and that admission sets, stays.
        stays = tuple(
            note(
                "value_stays",
                resource=what,
                bound=kind[:-1],
                container=old.name,
                value=str(getattr(new, name)),
            )
            for old, new, changed in differences(before, admitted.template)
            for name, kind, what in VALUES
            if name in changed
        )
        return Applied(admitted.replicas, expected, stays)
