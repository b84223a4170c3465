"""The one handler behind every endpoint: believe, parse, allow, call, serialise."""

from __future__ import annotations

import re

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from kubedoor_api.access.roles import authorize, authorize_right, authorize_somewhere
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.audit.middleware import audited
from kubedoor_api.auth.token import AUTHENTICATOR
from kubedoor_api.kube.clusters import ClusterRefusedError
from kubedoor_api.web.encoded_body import EncodedBody, send_encoded
from kubedoor_api.web.endpoint import (
    Answer,
    AuditContext,
    Call,
    Caller,
    Channel,
    Context,
    Download,
    Endpoint,
    FileStream,
    Redirect,
    Stream,
)
from kubedoor_api.web.fields import Nothing
from kubedoor_api.web.middlewares import REMOTE, REQUEST_ID, refuse_cross_site
from kubedoor_api.web.parse import parse_body, parse_strings
from kubedoor_api.web.stream import add_streams, send, send_file, serve_channel
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import Problem, bad_field

IF_MATCH = re.compile(r'(?:W/)?"?([0-9]{1,20})"?')
NO_CONTENT, FOUND = 204, 302


def add_endpoints(app: web.Application, endpoints: tuple[Endpoint, ...], context: Context) -> None:
    """Serve every endpoint."""
    add_streams(app)
    for endpoint in endpoints:
        app.router.add_route(endpoint.method, endpoint.path, handler_of(endpoint, context))


def handler_of(endpoint: Endpoint, context: Context) -> Handler:
    """Return what answers the requests of an endpoint."""

    async def handle(request: web.Request) -> web.StreamResponse:
        principal = request.app[AUTHENTICATOR].principal(request)
        caller = Caller(principal, request.app[REMOTE].of(request), request[REQUEST_ID])
        audit, place = AuditContext(), dict(request.match_info)

        async def work() -> Answer:
            refuse_cross_site(request)
            # The role comes before the parameters: who may not do it learns nothing about it.
            _authorize(endpoint, caller, request)
            call = await _parse(endpoint, request, context, caller, audit)
            try:
                return await endpoint.handler(call)
            except ClusterRefusedError as error:
                place_of = {"env": place.get("env", "")}
                headers = {"Retry-After": "5"}
                raise Problem(502, str(error), headers=headers, parameters=place_of) from error

        answer = await audited(context[AuditLogger], endpoint, caller, place, audit, work)
        if isinstance(answer, Stream):
            return await send(request, answer, caller.principal.name)
        if isinstance(answer, FileStream):
            return await send_file(request, answer)
        if isinstance(answer, Channel):
            return await serve_channel(request, answer)
        if isinstance(answer, EncodedBody):
            return await send_encoded(request, answer, {"Cache-Control": "no-store"})
        return _response(endpoint, answer)

    return handle


def _authorize(endpoint: Endpoint, caller: Caller, request: web.Request) -> None:
    """Refuse who may not do this in the place that the path names.

    A list is bounded to a place by its query, too: who may see that one may see this list.
    """
    place = dict(request.match_info)
    if endpoint.method == "GET":
        for name in {"env", "namespace"} & (endpoint.query_model.model_fields.keys() - place.keys()):
            if given := request.query.get(name):
                place[name] = given
    grants, env, namespace = caller.principal.grants, place.get("env"), place.get("namespace")
    if endpoint.by_target and (env is None or namespace is None):
        authorize_somewhere(grants, endpoint.role, env)
    else:
        authorize(grants, endpoint.role, env, namespace)
    if endpoint.right is not None:
        authorize_right(grants, endpoint.right, env, namespace)


async def _parse(
    endpoint: Endpoint, request: web.Request, context: Context, caller: Caller, audit: AuditContext
) -> Call[BaseModel, BaseModel, BaseModel]:
    beside = endpoint.path_model.model_fields.keys() - request.match_info.keys()
    asked = list(request.query.items())
    place = [*request.match_info.items(), *(item for item in asked if item[0] in beside)]
    path = parse_strings(endpoint.path_model, place)
    query = parse_strings(endpoint.query_model, [item for item in asked if item[0] not in beside])
    body: BaseModel = Nothing()
    if endpoint.body_model:
        body = await parse_body(endpoint, request)
    return Call(
        path=path,
        query=query,
        body=body,
        caller=caller,
        context=context,
        if_match=_if_match(endpoint, request),
        audit=audit,
    )


def _if_match(endpoint: Endpoint, request: web.Request) -> str:
    if not endpoint.if_match:
        return ""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "Send If-Match with the `version` that the change is based on")
    found = IF_MATCH.fullmatch(given.strip())
    if found is None:
        reason = 'must be a version, such as "1760000000000000"'
        raise bad_field("If-Match", reason, FieldCode.NO_VERSION)
    return found.group(1)


def _response(endpoint: Endpoint, answer: BaseModel | Download | Redirect | None) -> web.Response:
    if answer is None:
        return web.Response(status=NO_CONTENT)
    headers = {"Cache-Control": "no-store"}
    if isinstance(answer, Redirect):
        return web.Response(status=FOUND, headers={**headers, "Location": answer.url})
    if isinstance(answer, Download):
        headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
        body, charset = (
            (answer.body.encode(), "utf-8") if isinstance(answer.body, str) else (answer.body, None)
        )
        return web.Response(body=body, content_type=answer.media_type, charset=charset, headers=headers)
    if endpoint.etag:
        headers["ETag"] = f'"{getattr(answer, "version", "0")}"'
    body = answer.model_dump_json(by_alias=True).encode()
    return web.Response(status=endpoint.status, body=body, content_type="application/json", headers=headers)
