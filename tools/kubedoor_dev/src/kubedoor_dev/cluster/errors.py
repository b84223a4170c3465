"""Kubernetes' `Status` objects: every answer that is not the object asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]
Value = Any  # any JSON

REASONS = {
    400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 405: "MethodNotAllowed",
    406: "NotAcceptable", 409: "Conflict", 410: "Expired", 413: "RequestEntityTooLarge",
    415: "UnsupportedMediaType", 422: "Invalid", 429: "TooManyRequests", 500: "InternalError",
    503: "ServiceUnavailable", 504: "Timeout",
}  # fmt: skip


class ApiError(Exception):
    """An answer other than success, as the `Status` that is sent."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        reason: str | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = REASONS.get(code, "") if reason is None else reason
        self.details = dict(details) if details is not None else None
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> Json:
        """The body of the answer."""
        body: Json = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
        }
        if self.reason:
            body["reason"] = self.reason
        if self.details is not None:
            body["details"] = self.details
        return {**body, "code": self.code}


@dataclass(frozen=True)
class Kind:
    """What an error speaks of: the group with the plural name (or, of validation, the kind)."""

    group: str
    name: str

    def __str__(self) -> str:
        return f"{self.name}.{self.group}" if self.group else self.name

    def details(self, name: str, **more: Value) -> Json:
        """Fill the `details` of a Status, which leave out what is empty."""
        details = {"name": name, "group": self.group, "kind": self.name, **more}
        return {key: value for key, value in details.items() if value}


def not_found(resource: Kind, name: str) -> ApiError:
    """Answer 404: no such object."""
    return ApiError(404, f'{resource} "{name}" not found', details=resource.details(name))


def no_such_path() -> ApiError:
    """Answer 404: no such resource."""
    return ApiError(404, "the server could not find the requested resource", details={})


def already_exists(resource: Kind, name: str) -> ApiError:
    """Answer 409: the name is taken."""
    message = f'{resource} "{name}" already exists'
    return ApiError(409, message, reason="AlreadyExists", details=resource.details(name))


STALE = "the object has been modified; please apply your changes to the latest version and try again"


def conflict(resource: Kind, name: str, why: str = STALE) -> ApiError:
    """Answer 409: another version, or another object."""
    message = f'Operation cannot be fulfilled on {resource} "{name}": {why}'
    return ApiError(409, message, details=resource.details(name))


def bad_request(message: str) -> ApiError:
    """Answer 400."""
    return ApiError(400, message)


def internal(message: str) -> ApiError:
    """Answer 500, in the API server's words."""
    details = {"causes": [{"message": message}]}
    return ApiError(500, f"Internal error occurred: {message}", details=details)


def unauthorized() -> ApiError:
    """Answer 401."""
    return ApiError(401, "Unauthorized")


def unprocessable_patch(message: str) -> ApiError:
    """Answer 422: the client's own patch does not apply."""
    details = {"causes": [{"reason": "UnexpectedServerResponse", "message": message}]}
    text = f"the server rejected our request due to an error in our request: {message}"
    return ApiError(422, text, details=details)


@dataclass(frozen=True)
class FieldError:
    """One cause of a 422: what is wrong with which field."""

    reason: str
    field: str
    body: str

    def __str__(self) -> str:
        return f"{self.field}: {self.body}"

    @property
    def cause(self) -> Json:
        """Its entry in the `details`."""
        return {"reason": self.reason, "message": self.body, "field": self.field}


def _shown(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def required(field: str, why: str = "") -> FieldError:
    """Say that a field is missing."""
    return FieldError("FieldValueRequired", field, f"Required value{why and ': '}{why}")


def invalid(field: str, value: Value, why: str) -> FieldError:
    """Say that a value is not one."""
    return FieldError("FieldValueInvalid", field, f"Invalid value: {_shown(value)}: {why}")


def duplicate(field: str, value: Value) -> FieldError:
    """Say that a value is there twice."""
    return FieldError("FieldValueDuplicate", field, f"Duplicate value: {_shown(value)}")


def missing(field: str, value: Value) -> FieldError:
    """Say that what a value names is not there."""
    return FieldError("FieldValueNotFound", field, f"Not found: {_shown(value)}")


def forbidden_field(field: str, why: str) -> FieldError:
    """Say that a field may not be set here."""
    return FieldError("FieldValueForbidden", field, f"Forbidden: {why}")


def unsupported(field: str, value: Value, values: Sequence[str]) -> FieldError:
    """Say that a value is not one of those there are."""
    known = ", ".join(_shown(one) for one in sorted(values))
    body = f"Unsupported value: {_shown(value)}: supported values: {known}"
    return FieldError("FieldValueNotSupported", field, body)


def unprocessable(kind: Kind, name: str, causes: Sequence[FieldError]) -> ApiError:
    """Answer 422 with all the causes."""
    texts = [str(cause) for cause in causes]
    told = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    details = kind.details(name, causes=[cause.cause for cause in causes])
    return ApiError(422, f'{kind} "{name}" is invalid: {told}', details=details)
