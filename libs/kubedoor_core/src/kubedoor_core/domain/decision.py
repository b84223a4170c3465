"""What was decided of a request, and how that reads as JSON: rendered once, however often it is used."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import orjson

from kubedoor_core.domain.patch import Operation
from kubedoor_core.domain.settle import Change

FORBIDDEN = 403


class Result(StrEnum):
    """What became of a request."""

    AS_IT_CAME = "as_it_came"
    UNCHANGED = "unchanged"
    PATCHED = "patched"
    DENIED = "denied"
    WOULD_PATCH = "would_patch"
    WOULD_DENY = "would_deny"


@dataclass(frozen=True)
class Decision:
    """The answer to a request. Shared by all requests that are decided alike: never changed.

    ``rule`` is the row of the decision table. ``warnings`` go to whoever sent the request; ``unset``
    names the values that nobody has set, to be told once in a while. In `observe` ``changes`` are what
    would have been, and ``patch`` is empty.
    """

    rule: int
    result: Result
    patch: tuple[Operation, ...] = ()
    warnings: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    message: str = ""

    @property
    def allowed(self) -> bool:
        """Tell whether the request goes on."""
        return self.result is not Result.DENIED

    @cached_property
    def patch_json(self) -> str:
        """The JSONPatch document, or an empty text where there is none."""
        return orjson.dumps(self.patch).decode() if self.patch else ""

    @cached_property
    def before_json(self) -> str:
        """Each governed value that changes, as it came: a JSON object of texts."""
        return orjson.dumps({change.what: change.before for change in self.changes}).decode()

    @cached_property
    def after_json(self) -> str:
        """The same values as admitted; in `observe`, as `enforce` would."""
        return orjson.dumps({change.what: change.after for change in self.changes}).decode()

    @cached_property
    def response_json(self) -> bytes:
        """The `response` of an AdmissionReview, a JSON object, but for the `uid` of the request."""
        response: dict[str, object] = {"allowed": self.allowed}
        if self.patch:
            encoded = base64.b64encode(self.patch_json.encode())
            response |= {"patchType": "JSONPatch", "patch": encoded.decode()}
        if self.warnings:
            response["warnings"] = self.warnings
        if not self.allowed:
            response["status"] = {"code": FORBIDDEN, "reason": "Forbidden", "message": self.message}
        return orjson.dumps(response)
