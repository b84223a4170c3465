"""Looking at services and changing what the expert says of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.commits.writer import Writer
from kubedoor_api.control.services import queries
from kubedoor_api.control.services.edit import apply_edit, check_limits, empty_row
from kubedoor_api.control.services.merge import merge
from kubedoor_api.control.services.models import NewService, Service, ServiceEdit, ServiceList, ServiceQuery
from kubedoor_api.control.services.rows import service_of
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.encoded_body import EncodedBody, listed
from kubedoor_api.web.fields import NewServicePath, Nothing, ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from datetime import date

    from kubedoor_api.auth.namespace_scope import NamespaceScope
    from kubedoor_api.web.endpoint import Call, Caller, Context
    from kubedoor_core.clickhouse import Row

SMALL = 500
"""Up to so many services a page costs next to nothing."""


async def list_services(caller: Caller, context: Context, env: str, query: ServiceQuery) -> EncodedBody:
    """Return one page of the services that the caller may see; large ones are made a few at a time."""
    scope = await namespace_scope(caller, context, env)

    async def make() -> EncodedBody:
        days = await queries.collected_days(context[ClickHouse], env)
        latest = days.latest
        asked = query.model_dump()
        rows = queries.list_services(context[ClickHouse], env=env, latest=latest, scope=scope, **asked)

        async def rest(first: Row | None) -> ServiceList:
            total = first["total"] if first else await _total(context, env, latest, query, scope)
            return ServiceList(items=[], total=total, peak_date=latest)

        return await listed(rows, lambda row: service_of(env, row, days), rest)

    if query.limit <= SMALL:
        return await make()
    return await context[SingleFlight].get(("services", env, query, scope), make)


async def _total(
    context: Context, env: str, latest: date | None, query: ServiceQuery, scope: NamespaceScope
) -> int:
    """Return how many there are: nothing beyond the last page tells."""
    if not query.offset:
        return 0
    asked = query.model_copy(update={"limit": 1, "offset": 0}).model_dump()
    rows = queries.list_services(context[ClickHouse], env=env, latest=latest, scope=scope, **asked)
    return next((int(row["total"]) for row in [row async for row in rows]), 0)


async def find(context: Context, key: ServicePath) -> Service | None:
    """Return one service, or None where it is not registered."""
    control, derived, peak = await asyncio.gather(
        queries.control_row(context[ClickHouse], key),
        queries.derived_row(context[ClickHouse], key),
        queries.peak_row(context[ClickHouse], key),
    )
    row = merge(control, derived, peak)
    if row is None:
        return None
    row |= {"namespace": key.namespace, "kind": key.kind, "name": key.name}
    return service_of(key.env, row, peak["days"] if peak else queries.Days(None, None))


async def get(context: Context, key: ServicePath) -> Service:
    """Return one service.

    :raises Problem: 404.
    """
    found = await find(context, key)
    if found is None:
        raise Problem(
            404,
            f"{key.full_name} is not registered in {key.env}:"
            " PUT registers it, or the next collection finds it once it runs",
            code=ProblemCode.NO_SERVICE,
            parameters=key.model_dump(),
        )
    return found


async def _expert_row(context: Context, key: ServicePath) -> Row | None:
    """Return the expert's row as it stands, a tombstone included."""
    return await queries.control_row(context[ClickHouse], key)


def _editable(row: Row | None, key: ServicePath) -> Row:
    """Return the row to build on; a removed service starts anew."""
    return empty_row(key) if row is None or row["deleted"] else row


async def _stale(context: Context, key: ServicePath) -> Problem:
    """Say who was faster, with the current service."""
    current = await get(context, key)
    return Problem(
        412,
        f"{current.updated_by} has changed {key.full_name} since: look at `current` and try again",
        headers={"ETag": f'"{current.version}"'},
        parameters={"by": current.updated_by, **key.model_dump()},
        extra={"current": current.model_dump(mode="json")},
    )


async def require(context: Context, key: ServicePath, if_match: str) -> Row:
    """Return the expert's row that a change may build on.

    :raises Problem: 404 for a service that is not registered, 412 for a stale version.
    """
    row = await _expert_row(context, key)
    if row is None or row["deleted"]:
        await get(context, key)  # derived alone, or there is no such service
    if str(0 if row is None or row["deleted"] else row["version"]) != if_match:
        raise await _stale(context, key)
    return _editable(row, key)


async def _check(context: Context, key: ServicePath, row: Row, edit: ServiceEdit) -> None:
    """Refuse requests above their limits, the derived values behind them included.

    :raises Problem: 400.
    """
    if not edit.containers:
        return
    derived = await queries.derived_row(context[ClickHouse], key)
    errors = check_limits(row, edit, derived or {})
    if errors:
        raise Problem(400, errors[0]["reason"], errors=errors)


async def register(call: Call[NewServicePath, Nothing, NewService]) -> Service:
    """Write the first row of a service, or bring back a removed one.

    :raises Problem: 409 where it is registered.
    """
    context, key = call.context, call.path

    async def prepare() -> list[Row]:
        if await find(context, key) is not None:
            raise Problem(
                409,
                f"{key.full_name} is registered in {key.env}: PATCH it",
                code=ProblemCode.REGISTERED_ALREADY,
                parameters=key.model_dump(),
            )
        row = apply_edit(empty_row(key), call.body)
        await _check(context, key, row, call.body)
        call.audit.set(None, row)
        return [row]

    await context[Writer].commit("control", call.caller.principal.name, prepare, call.audit)
    return await get(context, key)


async def change(call: Call[ServicePath, Nothing, ServiceEdit]) -> Service:
    """Change the expert's row.

    :raises Problem: 404, 412 or 400.
    """
    context, key = call.context, call.path

    async def prepare() -> list[Row]:
        standing = await require(context, key, call.if_match)
        row = apply_edit(standing, call.body)
        await _check(context, key, row, call.body)
        call.audit.set(standing, row)
        return [row]

    await require(context, key, call.if_match)  # who is stale already need not queue up
    await context[Writer].commit("control", call.caller.principal.name, prepare, call.audit)
    return await get(context, key)


async def remove(call: Call[ServicePath, Nothing, Nothing]) -> None:
    """Write a tombstone.

    :raises Problem: 404 or 412.
    """
    context, key = call.context, call.path

    async def prepare() -> list[Row]:
        row = await require(context, key, call.if_match)
        call.audit.set(row, None)
        return [{**apply_edit(row, ServiceEdit.model_validate({})), "deleted": True}]

    await context[Writer].commit("control", call.caller.principal.name, prepare, call.audit)
