"""The field types that requests and answers are made of, services by kind, and parts of lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from kubedoor_core.domain.workload import DEPLOYMENT, WorkloadKind, shown_service
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

PLACE, REASON, PARAMETERS = "_place", "_reason", "_parameters"
"""Members of the error's context."""


def fault(code: FieldCode, reason: str, place: str = "", /, **parameters: Any) -> PydanticCustomError:  # noqa: ANN401 JSON
    """Return the error that a validator raises.

    :param place: the field that a validator of a whole model means, such as `containers.0.name`.
    """
    return PydanticCustomError(
        code.value, "{_reason}", {PLACE: place, REASON: reason, PARAMETERS: parameters}
    )


MAX_COUNT = 100_000
MAX_CPU_M = 10_000_000
MAX_MEM_MIB = 100_000_000

LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
CLUSTER = r"^[^\x00-\x1f\x7f/<>\"'`\\;{}$%&|?#]+$"
SEGMENT = r"^[^\x00-\x1f\x7f/]*[^\x00-\x1f\x7f/.][^\x00-\x1f\x7f/]*$"
"""No `.` or `..`: in an address of the cluster's API they would lead somewhere else."""


class Model(BaseModel):
    """Base of every model: unknown fields are refused.

    What checks and writes it is built when it is first used; the document has the texts under its fields.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True, defer_build=True)


class Nothing(Model):
    """No fields: an operation without a query, a body or path parameters."""


class SortKeys:
    """Columns that a list is sorted by: each as it is and, for downwards, with a `-` before it."""

    def __init__(self, *columns: str) -> None:
        self._keys = [f"{sign}{column}" for column in columns for sign in ("", "-")]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take these texts and no other, as a `Literal` does."""
        return core_schema.literal_schema(self._keys)


def utc(value: datetime) -> str:
    """Write a time, UTC, as every answer does."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Replicas = Annotated[int, Field(ge=0, le=MAX_COUNT)]
CpuM = Annotated[int, Field(ge=0, le=MAX_CPU_M)]
MemMib = Annotated[int, Field(ge=0, le=MAX_MEM_MIB)]
Time = Annotated[
    datetime,
    PlainSerializer(utc, return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}),
]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,20}$", examples=["1760000000000000"])]
ModeName = Literal["off", "observe", "enforce"]
Policy = Literal["as_found", "autoscaled", "pinned"]
Source = Literal["manual", "ai", "observed"]

EnvName = Annotated[str, Field(pattern=CLUSTER, max_length=253)]
LooseName = Annotated[str, Field(pattern=SEGMENT, max_length=253)]
NamespaceName = Annotated[str, Field(pattern=LABEL, max_length=63)]
WorkloadName = Annotated[str, Field(pattern=SUBDOMAIN, max_length=253)]
Search = Annotated[str, Field(pattern=PRINTABLE, max_length=253)]


def printable(value: str) -> str:
    """Refuse control characters other than those that text has."""
    if any(ord(character) < 32 and character not in "\n\t" for character in value):
        raise fault(FieldCode.CONTROL_CHARACTERS, "has control characters")
    return value


Note = Annotated[str, AfterValidator(printable), Field(max_length=2000)]


class EnvPath(Model):
    """A cluster."""

    env: EnvName
    """Name of the cluster"""


class NamespacePath(EnvPath):
    """A namespace of a cluster."""

    namespace: NamespaceName
    """Kubernetes namespace"""


ServiceKey = tuple[str, str, str]
"""Namespace, kind and name of a service of some env."""


class ServiceName(Model):
    """A service of a cluster: a workload by its namespace, kind and name."""

    namespace: LooseName
    """Kubernetes namespace"""
    kind: WorkloadKind
    """Kind of workload"""
    name: LooseName
    """Name of the workload"""

    @property
    def key(self) -> ServiceKey:
        """What tells it from the others of its env."""
        return self.namespace, self.kind, self.name

    @property
    def full_name(self) -> str:
        """What people read: `shop/cart`, with the kind where it is no Deployment."""
        return shown_service(self.kind, self.namespace, self.name)


def require_once(field: str, services: Iterable[ServiceName]) -> None:
    """Refuse a list in which a service is twice.

    :param field: that the list is in.
    :raises PydanticCustomError: naming the second one.
    """
    seen = set[ServiceKey]()
    for index, service in enumerate(services):
        if service.key in seen:
            name = service.full_name
            raise fault(FieldCode.TWICE, f"{name} is duplicated", f"{field}.{index}", name=name)
        seen.add(service.key)


class AskedService(ServiceName):
    """A service that somebody names: a Deployment unless they say otherwise."""

    kind: WorkloadKind = "Deployment"
    """Kind of workload"""


class ServicePath(EnvPath, AskedService):
    """A service; its kind is in the query."""


def path_of(env: str, service: ServiceName) -> ServicePath:
    """Return where a service of an env is."""
    return ServicePath(env=env, namespace=service.namespace, kind=service.kind, name=service.name)


class NewServicePath(ServicePath):
    """A service to be: names as Kubernetes allows them."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    name: WorkloadName
    """Name of the workload"""


class Page(Model):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=5000)] = 100
    """Most items to return"""
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    """Items to leave out first"""


CONFLICT = 409


def require_deployment(service: ServicePath) -> None:
    """Refuse to govern or to look for in the cluster what is no Deployment.

    :raises Problem: 409 with the kind.
    """
    if service.kind != DEPLOYMENT:
        raise Problem(
            CONFLICT,
            _reason(service),
            code=ProblemCode.KIND_NOT_GOVERNED,
            parameters=service.model_dump(),
        )


def kind_error(service: ServiceName, field: str) -> FieldError | None:
    """Return what is wrong with a service among many whose values are to change."""
    if service.kind == DEPLOYMENT:
        return None
    return {
        "field": field,
        "reason": _reason(service),
        "code": FieldCode.KIND_NOT_GOVERNED,
        "parameters": service.model_dump(include={"namespace", "kind", "name"}),
    }


def _reason(service: ServiceName) -> str:
    return (
        f"{service.full_name} is measured and shown, but admission and operations are for Deployments only:"
        " set its requests in its own manifest"
    )


R = TypeVar("R")

Part = Callable[[int, int], Awaitable[tuple[list[R], int]]]
"""Returns rows by limit and offset, and the total, which any row tells; 0 without one."""


async def page_of(part: Part[R], page: Page) -> tuple[list[R], int]:
    """Return a part and the total; beyond the last part, without a row, the very first row tells it."""
    rows, total = await part(page.limit, page.offset)
    if not rows and page.offset:
        _, total = await part(1, 0)
    return rows, total
