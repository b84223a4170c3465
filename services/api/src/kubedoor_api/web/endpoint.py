"""`@endpoint(...)`: everything that the server and the OpenAPI document need to know of one endpoint."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar, get_args, get_type_hints

from aiohttp.web import WebSocketResponse
from pydantic import BaseModel

from kubedoor_api.access.roles import Principal, Right, Role
from kubedoor_api.web.encoded_body import EncodedBody
from kubedoor_api.web.fields import Nothing

T = TypeVar("T")


class Context:
    """Built once, by the app factory; a part is also found by each class that it derives from."""

    def __init__(self, *parts: object) -> None:
        self._parts: dict[type, Any] = {base: part for part in parts for base in type(part).__mro__[:-1]}

    def __getitem__(self, kind: type[T]) -> T:
        """Return the part of a type.

        :raises KeyError: the app was built without it.
        """
        part: T = self._parts[kind]
        return part

    def having(self, *parts: object) -> Context:
        """Return a context in which parts stand in the place of those of their types."""
        return Context(*self._parts.values(), *parts)


@dataclass
class AuditContext:
    """Filled in by a handler; JSON.

    :ivar make_entry: builds the entry of a change that succeeds, as JSON, from what is here.
    :ivar is_logged: a commit was logged with the entry, which is written with the change, by nobody else.
    """

    before: str = ""
    after: str = ""
    make_entry: Callable[[], str] | None = None
    is_logged: bool = False

    def set(self, before: object, after: object) -> None:
        """Note both; None for nothing."""
        self.before, self.after = _json(before), _json(after)

    def entry(self) -> str:
        """Return the entry that goes with a commit; empty where nobody asked for one."""
        return self.make_entry() if self.make_entry else ""

    def logged(self) -> None:
        """Hear that the commit is logged, and the entry with it."""
        self.is_logged = self.make_entry is not None


def _json(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False)


P = TypeVar("P", bound=BaseModel)
Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B", bound=BaseModel)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
PREFIX = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """Who calls, and from where."""

    principal: Principal
    remote: str
    request_id: str


@dataclass(frozen=True)
class Call(Generic[P, Q, B]):
    """One request, parsed and allowed."""

    path: P
    query: Q
    body: B
    caller: Caller
    context: Context
    if_match: str = ""
    audit: AuditContext = field(default_factory=AuditContext)


@dataclass(frozen=True)
class Download:
    """An answer that is not JSON: a text, or the bytes of a file."""

    body: str | bytes
    media_type: str
    filename: str


@dataclass(frozen=True)
class Stream:
    """Server-sent events: an answer that goes on until the iterator or the client ends it.

    :ivar close: gives back what was opened for it, also where no event was asked for.
    """

    events: AsyncIterator[str]
    close: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class FileStream:
    """A file that is sent as it comes, and never held.

    :ivar bytes: its size; None: it is not known before.
    :ivar close: gives back what was opened for it, also where nothing was sent.
    :ivar is_whole: tells whether all of it came. What ends before is no file: the connection is broken off.
    """

    chunks: AsyncGenerator[bytes]
    bytes: int | None
    filename: str
    close: Callable[[], Awaitable[None]]
    is_whole: Callable[[], bool]


@dataclass(frozen=True)
class Redirect:
    """What is asked for is elsewhere.

    :ivar url: where; whoever knows it may have it, so that it is kept nowhere.
    """

    url: str


@dataclass(frozen=True)
class Channel:
    """A WebSocket.

    :ivar open: takes what it is about, once it is sure that the client wants one; may refuse.
    :ivar run: has it until it ends, at the latest when the event is set: then the server closes.
    """

    open: Callable[[], Awaitable[None]]
    run: Callable[[WebSocketResponse, asyncio.Event], Awaitable[None]]


Answer = BaseModel | EncodedBody | Download | Stream | FileStream | Redirect | Channel | None
Handler = Callable[[Call[Any, Any, Any]], Awaitable[Answer]]


@dataclass(frozen=True)
class Endpoint:
    """One method on one path."""

    id: str
    method: Method
    path: str
    summary: str
    description: str
    tag: str
    role: Role
    handler: Handler
    path_model: type[BaseModel]
    query_model: type[BaseModel]
    body_model: type[BaseModel] | None
    answer_model: type[BaseModel] | None
    status: int
    if_match: bool
    etag: bool
    conflicts: bool
    media_types: tuple[str, ...] = ("application/json",)
    body_types: tuple[str, ...] = ("application/json",)
    by_target: bool = False
    event_model: type[BaseModel] | None = None
    right: Right | None = None
    audited: bool = True
    max_body_bytes: int | None = None


def required(path_model: type[BaseModel]) -> set[str]:
    """Return the fields that stand in the path; one with a default, as a service's kind, is in the query."""
    return {name for name, field in path_model.model_fields.items() if field.is_required()}


def endpoint(
    method: Method,
    path: str,
    *,
    tag: str,
    role: Role,
    status: int = 200,
    if_match: bool = False,
    conflicts: bool = False,
    media_types: tuple[str, ...] = ("application/json",),
    by_target: bool = False,
    event_model: type[BaseModel] | None = None,
    answers: type[BaseModel] | None = None,
    right: Right | None = None,
    audited: bool = True,
    max_body_bytes: int | None = None,
) -> Callable[[Handler], Endpoint]:
    """Declare a handler an endpoint; its models are read from the handler's annotations.

    The first line of the handler's docstring is the summary, the rest the description.

    :param by_target: the namespaces are not in the path: the role anywhere in the env lets the request
        in, and the handler checks each namespace that it is about, or shows those in scope only.
    :param status: of the answer where all went well; 101: it is a WebSocket.
    :param event_model: what the data of a stream's events, or a text of a WebSocket, is, for the document.
    :param answers: what an encoded answer holds, for the document.
    :param right: that it takes besides the role, in the place that the path names.
    :param audited: False: machines send it again and again, and only a refusal is written down.
    :param max_body_bytes: of the body; None: as for every other endpoint.
    """

    def declare(handler: Handler) -> Endpoint:
        hints = get_type_hints(handler)
        path_model, query_model, body_model = get_args(hints["call"])
        answer = hints["return"]
        if set(re.findall(r"\{(\w+)\}", path)) != required(path_model):
            raise TypeError(f"{path}: the placeholders are not the fields of {path_model.__name__}")
        summary, _, description = (handler.__doc__ or "").partition("\n")
        model = answers or (answer if isinstance(answer, type) and issubclass(answer, BaseModel) else None)
        return Endpoint(
            id=re.sub(r"_([a-z0-9])", lambda found: found.group(1).upper(), getattr(handler, "__name__", "")),
            method=method,
            path=PREFIX + path,
            summary=summary.strip().rstrip("."),
            description=" ".join(description.split()) or summary.strip(),
            tag=tag,
            role=role,
            handler=handler,
            path_model=path_model,
            query_model=query_model,
            body_model=None if body_model is Nothing else body_model,
            answer_model=model,
            status=status,
            if_match=if_match,
            etag=model is not None and "version" in model.model_fields,
            conflicts=conflicts,
            media_types=media_types,
            by_target=by_target,
            event_model=event_model,
            right=right,
            audited=audited,
            max_body_bytes=max_body_bytes,
        )

    return declare


def endpoints_of(*modules: ModuleType) -> tuple[Endpoint, ...]:
    """Return the endpoints that modules declare, in the order in which they stand there."""
    return tuple(
        found for module in modules for found in vars(module).values() if isinstance(found, Endpoint)
    )
