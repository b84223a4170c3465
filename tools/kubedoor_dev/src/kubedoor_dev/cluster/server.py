"""The HTTP side: who asks, what is asked, what is recorded, and how it is answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from aiohttp import web

from kubedoor_dev.cluster import discovery, faults, routes, warnings
from kubedoor_dev.cluster.api import Api, Target
from kubedoor_dev.cluster.attributes import Context, User
from kubedoor_dev.cluster.calls import Call, Calls
from kubedoor_dev.cluster.errors import ApiError, Kind, bad_request, unauthorized, unprocessable, unsupported
from kubedoor_dev.cluster.listing import ListOptions, listed
from kubedoor_dev.cluster.patches import read_patch
from kubedoor_dev.cluster.podlogs import container_place
from kubedoor_dev.cluster.reading import VALIDATIONS
from kubedoor_dev.cluster.watching import Watch
from kubedoor_dev.containers import channels
from kubedoor_dev.containers.local import Image, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from kubedoor_dev.cluster.faults import Fault, Faults
    from kubedoor_dev.cluster.podlogs import PodLogs
    from kubedoor_dev.containers.local import Containers

Json = dict[str, Any]
Value = Any
T = TypeVar("T")

OPTIONS = {"POST": "Create", "PUT": "Update", "PATCH": "Patch", "DELETE": "Delete"}
"""What the options of a request are called by its method."""
MOST_BODY_BYTES = 3 * 1024 * 1024
OPEN_PATHS = ("/healthz", "/livez", "/readyz", "/version")
CONTROL = "/_sim/"
REVIEWS = "selfsubjectaccessreviews"


class Server:
    """One API server over one store."""

    def __init__(
        self,
        api: Api,
        users: Mapping[str, User],
        calls: Calls,
        faults: Faults,
        logs: PodLogs,
        containers: Containers,
    ) -> None:
        self._logs = logs
        self._containers = containers
        self._api = api
        self._users = users
        self._calls = calls
        self._faults = faults
        self._closing = asyncio.Event()
        self._executing: list[web.Request] = []
        self._programs = contextlib.AsyncExitStack()

    def cut(self) -> None:
        """Break every connection of an `exec` that is open."""
        for request in self._executing:
            if request.transport:
                request.transport.abort()

    def app(self) -> web.Application:
        """Build the application."""
        app = web.Application(client_max_size=MOST_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", self._serve)
        app.on_shutdown.append(self._shut)
        app.on_cleanup.append(self._end_programs)
        return app

    async def _end_programs(self, _: web.Application) -> None:
        """End the programs in the place of containers."""
        await self._programs.aclose()

    async def _shut(self, _: web.Application) -> None:
        """Let the watches and hangs end."""
        self._closing.set()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        context = Context()
        try:
            answer = await self._answer(request, context)
        except ApiError as error:
            answer = _refusal(error)
        except web.HTTPRequestEntityTooLarge:
            text = f"Request entity too large: limit is {MOST_BODY_BYTES}"
            answer = _refusal(ApiError(413, text))
        if not answer.prepared:
            answer.headers["Audit-Id"] = str(uuid.uuid4())
            for warning in warnings.headers(context.warnings):
                answer.headers.add("Warning", warning)
        return answer

    async def _answer(self, request: web.Request, context: Context) -> web.StreamResponse:
        if request.path in OPEN_PATHS[:3]:
            return web.Response(text="ok")
        if request.path == OPEN_PATHS[3]:
            return _json(discovery.document(request.path))
        context.user = self._user(request)
        if request.path.startswith(CONTROL):
            return await self._control(request)
        route = routes.parse(request.path)
        call = _call(request, route, context.user)
        self._calls.add(call)
        if call.resource == "pods/exec" and call.verb == "get":
            # Since 1.35 a WebSocket takes the right to create besides: both are asked of the authorizer.
            self._calls.add(replace(call, verb="create"))
        try:
            answer = await self._with_faults(request, route, context)
        except ApiError as error:
            call.status = error.code
            raise
        call.status = answer.status
        return answer

    def _user(self, request: web.Request) -> User:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        user = self._users.get(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise unauthorized()
        return user

    async def _with_faults(
        self, request: web.Request, route: routes.Route | None, context: Context
    ) -> web.StreamResponse:
        fault = self._faults.take(request.method, request.path)
        if fault is None:
            return await self._handle(request, route, context)
        await self._wait(fault.delay_s)
        answer = None
        if fault.applied or not _ends(fault):
            answer = await self._handle(request, route, context)
        if fault.hang:
            await self._closing.wait()
        if fault.drop or fault.hang:
            if request.transport:
                request.transport.abort()
            return answer or web.Response(status=500)
        if error := fault.error():
            raise error
        return answer or web.Response(status=500)

    async def _wait(self, delay_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._closing.wait()

    async def _handle(
        self, request: web.Request, route: routes.Route | None, context: Context
    ) -> web.StreamResponse:
        if route is None:
            return _json(discovery.document(request.path))
        if route.plural == REVIEWS and request.method == "POST":
            return await self._review(request)
        target, verb = route.target(), route.verb(request.method, request.query)
        _read_options(request, context)
        if target.subresource == "log" and verb == "get":
            return await self._log(request, target)
        if target.subresource == "exec" and verb == "get":
            return await self._exec(request, target)
        match verb:
            case "list":
                options = ListOptions.of(request.query)
                return _json(listed(self._api.store, target.resource, route.namespace, options))
            case "watch":
                return await self._watch(request, target, route.namespace)
            case "deletecollection":
                return await self._delete_all(request, target, route.namespace, context)
            case _:
                return await self._one(request, target, verb, context)

    async def _review(self, request: web.Request) -> web.Response:
        """Answer a SelfSubjectAccessReview: everything is allowed that a test has not denied."""
        review = await _body(request)
        asked = review["spec"]["resourceAttributes"]
        resource = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
        allowed = (asked["verb"], resource) not in self._faults.denied
        return _json({**review, "status": {"allowed": allowed}}, 201)

    async def _one(self, request: web.Request, target: Target, verb: str, context: Context) -> web.Response:
        api = self._api
        match verb:
            case "get":
                return _json(api.get(target))
            case "create" if target.subresource == "eviction":
                return _json(await api.evict(target, await _body(request), context), 201)
            case "create" if not target.name:
                return _json(await api.create(target, await _body(request), context), 201)
            case "update":
                changed, made = await api.update(target, await _body(request), context)
            case "patch":
                patch = read_patch(request.content_type, await request.read())
                changed, made = await api.patch(target, patch, context)
            case "delete" if not target.subresource:
                options = await _delete_options(request, context)
                return _json(await api.delete(target, options, context))
            case _:
                message = "the server does not allow this method on the requested resource"
                raise ApiError(405, message, details={})
        return _json(changed, 201 if made else 200)

    async def _delete_all(
        self, request: web.Request, target: Target, namespace: str | None, context: Context
    ) -> web.Response:
        options = await _delete_options(request, context)
        found = listed(self._api.store, target.resource, namespace, ListOptions.of(request.query))
        for obj in found["items"]:
            metadata = obj["metadata"]
            one = Target(target.resource, metadata.get("namespace", ""), metadata["name"])
            await self._api.delete(one, options, context)
        return _json(found)

    async def _watch(self, request: web.Request, target: Target, namespace: str | None) -> web.StreamResponse:
        watch = Watch.of(target.resource, namespace, request.query)
        watch.options.predicate(target.resource)
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            async for event in self._until_closing(watch.events(self._api.store)):
                await response.write(json.dumps(event, separators=(",", ":")).encode() + b"\n")
        return response

    async def _log(self, request: web.Request, target: Target) -> web.StreamResponse:
        lines = self._logs.read(self._api.get(target), request.query)
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            async for line in self._until_closing(lines):
                await response.write(line)
        return response

    async def _exec(self, request: web.Request, target: Target) -> web.StreamResponse:
        """Run a command in a container that is a real program.

        :raises ApiError: 400 without such a container, or where it does not run.
        """
        pod = self._api.get(target)
        place = container_place(pod, request.query.get("container", ""))
        container = self._containers.find(pod, place)
        if container is None:
            raise bad_request(f'container "{place[2]}" in pod "{place[1]}" is not running')
        self._executing.append(request)
        try:
            return await channels.serve(request, container)
        finally:
            self._executing.remove(request)

    async def _until_closing(self, events: AsyncIterator[T]) -> AsyncIterator[T]:
        """Pass the events on, until the server closes."""
        closing = asyncio.create_task(self._closing.wait())
        try:
            while not closing.done():
                following = asyncio.ensure_future(anext(events))
                await asyncio.wait({following, closing}, return_when=asyncio.FIRST_COMPLETED)
                if not following.done():
                    following.cancel()
                    await asyncio.wait({following})
                    return
                try:
                    event = following.result()
                except StopAsyncIteration:
                    return
                yield event
        finally:
            closing.cancel()

    async def _control(self, request: web.Request) -> web.Response:
        """`/_sim/faults`, `/_sim/calls`: GET, DELETE, POST to order a fault; `logs`, `containers`: POST."""
        match request.method, request.path.removeprefix(CONTROL):
            case "GET", "faults":
                return _json({"items": self._faults.json()})
            case "POST", "faults":
                fault = self._faults.add(faults.read(await _body(request)))
                return _json(fault.json(), 201)
            case "DELETE", "faults":
                self._faults.clear()
            case "POST", "logs":
                said = await _body(request)
                place = (said["namespace"], said["pod"], said["container"])
                await self._logs.say(*place, *said["lines"], previous=said.get("previous", False))
            case "POST", "containers":
                await self._begin_program(await _body(request))
            case "GET", "calls":
                return _json({"items": [call.json() for call in self._calls]})
            case "DELETE", "calls":
                self._calls.clear()
            case _:
                raise ApiError(
                    404,
                    "there are _sim/faults (GET, DELETE, POST), _sim/calls (GET, DELETE), _sim/logs (POST)"
                    " and _sim/containers (POST)",
                )
        return _json({})

    async def _begin_program(self, asked: Json) -> None:
        """Let a container of a pod be a program of this machine, until the server closes."""
        place = (asked["namespace"], asked["pod"], asked["container"])

        async def say(line: str) -> None:
            await self._logs.say(*place, line)

        image = Image(asked["argv"], asked.get("path", Image.path))
        program = running(image, Path(asked["folder"]), say)
        self._containers.by_place[place] = await self._programs.enter_async_context(program)


def _ends(fault: Fault) -> bool:
    return fault.status is not None or fault.hang or fault.drop


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(),
        status=status,
        content_type="application/json",
    )


def _refusal(error: ApiError) -> web.Response:
    answer = _json(error.status, error.code)
    if error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _call(request: web.Request, route: routes.Route | None, user: User) -> Call:
    return Call(
        method=request.method,
        path=request.path,
        query=request.query_string,
        verb=route.verb(request.method, request.query) if route else request.method.lower(),
        api_group=route.group if route else "",
        resource=route.rbac_resource if route else "",
        namespace=route.namespace if route else None,
        name=route.name if route else "",
        user=user.name,
        user_agent=request.headers.get("User-Agent", ""),
        dry_run="dryRun" in request.query,
    )


def _read_options(request: web.Request, context: Context) -> None:
    query = request.query
    dry_run = query.getall("dryRun", [])
    if dry_run not in ([], ["All"]):
        options = Kind("meta.k8s.io", f"{OPTIONS.get(request.method, 'List')}Options")
        raise unprocessable(options, "", [unsupported("dryRun", dry_run, ["All"])])
    validation = query.get("fieldValidation", "")
    if validation not in VALIDATIONS:
        raise bad_request(f'fieldValidation: Unsupported value: "{validation}"')
    context.dry_run = bool(dry_run)
    context.field_validation = validation or "Warn"
    context.field_manager = query.get("fieldManager", "")
    context.force = query.get("force") in routes.TRUE


async def _body(request: web.Request) -> Value:
    """Decode a body, JSON or YAML.

    :raises ApiError: 400, when it cannot be decoded.
    """
    body = await request.read()
    try:
        if "yaml" in request.content_type:
            return yaml.safe_load(body)
        return json.loads(body)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        message = f"couldn't get version/kind; json parse error: {error}"
        raise bad_request(f"the object provided is unrecognized: {message}") from None


async def _delete_options(request: web.Request, context: Context) -> Json:
    """The options of a deletion may stand in the body or in the URL."""
    body = await _body(request) if request.can_read_body else {}
    options: Json = body if isinstance(body, dict) else {}
    policy = request.query.get("propagationPolicy")
    if policy:
        options["propagationPolicy"] = policy
    context.dry_run = context.dry_run or options.get("dryRun") == ["All"]
    return options
