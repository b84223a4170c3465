"""What an operation would make of one service, and what that asks of the nodes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubedoor_api.live.service import changes_of
from kubedoor_api.operations.act_scale import bounds_of, refuse_autoscaled
from kubedoor_api.operations.capacity import Amount, asked_by, surge_of
from kubedoor_api.operations.manifests import autoscaler_of, owner_of, replicas_of, template_of
from kubedoor_api.operations.models import AskedTarget, AutoscalerBounds, Kind, Reason
from kubedoor_api.operations.preview_models import PodRequests, TargetPreview
from kubedoor_api.operations.scene import RefusedError
from kubedoor_api.operations.unfit import Unfit
from kubedoor_api.preview.apply import apply
from kubedoor_api.preview.models import PreviewChange
from kubedoor_core.errors import BadValueError

if TYPE_CHECKING:
    from kubedoor_api.kube.patience import AskingError
    from kubedoor_api.live.control import Control

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
        live = _live(env, target, found, control)
        made.replicas_before = made.replicas_after = replicas_of(live)
        made.pod_before = made.pod_after = asked_by(template_of(live).get("spec") or {})
        if kind == "restart":
            _restart(made, live, control)
        elif target.autoscaler_bounds is not None:
            _bounds(made, target.autoscaler_bounds, found)
        else:
            _count(env, made, target, found, control)
    except RefusedError as error:
        made.refused, made.reason = str(error), error.reason
    except BadValueError as error:
        made.refused, made.reason = str(error), "invalid"
    return made


def _live(env: str, target: AskedTarget, found: Found, control: Control) -> Json:
    name = f"{target.namespace}/{target.deployment}"
    if found.trouble:
        raise RefusedError(str(found.trouble), found.trouble.reason)
    if not control.governs(target.namespace):
        raise RefusedError(
            f"the namespace {target.namespace} is not governed: see the setting `namespaces`", "not_governed"
        )
    if found.live is None:
        raise RefusedError(f"there is no {name} in the cluster {env}", "missing")
    if found.live["metadata"].get("deletionTimestamp"):
        raise RefusedError(f"{name} is being deleted", "being_deleted")
    return found.live


def _restart(made: Forecast, live: Json, control: Control) -> None:
    if live["spec"].get("paused"):
        raise RefusedError("it is paused (kubectl rollout pause): resume it, then restart it", "paused")
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


def _count(env: str, made: Forecast, target: AskedTarget, found: Found, control: Control) -> None:
    name = f"{made.namespace}/{made.deployment}"
    service = control.service(made.namespace, made.deployment)
    if service is None:
        raise RefusedError(
            f"{name} is not registered in {env}: register it in the console, under Services", "not_registered"
        )
    own = autoscaler_of(found.autoscalers, made.deployment)
    refuse_autoscaled(name, "autoscaled" if service.autoscaled else "fixed", own[0] if own else None)
    wanted = service.replicas if target.replicas is None else int(target.replicas)
    if wanted is None:
        raise RefusedError(f"the control table has no count for {name}: give one", "no_count")
    before = made.replicas_before or 0
    made.replicas_after, made.new_pods = wanted, wanted - before
    if wanted == before:
        made.warnings.append(f"it asks for {wanted} already")
        return
    why = "the control table's count" if target.replicas is None else "manual"
    made.changes = [PreviewChange(what="replicas", before=str(before), after=str(wanted), why=why)]
    if wanted == 0:
        made.warnings.append("it will have no pods")


def _bounds(made: Forecast, wanted: AutoscalerBounds, found: Found) -> None:
    name = f"{made.namespace}/{made.deployment}"
    own = autoscaler_of(found.autoscalers, made.deployment)
    if len(own) != 1:
        number = "several HorizontalPodAutoscalers target" if own else "no HorizontalPodAutoscaler targets"
        raise RefusedError(f"{number} {name}", "several_autoscalers" if own else "no_autoscaler")
    if owner := owner_of(own[0]):
        raise RefusedError(f"its autoscaler is made by {owner}: change it there", "owned_autoscaler")
    standing, before = bounds_of(own[0]), made.replicas_before or 0
    made.bounds_before = AutoscalerBounds.model_validate(standing.model_dump())
    made.bounds_after = wanted
    made.replicas_after = min(max(before, wanted.min_replicas), wanted.max_replicas)
    made.new_pods = wanted.max_replicas - before
    made.changes = [
        PreviewChange(
            what="autoscaler bounds",
            before=f"{standing.min_replicas} to {standing.max_replicas}",
            after=f"{wanted.min_replicas} to {wanted.max_replicas}",
            why="the room is reckoned for the upper one",
        )
    ]
