"""Looking at services and changing what the expert says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.http.fields import NewServicePath, Nothing, ServicePath
from kubedoor_api.services import queries
from kubedoor_api.services.edit import apply_edit, check_limits, empty_row
from kubedoor_api.services.models import NewService, Service, ServiceEdit, ServiceList, ServiceQuery
from kubedoor_api.services.rows import service_of
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Call
    from kubedoor_core.clickhouse import Row

ServiceKey = ServicePath | NewServicePath


async def list_services(context: Context, env: str, query: ServiceQuery) -> ServiceList:
    """Return one page of the services of an env."""
    latest = await queries.latest_date(context.clickhouse, env)
    rows = await queries.list_services(
        context.clickhouse,
        env=env,
        latest=latest,
        sort=query.sort,
        limit=query.limit,
        offset=query.offset,
        q=query.q,
        namespace=query.namespace,
    )
    total = rows[0]["total"] if rows else 0
    if not rows and query.offset:
        total = await queries.count_services(context.clickhouse, env)
    return ServiceList(items=[service_of(env, row, latest) for row in rows], total=total, peak_date=latest)


async def find(context: Context, key: ServiceKey) -> Service | None:
    """Return one service, or None where it is not registered."""
    latest = await queries.latest_date(context.clickhouse, key.env)
    row = await queries.one_service(
        context.clickhouse,
        env=key.env,
        namespace=key.namespace,
        deployment=key.deployment,
        latest=latest,
    )
    return service_of(key.env, row, latest) if row else None


async def get(context: Context, key: ServiceKey) -> Service:
    """Return one service.

    :raises Problem: 404.
    """
    found = await find(context, key)
    if found is None:
        raise Problem(
            404,
            f"{key.namespace}/{key.deployment} is not registered in {key.env}:"
            " PUT registers it, or the next collection finds it once it runs",
        )
    return found


async def _control_row(context: Context, key: ServiceKey) -> Row:
    row = await queries.control_row(
        context.clickhouse, env=key.env, namespace=key.namespace, deployment=key.deployment
    )
    if row is None or row["deleted"]:
        return empty_row(key.env, key.namespace, key.deployment)
    return row


def _check(row: Row, edit: ServiceEdit, standing: Service | None) -> None:
    errors = check_limits(row, edit, standing.containers if standing else [])
    if errors:
        raise Problem(400, errors[0]["reason"], errors=errors)


def require_version(service: Service, if_match: str) -> None:
    """Refuse a change that is based on an older version.

    :raises Problem: 412 with the current service.
    """
    if service.version != if_match:
        raise Problem(
            412,
            f"{service.updated_by or 'somebody'} has changed {service.namespace}/{service.deployment} since:"
            " look at `current` and try again",
            headers={"ETag": f'"{service.version}"'},
            extra={"current": service.model_dump(mode="json")},
        )


async def register(call: Call[NewServicePath, Nothing, NewService]) -> Service:
    """Write the first row of a service, or bring back a removed one.

    :raises Problem: 409 where it is registered.
    """
    context, key = call.context, call.path

    async def prepare() -> list[Row]:
        if await find(context, key) is not None:
            raise Problem(
                409, f"{key.namespace}/{key.deployment} is registered in {key.env} already: PATCH it"
            )
        row = apply_edit(empty_row(key.env, key.namespace, key.deployment), call.body)
        _check(row, call.body, None)
        return [row]

    await context.writer.commit("control", call.caller.principal.name, prepare)
    return await get(context, key)


async def change(call: Call[ServicePath, Nothing, ServiceEdit]) -> Service:
    """Change the expert's row.

    :raises Problem: 404, 412 or 400.
    """
    context, key = call.context, call.path

    async def prepare() -> list[Row]:
        standing = await get(context, key)
        require_version(standing, call.if_match)
        row = apply_edit(await _control_row(context, key), call.body)
        _check(row, call.body, standing)
        return [row]

    await context.writer.commit("control", call.caller.principal.name, prepare)
    return await get(context, key)


async def remove(call: Call[ServicePath, Nothing, Nothing]) -> None:
    """Write a tombstone.

    :raises Problem: 404 or 412.
    """
    context, key = call.context, call.path

    async def prepare() -> list[Row]:
        require_version(await get(context, key), call.if_match)
        row = await _control_row(context, key)
        return [{**{name: row[name] for name in row if name != "version"}, "deleted": True}]

    await context.writer.commit("control", call.caller.principal.name, prepare)
