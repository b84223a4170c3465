"""What an operation would make of one service, and what that asks of the nodes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubedoor_api.live.service import changes_of
from kubedoor_api.operations.capacity import Amount, asked_by, surge_of
from kubedoor_api.operations.manifests import replicas_of, template_of
from kubedoor_api.operations.models import AskedTarget, AutoscalerBounds, Kind, Reason
from kubedoor_api.operations.plan import Observed, RefusedError, Registered, plan, require_live
from kubedoor_api.operations.preview_models import PodRequests, TargetPreview
from kubedoor_api.operations.unfit import Unfit
from kubedoor_api.operations.wanted import BoundsBefore, ToCount, wanted_of
from kubedoor_api.preview.apply import apply
from kubedoor_api.preview.models import PreviewChange
from kubedoor_core.errors import BadValueError

if TYPE_CHECKING:
    from kubedoor_api.kube.patience import AskingError
    from kubedoor_api.live.control import Control
    from kubedoor_api.operations.plan import Desired, Plan

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
    deployment: str
    refused: str | None = None
    reason: Reason = ""
    warnings: list[str] = field(default_factory=list)
    replicas_before: int | None = None
    replicas_after: int | None = None
    bounds_before: AutoscalerBounds | None = None
    bounds_after: AutoscalerBounds | None = None
    pod_before: Amount = NOTHING
    pod_after: Amount = NOTHING
    changes: list[PreviewChange] = field(default_factory=list)
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
            deployment=self.deployment,
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
    unfit: Unfit | None = None,
) -> Forecast:
    """Say what an operation would make of a service.

    :param unfit: why it can't be acted on, where the request itself shows it.
    """
    made = Forecast(target.namespace, target.deployment)
    if unfit is not None:
        made.refused, made.reason = unfit.detail, unfit.reason
        return made
    try:
        desired, observed = wanted_of(kind, target), _observed(target, found, control)
        live = require_live(env, target.namespace, target.deployment, observed)
        made.replicas_before = made.replicas_after = replicas_of(live)
        made.pod_before = made.pod_after = asked_by(template_of(live).get("spec") or {})
        _fill(made, desired, plan(env, target.namespace, target.deployment, desired, observed), control)
    except RefusedError as error:
        made.refused, made.reason = str(error), error.reason
    except BadValueError as error:
        made.refused, made.reason = str(error), "invalid"
    return made


def _observed(target: AskedTarget, found: Found, control: Control) -> Observed:
    if found.trouble:
        raise RefusedError(str(found.trouble), found.trouble.reason)
    service = control.service(target.namespace, target.deployment)
    registered = None if service is None else Registered(service.replicas, service.autoscaled)
    return Observed(control.governs(target.namespace), found.live, found.autoscalers, registered)


def _fill(made: Forecast, desired: Desired, planned: Plan, control: Control) -> None:
    if isinstance(planned.before, BoundsBefore):
        _bounds(made, planned.before)
    elif planned.replicas is not None:
        manual = isinstance(desired, ToCount) and desired.replicas is not None
        _count(made, planned.replicas, "manual" if manual else "the control table's count")
    else:
        _restart(made, planned.live, control)


def _restart(made: Forecast, live: Json, control: Control) -> None:
    metadata = {**live["metadata"], "namespace": made.namespace}
    manifest = {"metadata": metadata, "spec": live["spec"]}
    service = control.service(made.namespace, made.deployment)
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


def _count(made: Forecast, replicas: int, why: str) -> None:
    before = made.replicas_before or 0
    made.replicas_after, made.new_pods = replicas, replicas - before
    if replicas == before:
        made.warnings.append(f"it asks for {replicas} already")
        return
    made.changes = [PreviewChange(what="replicas", before=str(before), after=str(replicas), why=why)]
    if replicas == 0:
        made.warnings.append("it will have no pods")


def _bounds(made: Forecast, planned: BoundsBefore) -> None:
    standing, bounds, before = planned.bounds, planned.made, made.replicas_before or 0
    made.bounds_before = AutoscalerBounds.model_validate(standing.model_dump())
    made.bounds_after = AutoscalerBounds.model_validate(bounds.model_dump())
    made.replicas_after = min(max(before, bounds.min_replicas), bounds.max_replicas)
    made.new_pods = bounds.max_replicas - before
    made.changes = [
        PreviewChange(
            what="autoscaler bounds",
            before=f"{standing.min_replicas} to {standing.max_replicas}",
            after=f"{bounds.min_replicas} to {bounds.max_replicas}",
            why="the room is reckoned for the upper one",
        )
    ]
