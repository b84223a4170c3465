"""What a namespace's LimitRanges and quotas make of values that are edited, told with the edit's own answer.

By the rule of the check list before `enforce`: admission decides about Deployments that hold nothing but what
the control table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kubedoor_api.admission.masters import QuotaExceeded, Survey
from kubedoor_api.admission.models import AdmissionNote
from kubedoor_api.admission.policy import Control
from kubedoor_api.control import queries
from kubedoor_api.kube.objects.pods import Container
from kubedoor_api.kube.objects.workloads import Deployment, DeploymentSpec
from kubedoor_api.settings import store
from kubedoor_api.surroundings.objects import NONE
from kubedoor_api.surroundings.queries import limit_ranges_of, standing_bounds
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import ServiceKey
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ExpertRow, Service, effective, service_of
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.workload import DEPLOYMENT


@dataclass(frozen=True)
class EditBounds:
    """What is to be said of an edit.

    :ivar notes: what a LimitRange makes of the services' values.
    :ivar quotas_exceeded: of the namespaces that were edited.
    """

    notes: Mapping[ServiceKey, list[AdmissionNote]] = field(default_factory=dict)
    quotas_exceeded: list[QuotaExceeded] = field(default_factory=list)


UNBOUNDED = EditBounds()


async def bounds_of_edit(context: Context, env: str, rows: Sequence[ExpertRow]) -> EditBounds:
    """Say what the namespaces' LimitRanges and quotas make of services, as these rows are to be.

    Each pod of the control table's count asks for what is governed; what nobody has set counts as nothing.
    """
    edited = {row.key: row for row in rows if row.kind == DEPLOYMENT and not row.deleted}
    clickhouse, namespaces = context[ClickHouse], sorted({namespace for namespace, _, _ in edited})
    bounds = await standing_bounds(clickhouse, env, namespaces) if edited else {}
    if not bounds:
        return UNBOUNDED
    services = await _services(clickhouse, env, sorted(bounds), edited)
    policy = await store.admission(context, env)
    ranges = limit_ranges_of(bounds)
    quotas = {name: one.quotas for name, one in bounds.items() if one.quotas != NONE}
    survey = Survey(Control({(one.namespace, one.name): one for one in services}, policy, ranges), quotas)
    for one in services:
        if one.namespace in quotas or (one.namespace, DEPLOYMENT, one.name) in edited:
            deployment, mode = _deployment(one), Mode.OFF if one.mode is Mode.OFF else Mode.ENFORCE
            survey.add(deployment, survey.control.decide(deployment, mode))
    notes = {one.key: one.notes for one in survey.bounded if one.key in edited}
    return EditBounds(notes, survey.exceeded())


async def _services(
    clickhouse: ClickHouse, env: str, namespaces: Sequence[str], edited: Mapping[ServiceKey, ExpertRow]
) -> Iterable[Service]:
    """Return the registered Deployments of some namespaces, with what is edited."""
    expert = await queries.expert_rows(clickhouse, env, namespaces)
    derived = await queries.derived_rows(clickhouse, env, namespaces)
    expert |= {key: row for key, row in edited.items() if row.namespace in namespaces}
    found = []
    for key in sorted({*expert, *derived}):
        namespace, kind, name = key
        values = effective(expert.get(key), derived.get(key))
        if kind == DEPLOYMENT and values is not None:
            found.append(service_of(namespace, name, values))
    return found


def _deployment(service: Service) -> Deployment:
    """Return a Deployment of a service's count and containers, of which nothing is declared."""
    containers: list[Container] = [{"name": one.name or "app"} for one in service.containers]
    spec: DeploymentSpec = {"template": {"spec": {"containers": containers}}}
    if service.replicas is not None:
        spec["replicas"] = service.replicas
    return {"metadata": {"namespace": service.namespace, "name": service.name}, "spec": spec}
