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
    def patch_json(self) -> bytes:
        """The JSONPatch document, or nothing where there is none."""
        return orjson.dumps(self.patch) if self.patch else b""

    @cached_property
    def record_json(self) -> bytes:
        """What the admission log keeps of it, a JSON object; ``before`` and ``after`` are JSON in a text."""
        return orjson.dumps(
            {
                "rule": self.rule,
                "outcome": self.result.value,
                "before": _text({change.what: change.before for change in self.changes}),
                "after": _text({change.what: change.after for change in self.changes}),
                "patch": self.patch_json.decode(),
                "warnings": [*self.warnings, *([self.message] if self.message else [])],
            }
        )

    @cached_property
    def response_json(self) -> bytes:
        """The `response` of an AdmissionReview, a JSON object, but for the `uid` of the request."""
        response: dict[str, object] = {"allowed": self.allowed}
        if self.patch:
            encoded = base64.b64encode(self.patch_json)
            response |= {"patchType": "JSONPatch", "patch": encoded.decode()}
        if self.warnings:
            response["warnings"] = self.warnings
        if not self.allowed:
            response["status"] = {"code": FORBIDDEN, "reason": "Forbidden", "message": self.message}
        return orjson.dumps(response)


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
