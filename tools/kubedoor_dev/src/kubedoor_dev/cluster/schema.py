"""Reading an object as its Go type: wrong types are refused, unknown fields dropped and told.

The types are the ones of kubernetes_asyncio's models, which are generated from the API server's own
OpenAPI document. What comes out is what Go would write: empty lists, maps and nulls are left out,
quantities and times are in canonical form.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from kubernetes_asyncio.client import models

from kubedoor_dev.cluster.quantities import QuantityError, parse

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any

# What the OpenAPI document does not tell of the Go types.
QUANTITY_MAPS = {"limits", "requests", "capacity", "allocatable", "overhead", "allocatedResources"}
QUANTITIES = {"sizeLimit", "divisor", "averageValue", "V2MetricTarget.value"}
BYTES = {"caBundle"}
MICRO_TIMES = {"acquireTime", "renewTime", "eventTime", "lastObservedTime"}
LONG = {
    "generation", "observedGeneration", "deletionGracePeriodSeconds", "activeDeadlineSeconds",
    "terminationGracePeriodSeconds", "runAsUser", "runAsGroup", "fsGroup", "tolerationSeconds",
    "expirationSeconds",
}  # fmt: skip
KEPT_EMPTY = {
    "name", "key", "path", "mountPath", "holderIdentity", "storageClassName", "type", "operator",
    "whenUnsatisfiable", "topologyKey", "image", "uid", "kind", "apiVersion",
}  # fmt: skip
DROPPED_FALSE = {
    "paused", "stdin", "stdinOnce", "tty", "hostNetwork", "hostPID", "hostIPC", "readOnly",
}  # fmt: skip
DROPPED_ZERO = {
    "V1ScaleSpec.replicas", "V1DeploymentSpec.minReadySeconds", "V1ContainerPort.hostPort",
    "V1Probe.initialDelaySeconds",
}  # fmt: skip
ALWAYS = {  # structs that are not pointers are written even when empty
    "V1Container": ("resources",),
    "V1EphemeralContainer": ("resources",),
    "V1Deployment": ("metadata", "spec", "status"),
    "V1DeploymentSpec": ("strategy", "template"),
    "V1PodTemplateSpec": ("metadata", "spec"),
    "V1Scale": ("metadata", "spec", "status"),
    "V1Lease": ("metadata", "spec"),
    "V1Namespace": ("metadata", "spec", "status"),
    "V1MutatingWebhookConfiguration": ("metadata",),
    "V2HorizontalPodAutoscaler": ("metadata", "spec", "status"),
}
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")


class DecodeError(Exception):
    """The object is not one of its type; the message is the API server's."""


@dataclass
class _Reader:
    """Collects the unknown fields on the way."""

    unknown: list[str] = field(default_factory=list)

    def struct(self, model: str, value: Json, at: _At) -> Json:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise at.mismatch(value, f"v1.{_go_name(model)}")
        fields = _fields(model)
        read: dict[str, Json] = {}
        for key, given in value.items():
            kind = fields.get(key)
            if kind is None:
                self.unknown.append(at.below(key).indexed)
            elif given is not None:
                self._put(read, model, key, kind, given, at.below(key, model))
        for key in ALWAYS.get(model, ()):
            if key not in read:
                read[key] = self.struct(fields[key], {}, at.below(key, model))
        return read

    def _put(self, read: dict[str, Json], model: str, key: str, kind: str, given: Json, at: _At) -> None:
        value = self.value(kind, given, model, key, at)
        if not _omitted(model, key, kind, value):
            read[key] = value

    def value(self, kind: str, value: Json, model: str, key: str, at: _At) -> Json:
        if kind.startswith("list["):
            return self._items(kind[5:-1], value, model, key, at)
        if kind.startswith("dict("):
            return self._entries(kind[5:-1].split(", ", 1)[1], value, model, key, at)
        if kind == "str" and (key in QUANTITIES or f"{model}.{key}" in QUANTITIES):
            return _quantity(value)
        if key in BYTES and kind == "str":
            return _bytes(value, key, at)
        if kind == "int":
            return _integer(value, key, at)
        scalar = _SCALARS.get(kind)
        if scalar:
            return scalar(value, key, at)
        return value if kind == "object" else self.struct(kind, value, at)

    def _items(self, kind: str, value: Json, model: str, key: str, at: _At) -> Json:
        if not isinstance(value, list):
            raise at.mismatch(value, f"[]{_go_type(kind)}")
        return [
            _zero(kind) if one is None and kind in _SCALARS
            else self.value(kind, one, model, key, at.item(index))
            for index, one in enumerate(value)
        ]  # fmt: skip

    def _entries(self, kind: str, value: Json, model: str, key: str, at: _At) -> Json:
        if not isinstance(value, dict):
            raise at.mismatch(value, f"map[string]{_go_type(kind)}")
        if key in QUANTITY_MAPS and kind == "str":
            return {name: _resource(one) for name, one in value.items()}
        return {
            name: "" if one is None else self.value(kind, one, model, key, at) for name, one in value.items()
        }


@dataclass(frozen=True)
class _At:
    """Where in the object we are: for Go's message, and for a warning."""

    owner: str = ""
    plain: str = ""
    indexed: str = ""

    def below(self, key: str, model: str = "") -> _At:
        dot = "." if self.plain else ""
        return _At(_go_name(model), f"{self.plain}{dot}{key}", f"{self.indexed}{dot}{key}")

    def item(self, index: int) -> _At:
        return _At(self.owner, self.plain, f"{self.indexed}[{index}]")

    def mismatch(self, value: Json, wanted: str) -> DecodeError:
        found = _json_name(value)
        if not self.plain:
            return DecodeError(f"json: cannot unmarshal {found} into Go value of type {wanted}")
        return DecodeError(
            f"json: cannot unmarshal {found} into Go struct field {self.owner}.{self.plain} of type {wanted}"
        )


def decode(model: str, value: Json) -> tuple[dict[str, Json], list[str]]:
    """Read an object as a type, and list the fields that the type does not have.

    :param model: kubernetes_asyncio's name of the type, such as `V1Deployment`.
    :raises DecodeError: when a value is of another type, or a quantity or time cannot be read.
    """
    reader = _Reader()
    read = reader.struct(model, value, _At())
    return read, [f'unknown field "{path}"' for path in reader.unknown]


@cache
def _fields(model: str) -> dict[str, str]:
    described = getattr(models, model)
    return {described.attribute_map[name]: kind for name, kind in described.openapi_types.items()}


def _go_name(model: str) -> str:
    return re.sub(r"^(Core|Autoscaling|Admissionregistration)?V\d", "", model)


def _go_type(kind: str) -> str:
    return {"str": "string", "int": "int32", "bool": "bool"}.get(kind, f"v1.{_go_name(kind)}")


def _json_name(value: Json) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return f"number {value}" if isinstance(value, float) or abs(value) >= 2**31 else "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _zero(kind: str) -> Json:
    return {"str": "", "bool": False, "float": 0}.get(kind)


def _omitted(model: str, key: str, kind: str, value: Json) -> bool:
    """Tell whether Go's `omitempty` leaves the value out."""
    if value == "" and kind == "str":
        return key not in KEPT_EMPTY
    if value is False:
        return key in DROPPED_FALSE
    if value == 0 and kind == "int":
        return f"{model}.{key}" in DROPPED_ZERO
    return value in ([], {}) and kind.startswith(("list[", "dict("))


def _string(value: Json, _: str, at: _At) -> str:
    if not isinstance(value, str):
        raise at.mismatch(value, "string")
    return value


def _bytes(value: Json, key: str, at: _At) -> str:
    text = _string(value, key, at)
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        raise DecodeError("illegal base64 data at input byte 0") from None
    return text


def _boolean(value: Json, _: str, at: _At) -> bool:
    if not isinstance(value, bool):
        raise at.mismatch(value, "bool")
    return value


def _float(value: Json, _: str, at: _At) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise at.mismatch(value, "float64")
    return value


def _integer(value: Json, key: str, at: _At) -> int:
    bits = 64 if key in LONG else 32
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise at.mismatch(value, f"int{bits}")
    return value


def _time(value: Json, key: str, at: _At) -> str:
    text = _string(value, key, at)
    if not TIME.fullmatch(text):
        layout = "2006-01-02T15:04:05Z07:00"
        raise DecodeError(f'parsing time "{text}" as "{layout}": cannot parse "{text}" as "2006"')
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return format_time(moment, micro=key in MICRO_TIMES)


_SCALARS: dict[str, Callable[[Json, str, _At], Json]] = {
    "str": _string, "bool": _boolean, "float": _float, "datetime": _time,
}  # fmt: skip


def format_time(moment: datetime, *, micro: bool = False) -> str:
    """Write a moment as metav1.Time (seconds) or metav1.MicroTime does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")


def _quantity(value: Json, scale: int | None = None) -> str:
    """Numbers are quantities too; null is zero."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise DecodeError(QuantityError("quantities must be strings or numbers").args[0])
    try:
        quantity = parse("0" if value is None else str(value))
    except QuantityError as error:
        raise DecodeError(str(error)) from None
    return str(quantity.rounded_up(scale) if scale else quantity)


def _resource(value: Json) -> str:
    """Resource lists are rounded up to thousandths by the API server's defaulting."""
    return _quantity(value, 1000)
