"""What passed admission by: Deployments that run with other values than the control table's."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, NamedTuple, Protocol, TypeVar, get_args

import aiohttp
from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.admission import certificate
from kubedoor_api.admission.certificate import WebhookCertificate
from kubedoor_api.admission.masters import (
    AutoscaledService,
    BoundedService,
    QuotaExceeded,
    Survey,
    VerticallyScaled,
    autoscaled_services,
    vertically_scaled,
)
from kubedoor_api.admission.models import AdmissionChange, changes_of
from kubedoor_api.admission.policy import Control, control_of
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import surroundings as kube
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import key_of
from kubedoor_api.kube.objects.workloads import Deployment
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.kube.webhook_configuration import OPT_OUT, reachable_from_here, service_address
from kubedoor_api.surroundings import queries as surroundings
from kubedoor_api.web.endpoint import Call, Caller, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, Page, Search, ServiceName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.workload import WorkloadKind
from kubedoor_core.errors import BadValueError


class DriftQuery(Page):
    """Which differences."""

    limit: Annotated[int, Field(ge=1, le=5000)] = 500
    """Most items to return"""
    state: Literal["drifted", "unregistered", "missing"] | None = None
    """Only this kind"""
    namespace: Search = ""
    """Only this namespace"""


class DriftItem(ServiceName):
    """One Deployment that is not as the control table says."""

    state: Literal["drifted", "unregistered", "missing"]
    """`drifted`: it runs with other values; `unregistered`: it runs and is not in the control table;
    `missing`: it is in the control table and does not run"""
    changes: list[AdmissionChange]
    """What admission would change if it were rolled out now"""


class Drift(Model):
    """Differences between a cluster and the control table."""

    items: list[DriftItem]
    """One part of the differences, by namespace and name"""
    total: int
    """How many there are in all parts"""
    checked: int
    """Live Deployments in governed namespaces that were compared"""


class Unasked(Model):
    """What the cluster did not tell."""

    resource: str
    """What was to be listed"""
    detail: str
    """Why it was not, in words"""


class Readiness(Model):
    """Whether an env can be enforced, and what that would refuse."""

    webhook_answers: bool | None
    """Whether the webhook is ready; null where it is not known from here where it is"""
    webhook_detail: str
    """In words"""
    certificate: WebhookCertificate
    """Until when the webhook's certificate is valid"""
    unregistered: list[str]
    """`namespace/deployment` of live Deployments that enforcing would refuse at their next change"""
    would_change: int
    """Live Deployments that would come out changed at their next roll-out"""
    autoscaled: list[AutoscaledService]
    """Registered services with an autoscaler, found or by people's word, and what becomes of their count"""
    bounded: list[BoundedService]
    """Live Deployments whose governed values their namespace's LimitRange does not allow as they are"""
    quotas_exceeded: list[QuotaExceeded]
    """ResourceQuotas that don't hold what the live Deployments of their namespace would ask for"""
    vertical: list[VerticallyScaled]
    """Governed services that a VerticalPodAutoscaler changes too; set one of both to `off`"""
    opted_out: list[str]
    """Namespaces that the settings govern and whose label keeps the cluster from asking the webhook: nothing
    of them is governed"""
    untold: list[Unasked]
    """What could not be asked for, so that something may be missing above"""


PROBE_TIMEOUT_S = 5
KIND: WorkloadKind = "Deployment"
UNKNOWN_PLACE = "It is not known from here where the webhook is"
OK = 200


class _Named(Protocol):
    @property
    def namespace(self) -> str: ...


N = TypeVar("N", bound=_Named)
T = TypeVar("T")
Key = tuple[str, str]
Found = dict[Key, Decision | None]


async def _live(
    caller: Caller,
    context: Context,
    env: str,
    control: Control,
    look: Callable[[Deployment, Decision | None], None] | None = None,
) -> Found:
    """Decide about every live Deployment of the governed namespaces that the caller may see.

    :param look: is called with each, and what was decided.
    """
    found: Found = {}
    async for deployment in workloads.every(context[Clusters], env):
        key = namespace, _ = key_of(deployment)
        if not control.governs(namespace) or not sees(caller, env, namespace):
            continue
        found[key] = None
        with contextlib.suppress(BadValueError):
            found[key] = control.decide(deployment, Mode.ENFORCE)
        if look is not None:
            look(deployment, found[key])
    return found


def compare(control: Control, live: Found) -> list[DriftItem]:
    """Tell what differs, by namespace and name."""
    items = []
    for (namespace, name), decision in live.items():
        registered = control.service(namespace, name) is not None
        changes = changes_of(decision) if decision else []
        if registered and not changes:
            continue
        state = "drifted" if registered else "unregistered"
        items.append(
            DriftItem.model_validate(
                {"namespace": namespace, "kind": KIND, "name": name, "state": state, "changes": changes}
            )
        )
    items += [
        DriftItem(namespace=namespace, kind=KIND, name=name, state="missing", changes=[])
        for namespace, name in control.services
        if (namespace, name) not in live and control.governs(namespace)
    ]
    return sorted(items, key=lambda item: (item.namespace, item.name))


async def probe(settings: ApiSettings) -> str | None:
    """Ask the webhook whether it is ready; return None if so, else why not."""
    context = await asyncio.to_thread(ssl.create_default_context, cafile=settings.webhook_ca_file or None)
    timeout = aiohttp.ClientTimeout(total=PROBE_TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(service_address(settings) + "/readyz", ssl=context) as response,
        ):
            text = (await response.text())[:300]
            return None if response.status == OK else f"it answers {response.status}: {text}"
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return f"it does not answer: {str(error) or 'no answer in time'}"


@endpoint("GET", "/envs/{env}/drift", tag="admission", role=Role.VIEWER, conflicts=True, by_target=True)
async def get_drift(call: Call[EnvPath, DriftQuery, Nothing]) -> Drift:
    """List live Deployments that differ from the control table.

    Of the namespaces that you may see. Also those that are not in it, and services in it that do not run.
    """
    query = call.query
    control = await control_of(call.context, call.path.env)
    live = await _live(call.caller, call.context, call.path.env, control)
    items = [
        item
        for item in compare(control, live)
        if query.state in {None, item.state}
        and query.namespace in {"", item.namespace}
        and sees(call.caller, call.path.env, item.namespace)
    ]
    part = items[query.offset : query.offset + query.limit]
    return Drift(items=part, total=len(items), checked=len(live))


class _Asked(NamedTuple):
    """What the cluster says of what else steers workloads, and what it did not tell."""

    vertical: list[kube.VerticalAutoscaler]
    opted_out: list[str]
    untold: list[Unasked]


async def _asked(context: Context, env: str) -> _Asked:
    clusters, untold = context[Clusters], list[Unasked]()

    async def told(resource: str, call: Awaitable[T]) -> T | None:
        try:
            return await call
        except AskingError as error:
            untold.append(Unasked(resource=resource, detail=str(error)))
            return None

    vertical = await told("verticalpodautoscalers", kube.vertical_autoscalers(clusters, env))
    opted_out = await told("namespaces", kube.namespaces_with(clusters, env, *OPT_OUT))
    for resource in get_args(kube.WatchedName):
        await told(resource, kube.listed(clusters, env, resource, key_of))
    return _Asked(vertical or [], opted_out or [], untold)


@endpoint("GET", "/envs/{env}/mode/readiness", tag="mode", role=Role.VIEWER, conflicts=True, by_target=True)
async def check_mode(call: Call[EnvPath, Nothing, Nothing]) -> Readiness:
    """Say what enforcing an env would refuse and change, and whether the webhook is ready.

    Of the namespaces that you may see.
    """
    context, env = call.context, call.path.env
    control = await control_of(context, env)
    quotas = {
        row.namespace: row.bounds.quotas
        for row in (await surroundings.bounds(context[ClickHouse], env)).values()
        if not row.deleted
    }
    survey = Survey(control, quotas)
    items = compare(control, await _live(call.caller, context, env, control, survey.add))
    asked = await _asked(context, env)
    found = (await surroundings.autoscalers(context[ClickHouse], env)).values()

    def seen(things: list[N]) -> list[N]:
        return [thing for thing in things if sees(call.caller, env, thing.namespace)]

    items = seen(items)
    answers, detail, shown = None, UNKNOWN_PLACE, certificate.without("unknown", UNKNOWN_PLACE)
    settings = context[Clusters].settings_of(env, context[ApiSettings])
    if reachable_from_here(settings, env):
        problem, shown = await asyncio.gather(probe(settings), certificate.look(settings))
        answers, detail = problem is None, problem or "it is ready"
    return Readiness(
        webhook_answers=answers,
        webhook_detail=detail,
        certificate=shown,
        unregistered=[f"{item.namespace}/{item.name}" for item in items if item.state == "unregistered"],
        would_change=sum(item.state == "drifted" for item in items),
        autoscaled=seen(autoscaled_services(control, found, survey.counts)),
        bounded=survey.bounded,
        quotas_exceeded=seen(survey.exceeded()),
        vertical=seen(vertically_scaled(control, asked.vertical)),
        opted_out=[
            name for name in asked.opted_out if control.governs(name) and sees(call.caller, env, name)
        ],
        untold=asked.untold,
    )
