"""The endpoints of services: the control table as people see and edit it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TypeVar

from pydantic import BaseModel

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.commits.writer import Writer
from kubedoor_api.control import queries
from kubedoor_api.control.bounds import UNBOUNDED, EditBounds, bounds_of_edit
from kubedoor_api.control.edit import apply_edit, check_limits, editable
from kubedoor_api.control.flags import flags_of
from kubedoor_api.control.models import (
    ChangedService,
    Container,
    FoundAutoscaler,
    NewService,
    Provenance,
    ReplicaCounts,
    ResourceValues,
    Service,
    ServiceEdit,
    ServiceList,
    ServicePeak,
    ServiceQuery,
    expert_service,
)
from kubedoor_api.control.one_service import queries as one_service
from kubedoor_api.control.queries import Days, ServiceRow
from kubedoor_api.web.changed_since import changed_since
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.encoded_body import EncodedBody, listed
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, NewServicePath, Nothing, ServicePath, require_deployment
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ContainerValues, DerivedRow, ExpertRow, by_name
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

P = TypeVar("P", bound=ServicePath)
Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B", bound=BaseModel)

COLLECTION = "/envs/{env}/services"
ITEM = COLLECTION + "/{namespace}/{name}"
SMALL = 500
"""Up to so many services a page costs next to nothing."""
NOTHING_DERIVED = DerivedRow()
UNKNOWN = ResourceValues.model_validate(ContainerValues(""))


@endpoint("GET", COLLECTION, tag="services", role=Role.VIEWER, answers=ServiceList, by_target=True)
async def list_services(call: Call[EnvPath, ServiceQuery, Nothing]) -> EncodedBody:
    """List the registered services of an env, those of the namespaces that you may see.

    Each with its effective, expert's and derived values and its use at the latest collected peak.
    """
    context, env, query = call.context, call.path.env, call.query
    scope = await namespace_scope(call.caller, context, env)

    async def make() -> EncodedBody:
        days, told = await queries.shown(context[ClickHouse], env)

        def item(row: ServiceRow) -> Service:
            found = service_of(env, row, days)
            if found is None:  # only where the view and `effective` differ
                raise LookupError(f"{row.namespace}/{row.name} is in the view effective and not registered")
            return found

        return await listed(
            partial(queries.list_services, context[ClickHouse], env, days.latest, query, scope, told),
            item,
            lambda total: ServiceList(items=[], total=total, peak_date=days.latest, sources=told),
            query.limit,
            query.offset,
        )

    # Large ones are made a few at a time.
    if query.limit <= SMALL:
        return await make()
    return await context[SingleFlight].get(("services", env, query, scope), make)


def service_of(env: str, row: ServiceRow, days: Days) -> Service | None:
    """Return what is told of a service; None where it is not registered."""
    held = row.held()
    written = [one for one in (row.expert, row.derived) if one is not None and one.updated_at is not None]
    if held is None or not written:
        return None
    latest = max(written, key=attrgetter("updated_at"))
    derived = row.derived or NOTHING_DERIVED
    accepted = row.expert if row.expert and row.expert.replicas_ai is not None else None
    entered = by_name(row.expert.containers if row.expert else ())
    found = by_name(derived.containers)
    containers = [
        Container(
            name=values.name,
            effective=ResourceValues.model_validate(values),
            expert=ResourceValues.model_validate(entered.get(values.name, UNKNOWN)),
            derived=ResourceValues.model_validate(found.get(values.name, UNKNOWN)),
            peak=row.peak.containers.get(values.name) if row.peak else None,
        )
        for values in held.containers
    ]
    provenance = Provenance.model_validate(derived)
    peak = None
    if row.peak and days.latest:
        pods, start, end, _ = row.peak
        peak = ServicePeak(date=days.latest, pod_count=pods, window_start=start, window_end=end)
    return Service(
        env=env,
        namespace=row.namespace,
        kind=row.kind,
        name=row.name,
        version=str(row.expert.version if row.expert else 0),
        updated_at=latest.updated_at,
        updated_by=latest.updated_by,
        replicas=ReplicaCounts(
            effective=held.replicas,
            source=held.replicas_source,
            manual=row.expert.replicas_manual if row.expert else None,
            ai=accepted.replicas_ai if accepted else derived.replicas_ai,
            advice_id=accepted.advice_id if accepted else "",
            observed=derived.replicas_observed,
            initial=derived.replicas_initial,
        ),
        replicas_policy=held.replicas_policy,
        autoscaled=held.autoscaled,
        autoscaler=FoundAutoscaler.of(row.autoscaler) if row.autoscaler else None,
        mode=held.mode.value if held.mode else None,
        note=row.expert.note if row.expert else "",
        flags=flags_of(
            held.replicas,
            containers,
            peak,
            provenance,
            days,
            row.figures,
            elsewhere=derived.peaks_elsewhere,
        ),
        containers=containers,
        peak=peak,
        provenance=provenance,
        traffic=row.figures.traffic,
        jvm=row.figures.jvm,
        score=row.figures.score,
        unknown=row.figures.unknown,
    )


@endpoint("GET", ITEM, tag="services", role=Role.VIEWER)
async def get_service(call: Call[ServicePath, Nothing, Nothing]) -> Service:
    """Show one service."""
    return await get(call.context, call.path)


async def get(context: Context, key: ServicePath) -> Service:
    """Return one service.

    :raises Problem: 404.
    """
    return known(key, *(await one_service.shown(context[ClickHouse], key)))


def known(key: ServicePath, row: ServiceRow, days: Days) -> Service:
    """Return a service out of its rows.

    :raises Problem: 404 where it is not registered.
    """
    found = service_of(key.env, row, days)
    if found is None:
        raise Problem(
            404,
            f"{key.full_name} is not registered in {key.env}:"
            " PUT registers it, or the next collection finds it once it runs",
            code=ProblemCode.NO_SERVICE,
            parameters=key.model_dump(),
        )
    return found


async def write(
    call: Call[P, Q, B], decide: Callable[[ServiceRow, Days], ExpertRow]
) -> tuple[ServiceRow, Days, EditBounds]:
    """Write a service's expert row, and return the service's rows as that makes them, without asking again.

    :param decide: returns the new row, or refuses; called again whenever another commit was faster.
    :raises Problem: 409 for what is no Deployment.
    """
    require_deployment(call.path)
    author, found = call.caller.principal.name, list[tuple[ExpertRow, ServiceRow, Days, EditBounds]]()

    async def prepare() -> list[dict[str, object]]:
        row, days, bounded = await one_service.to_edit(call.context[ClickHouse], call.path)
        after = decide(row, days)
        bounds = await bounds_of_edit(call.context, call.path.env, [after]) if bounded else UNBOUNDED
        found[:] = [(after, row, days, bounds)]
        call.audit.set(expert_service(row.expert), expert_service(after))
        return [after.columns()]

    stamp = await call.context[Writer].commit_stamped("control", author, prepare, call.audit)
    [(after, row, days, bounds)] = found
    written = replace(after, version=stamp.version, updated_at=stamp.at, updated_by=author)
    return replace(row, expert=written), days, bounds


async def change(call: Call[P, Q, B], decide: Callable[[ServiceRow, Days], ExpertRow]) -> ChangedService:
    """Write a service's expert row, and return the service, with what its namespace makes of the change.

    :param decide: as of `write`.
    """
    row, days, bounds = await write(call, decide)
    service = known(call.path, row, days)
    return ChangedService.of(service, bounds.notes.get(service.key, []), bounds.quotas_exceeded)


def standing(call: Call[P, Q, B], row: ServiceRow, days: Days) -> ExpertRow:
    """Return the expert's row that a change may build on.

    :raises Problem: 404 for a service that is not registered, 412 for a stale version.
    """
    current = known(call.path, row, days)
    if current.version != call.if_match:
        raise changed_since(
            call.path.full_name,
            version=current.version,
            by=current.updated_by,
            current=current.model_dump(mode="json"),
            **call.path.model_dump(),
        )
    return editable(row.expert, call.path)


def _changed(base: ExpertRow, edit: ServiceEdit, row: ServiceRow) -> ExpertRow:
    """Return the row after a change.

    :raises Problem: 400 for requests above their limits, the derived values behind them included.
    """
    after = apply_edit(base, edit)
    if errors := check_limits(after, edit, row.derived.containers if row.derived else ()):
        raise Problem(400, errors[0]["reason"], errors=errors)
    return after


@endpoint("PUT", ITEM, tag="services", role=Role.OPERATOR, status=201, conflicts=True)
async def register_service(call: Call[NewServicePath, Nothing, NewService]) -> ChangedService:
    """Register a service.

    The only door for a new one; 409 if it is registered already.
    """
    key = call.path

    def decide(row: ServiceRow, days: Days) -> ExpertRow:
        if service_of(key.env, row, days) is not None:
            raise Problem(
                409,
                f"{key.full_name} is registered in {key.env}: PATCH it",
                code=ProblemCode.REGISTERED_ALREADY,
                parameters=key.model_dump(),
            )
        return _changed(editable(None, key), call.body, row)

    return await change(call, decide)


@endpoint("PATCH", ITEM, tag="services", role=Role.OPERATOR, if_match=True, conflicts=True)
async def change_service(call: Call[ServicePath, Nothing, ServiceEdit]) -> ChangedService:
    """Change the expert's values of a service.

    Fields left out stay as they are, null clears one. The answer says what a LimitRange or a quota of the
    namespace makes of the values. If-Match takes the service's `version`; if
    somebody else was faster the answer is 412, with the current service in `current`.
    """

    def decide(row: ServiceRow, days: Days) -> ExpertRow:
        return _changed(standing(call, row, days), call.body, row)

    return await change(call, decide)


@endpoint("DELETE", ITEM, tag="services", role=Role.OPERATOR, status=204, if_match=True, conflicts=True)
async def remove_service(call: Call[ServicePath, Nothing, Nothing]) -> None:
    """Remove a service.

    It is unregistered from then on, even while it still runs; registering it again brings it back.
    """
    await write(call, lambda row, days: replace(standing(call, row, days), deleted=True))
