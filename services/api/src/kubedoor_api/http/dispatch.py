"""The one handler behind every operation: believe, parse, allow, call, serialise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from pydantic import BaseModel

from kubedoor_api.auth.remote import REMOTE
from kubedoor_api.auth.roles import authorize, authorize_somewhere
from kubedoor_api.auth.token import AUTHENTICATOR
from kubedoor_api.http.cross_site import refuse_cross_site
from kubedoor_api.http.fields import Nothing
from kubedoor_api.http.operation import Answer, Call, Caller, Download, Operation, Stream
from kubedoor_api.http.parse import parse_body, parse_strings
from kubedoor_api.http.prepared import Prepared, send_prepared
from kubedoor_api.http.recording import recorded
from kubedoor_api.http.request_id import REQUEST_ID
from kubedoor_api.http.stream import add_streams, send
from kubedoor_api.http.trail import Trail
from kubedoor_api.kube.clusters import ClusterRefusedError
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from kubedoor_api.context import Context

M = TypeVar("M", bound=BaseModel)
IF_MATCH = re.compile(r'(?:W/)?"?([0-9]{1,20})"?')
NO_CONTENT = 204


def add_operations(app: web.Application, operations: tuple[Operation, ...], context: Context) -> None:
    """Serve every operation."""
    add_streams(app)
    for operation in operations:
        app.router.add_route(operation.method, operation.path, _handler(operation, context))


def _handler(operation: Operation, context: Context) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        caller = _caller(request)
        trail, place = Trail(), dict(request.match_info)

        async def work() -> Answer:
            refuse_cross_site(request)
            # The role comes before the parameters: who may not do it learns nothing about it.
            _authorize(operation, caller, {**_asked_for(operation, request), **place})
            call = await _parse(operation, request, context, caller, trail)
            try:
                return await operation.handler(call)
            except ClusterRefusedError as error:
                place_of = {"env": place.get("env", "")}
                headers = {"Retry-After": "5"}
                raise Problem(502, str(error), headers=headers, parameters=place_of) from error

        answer = await recorded(context.recorder, operation, caller, place, trail, work)
        if isinstance(answer, Stream):
            return await send(request, answer, caller.principal.name)
        if isinstance(answer, Prepared):
            return await send_prepared(request, answer, {"Cache-Control": "no-store"})
        return _response(operation, answer)

    return handle


def _asked_for(operation: Operation, request: web.Request) -> dict[str, str]:
    """Return the place that a list is bounded to by its query: who may see that one may see this list."""
    if operation.method != "GET":
        return {}
    fields = operation.query_model.model_fields
    return {
        name: request.query[name]
        for name in ("env", "namespace")
        if name in fields and request.query.get(name)
    }


def _authorize(operation: Operation, caller: Caller, place: dict[str, str]) -> None:
    grants, env, namespace = caller.principal.grants, place.get("env"), place.get("namespace")
    if operation.by_target and (env is None or namespace is None):
        authorize_somewhere(grants, operation.role, env)
    else:
        authorize(grants, operation.role, env, namespace)


def _caller(request: web.Request) -> Caller:
    principal = request.app[AUTHENTICATOR].principal(request)
    return Caller(principal, request.app[REMOTE].of(request), request[REQUEST_ID])


async def _parse(
    operation: Operation, request: web.Request, context: Context, caller: Caller, trail: Trail
) -> Call[BaseModel, BaseModel, BaseModel]:
    path = parse_strings(operation.path_model, list(request.match_info.items()))
    query = parse_strings(operation.query_model, list(request.query.items()))
    body: BaseModel = Nothing()
    if operation.body_model:
        body = await parse_body(operation, request)
    return Call(
        path=path,
        query=query,
        body=body,
        caller=caller,
        context=context,
        if_match=_if_match(operation, request),
        trail=trail,
    )


def _if_match(operation: Operation, request: web.Request) -> str:
    if not operation.if_match:
        return ""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "Send If-Match with the `version` that the change is based on")
    found = IF_MATCH.fullmatch(given.strip())
    if found is None:
        reason = 'must be a version, such as "1760000000000000"'
        raise bad_field("If-Match", reason, FieldCode.NO_VERSION)
    return found.group(1)


def _response(operation: Operation, answer: BaseModel | Download | None) -> web.Response:
    if answer is None:
        return web.Response(status=NO_CONTENT)
    if isinstance(answer, Download):
        return _download(answer)
    headers = {"Cache-Control": "no-store"}
    if operation.etag:
        headers["ETag"] = f'"{getattr(answer, "version", "0")}"'
    return web.Response(
        status=operation.status,
        body=answer.model_dump_json().encode(),
        content_type="application/json",
        headers=headers,
    )


def _download(answer: Download) -> web.Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{answer.filename}"',
    }
    return web.Response(
        body=answer.body.encode(), content_type=answer.media_type, charset="utf-8", headers=headers
    )
