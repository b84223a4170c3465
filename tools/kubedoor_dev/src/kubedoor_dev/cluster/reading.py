"""Making an object of a client's JSON: decoded as its type, with defaults, and with told mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import defaulting
from kubedoor_dev.cluster.errors import ApiError, Kind, bad_request, invalid, unprocessable
from kubedoor_dev.cluster.resources import EVICTION, SCALE, Form, Resource, form_of
from kubedoor_dev.cluster.schema import DecodeError, decode

if TYPE_CHECKING:
    from kubedoor_dev.cluster.attributes import Context

Json = dict[str, Any]
Value = Any

VALIDATIONS = ("", "Ignore", "Warn", "Strict")


def read(resource: Resource, subresource: str, value: Value, context: Context | None = None) -> Json:
    """Decode and fill in.

    :param context: where unknown fields are told; without one they are dropped silently.
    :raises ApiError: 400, when the value is not of the type of this path.
    """
    form = form_of(resource, subresource)
    try:
        obj, unknown = decode(form.model, value)
    except DecodeError as error:
        raise bad_request(f"{_cannot_be(form)}: {error}") from None
    _check_kind(form, obj)
    if context is not None:
        _tell(form, unknown, context)
    read_as = {"kind": form.kind, "apiVersion": form.api_version, **obj}
    (defaulting.nothing if form in (SCALE, EVICTION) else resource.defaults)(read_as)
    if form == SCALE:
        read_as["status"].setdefault("replicas", 0)
    return read_as


def read_patched(resource: Resource, subresource: str, value: Value, context: Context) -> Json:
    """Do the same with what a client's patch made; what cannot be decoded is then a 422."""
    try:
        return read(resource, subresource, value, context)
    except ApiError as error:
        why = error.message.partition(": ")[2] or error.message
        raise unprocessable(Kind("", ""), "", [invalid("patch", value, why)]) from None


def _cannot_be(form: Form, kind: str = "") -> str:
    return f'{kind or form.kind} in version "{form.version}" cannot be handled as a {form.kind}'


def _check_kind(form: Form, obj: Json) -> None:
    version, kind = obj.get("apiVersion") or form.api_version, obj.get("kind") or form.kind
    if kind != form.kind:
        why = f'no kind "{kind}" is registered for version "{version}" in scheme "pkg/runtime/scheme.go:111"'
        raise bad_request(f"{_cannot_be(form, kind)}: {why}")
    if version != form.api_version:
        raise bad_request(
            f"the API version in the data ({version}) does not match the expected API "
            f"version ({form.api_version})"
        )


def _tell(form: Form, unknown: list[str], context: Context) -> None:
    if unknown and context.field_validation == "Strict":
        told = ", ".join(unknown)
        raise bad_request(f"{_cannot_be(form)}: strict decoding error: {told}")
    if context.field_validation != "Ignore":
        context.warnings.extend(unknown)
