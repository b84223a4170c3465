"""What operations read of objects, what admission makes of them, and the patches of their pod templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kubedoor_api.admission.policy import Control
from kubedoor_api.admission.preview import apply
from kubedoor_api.kube.manifests import (
    RESTARTED_AT,
    RESTARTED_BY,
    VALUES,
    autoscaler_of,
    owner_of,
    replicas_of,
    template_of,
    value_of,
)
from kubedoor_api.kube.objects.meta import ObjectMeta
from kubedoor_api.kube.objects.pods import Container, PodSpec
from kubedoor_api.kube.objects.workloads import Deployment, HorizontalPodAutoscaler
from kubedoor_api.kube.retry import Patch
from kubedoor_api.operations.notes import RefusedError, note
from kubedoor_api.operations.operation import Bounds, Resources, TemplateBefore
from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.decision import Decision


@dataclass(frozen=True)
class Live:
    """A Deployment as it runs.

    :ivar manifest: as the cluster tells it.
    """

    manifest: Deployment

    @property
    def replicas(self) -> int:
        """The count that it asks for."""
        return replicas_of(self.manifest)

    @property
    def paused(self) -> bool:
        """Whether its rollout is paused."""
        return bool(self.manifest["spec"].get("paused"))

    @property
    def being_deleted(self) -> bool:
        """Whether it is going."""
        return bool(self.manifest["metadata"].get("deletionTimestamp"))

    @property
    def template(self) -> TemplateBefore:
        """What a restart may change of its pod template."""
        template = template_of(self.manifest)
        annotations = (template.get("metadata") or {}).get("annotations") or {}
        return TemplateBefore(
            restarted_by=annotations.get(RESTARTED_BY),
            restarted_at=annotations.get(RESTARTED_AT),
            containers=tuple(resources_of(template.get("spec") or {})),
        )


def resources_of(spec: PodSpec) -> list[Resources]:
    """Return requests and limits of each container of a pod's spec, as they are written there."""

    def read(container: Container, *, init: bool) -> Resources:
        texts = {name: value_of(container, part, what) for name, part, what in VALUES}
        return Resources(name=str(container.get("name", "")), init=init, **texts)

    return [
        *(read(one, init=False) for one in spec.get("containers") or []),
        *(read(one, init=True) for one in spec.get("initContainers") or []),
    ]


@dataclass(frozen=True)
class Autoscaler:
    """A HorizontalPodAutoscaler.

    :ivar owner: what made it and would undo a change, such as `ScaledObject web`; empty if nothing.
    """

    name: str
    bounds: Bounds
    owner: str = ""


def autoscalers_of(found: Iterable[HorizontalPodAutoscaler], deployment: str) -> tuple[Autoscaler, ...]:
    """Return the autoscalers that target a Deployment; a missing lower bound means 1."""
    made = []
    for one in autoscaler_of(found, deployment):
        spec, least = one["spec"], one["spec"].get("minReplicas")
        bounds = Bounds(
            min_replicas=1 if least is None else int(least), max_replicas=int(spec["maxReplicas"])
        )
        made.append(Autoscaler(str(one["metadata"]["name"]), bounds, owner_of(one)))
    return tuple(made)


def restart_patch(operation: str, at: datetime) -> Patch:
    """Return the patch that replaces the pods.

    It says the same however often it is sent, and one that changes nothing restarts nothing.
    """
    annotations = {RESTARTED_BY: operation, RESTARTED_AT: at.isoformat(timespec="seconds")}
    return {"spec": {"template": {"metadata": {"annotations": annotations}}}}


def differences(before: TemplateBefore, now: TemplateBefore) -> list[tuple[Resources, Resources, list[str]]]:
    """Return the containers whose values are others now, by value and not by spelling.

    Each as it was, as it is, and the names of the values that differ.
    """
    standing = {(one.name, one.init): one for one in now.containers}
    pairs = [(old, standing.get((old.name, old.init))) for old in before.containers]
    found = [
        (old, new, [name for name, *_ in VALUES if not equal(getattr(old, name), getattr(new, name))])
        for old, new in pairs
        if new is not None
    ]
    return [one for one in found if one[2]]


def equal(one: str | None, other: str | None) -> bool:
    """Tell whether two quantities are the same, however they are written."""
    if one is None or other is None:
        return one is other
    return quantity.parse(one) == quantity.parse(other)


def rollback_patch(before: TemplateBefore, now: TemplateBefore) -> Patch:
    """Return the patch that makes a pod template what it was: Kubernetes then reuses the old ReplicaSet."""
    metadata = {"annotations": {RESTARTED_BY: before.restarted_by, RESTARTED_AT: before.restarted_at}}
    spec: dict[str, list[Patch]] = {}
    for old, _, changed in differences(before, now):
        resources: dict[str, dict[str, str | None]] = {}
        for name, kind, what in VALUES:
            if name in changed:
                resources.setdefault(kind, {})[what] = getattr(old, name)
        containers = spec.setdefault("initContainers" if old.init else "containers", [])
        containers.append({"name": old.name, "resources": resources})
    return {"spec": {"template": {"metadata": metadata, **({"spec": spec} if spec else {})}}}


def admitted(env: str, namespace: str, live: Live, control: Control) -> tuple[Decision, Live]:
    """Return what admission decides about a Deployment, and the Deployment after it.

    :raises RefusedError: it is not registered, and would be refused.
    :raises BadValueError: for what is no Deployment.
    """
    name = str(live.manifest["metadata"]["name"])
    metadata: ObjectMeta = {**live.manifest["metadata"], "namespace": namespace}
    manifest: Deployment = {"metadata": metadata, "spec": live.manifest["spec"]}
    decision = control.decide(manifest, control.mode(namespace, control.service(namespace, name)))
    if not decision.allowed:
        raise RefusedError(note("not_registered", service=f"{namespace}/{name}", env=env))
    return decision, Live(apply(manifest, decision.patch))
