"""What else a service answers to: an autoscaler, its namespace's LimitRange and quotas, a VPA. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kubedoor_api.admission.models import AdmissionNote, notes_of
from kubedoor_api.admission.policy import Control
from kubedoor_api.admission.preview import apply
from kubedoor_api.kube.manifests import key_of, replicas_of, template_of
from kubedoor_api.kube.objects.workloads import Deployment
from kubedoor_api.kube.surroundings import VerticalAutoscaler
from kubedoor_api.web.fields import Model, ServiceName
from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.admission.notes import NoteCode
from kubedoor_core.domain.autoscaler import Autoscaler, AutoscalerSource
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError

Key = tuple[str, str]
QuotaResource = Literal["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]
RESOURCES: dict[str, QuotaResource] = {
    "cpu": "requests.cpu",
    "memory": "requests.memory",
    "requests.cpu": "requests.cpu",
    "requests.memory": "requests.memory",
    "limits.cpu": "limits.cpu",
    "limits.memory": "limits.memory",
}
"""What a quota may call what it bounds."""
OF_BOUNDS = frozenset({NoteCode.LIMIT_RANGE, NoteCode.POD_LIMIT_RANGE})
KIND: Literal["Deployment"] = "Deployment"


class AutoscaledService(ServiceName):
    """A registered service whose count an autoscaler owns, or would."""

    autoscaler: str
    """Name of the autoscaler; empty where none was found, or nobody knows its name"""
    source: AutoscalerSource | None
    """How it was found; null where people say so"""
    left_alone: bool
    """Whether `enforce` leaves its count alone; false: the count is pinned, and set whatever scales"""
    live: int | None
    """The count that it runs with; null where it does not run"""
    governed: int | None
    """The count of the control table, which `enforce` sets where the count is not left alone; null: none"""


class BoundedService(ServiceName):
    """A service whose governed values the namespace's LimitRange does not allow as they are."""

    notes: list[AdmissionNote]
    """What is set to another value, or left alone"""


class QuotaExceeded(Model):
    """A ResourceQuota that does not hold what a namespace's Deployments ask for once they are governed."""

    namespace: str
    """Kubernetes namespace"""
    quota: str
    """Name of the ResourceQuota"""
    resource: QuotaResource
    """What it bounds"""
    hard: str
    """Its bound, as Kubernetes writes it"""
    governed: str
    """What the live Deployments would ask for together, each with all its pods"""


class VerticallyScaled(ServiceName):
    """A governed service that a VerticalPodAutoscaler changes too: two masters of the same values."""

    autoscaler: str
    """Name of the VerticalPodAutoscaler"""


@dataclass
class Survey:
    """Goes through the live Deployments of an env.

    :ivar quotas: of each namespace, as they are stored: a JSON list of name and hard.
    """

    control: Control
    quotas: Mapping[str, str]
    counts: dict[Key, int] = field(default_factory=dict)
    bounded: list[BoundedService] = field(default_factory=list)
    _sums: Counter[tuple[str, QuotaResource]] = field(default_factory=Counter)

    def add(self, deployment: Deployment, decision: Decision | None) -> None:
        """Look at one Deployment, and at what admission decides of it in `enforce`."""
        namespace, name = key_of(deployment)
        self.counts[namespace, name] = replicas_of(deployment)
        if decision is None:
            return
        if notes := [note for note in notes_of(decision) if note.code in OF_BOUNDS]:
            self.bounded.append(BoundedService(namespace=namespace, kind=KIND, name=name, notes=notes))
        if namespace in self.quotas:
            admitted = apply(deployment, decision.patch)
            for resource, amount in asked_for(admitted).items():
                self._sums[namespace, resource] += amount

    def exceeded(self) -> list[QuotaExceeded]:
        """Return the quotas that the Deployments exceed together once they are governed."""
        return [
            QuotaExceeded(
                namespace=namespace,
                quota=str(quota.get("name", "")),
                resource=resource,
                hard=str(hard),
                governed=_text(resource, self._sums[namespace, resource]),
            )
            for namespace, quotas in sorted(self.quotas.items())
            for quota in json.loads(quotas)
            for name, hard in (quota.get("hard") or {}).items()
            if (resource := RESOURCES.get(name)) is not None
            and self._sums[namespace, resource] > _amount(hard)
        ]


def asked_for(deployment: Deployment) -> Counter[QuotaResource]:
    """Return what all pods of a Deployment ask for together, in nanos; a limit alone is a request too."""
    pods, pod = replicas_of(deployment), template_of(deployment).get("spec") or {}
    found = Counter[QuotaResource]()
    sidecars = [one for one in pod.get("initContainers") or [] if one.get("restartPolicy") == "Always"]
    for container in [*(pod.get("containers") or []), *sidecars]:
        resources = container.get("resources") or {}
        limits = resources.get("limits") or {}
        requests = {**limits, **(resources.get("requests") or {})}
        found["requests.cpu"] += pods * _amount(requests.get("cpu", 0))
        found["requests.memory"] += pods * _amount(requests.get("memory", 0))
        found["limits.cpu"] += pods * _amount(limits.get("cpu", 0))
        found["limits.memory"] += pods * _amount(limits.get("memory", 0))
    return found


def _amount(value: object) -> int:
    try:
        return quantity.parse(value)
    except BadValueError:
        return 0


def _text(resource: QuotaResource, nanos: int) -> str:
    if resource.endswith("cpu"):
        return quantity.cpu_text(-(-nanos // quantity.cpu(1)))
    return quantity.memory_text(-(-nanos // quantity.memory(1)))


def autoscaled_services(
    control: Control, found: Iterable[Autoscaler], counts: Mapping[Key, int]
) -> list[AutoscaledService]:
    """Return the registered services of governed namespaces with an autoscaler, found or by people's word."""
    known = {(one.namespace, one.name): one for one in found if one.kind == KIND and not one.deleted}
    return [
        AutoscaledService(
            namespace=key[0],
            kind=KIND,
            name=key[1],
            autoscaler=known[key].autoscaler if key in known else "",
            source=known[key].source if key in known else None,
            left_alone=service.autoscaled,
            live=counts.get(key),
            governed=service.replicas,
        )
        for key, service in sorted(control.services.items())
        if (service.autoscaled or key in known) and control.governs(key[0])
    ]


def vertically_scaled(control: Control, autoscalers: Iterable[VerticalAutoscaler]) -> list[VerticallyScaled]:
    """Return the governed services that a VerticalPodAutoscaler changes; an `Off` one only recommends."""
    found = []
    for one in autoscalers:
        service = control.service(one.namespace, one.target)
        if (
            one.kind == KIND
            and one.changes
            and service is not None
            and control.governs(one.namespace)
            and service.mode is not Mode.OFF
        ):
            told = {"namespace": one.namespace, "name": service.name, "autoscaler": one.name}
            found.append(VerticallyScaled(kind=KIND, **told))
    return found
