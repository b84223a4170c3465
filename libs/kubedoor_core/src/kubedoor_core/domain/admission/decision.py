"""What was decided of a request, and how that reads as JSON: rendered once, however often it is used."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import orjson

from kubedoor_core.domain.admission.notes import Change, Note, ValueName
from kubedoor_core.domain.admission.patch import PatchOperation
from kubedoor_core.domain.admission.words import change_words, note_words, shortened, value_words

FORBIDDEN = 403


class Result(StrEnum):
    """What became of a request."""

    ALLOWED_UNCHANGED = "allowed_unchanged"
    """It is none that is governed."""
    UNCHANGED = "unchanged"
    """It is governed, and there was nothing to change."""
    PATCHED = "patched"
    DENIED = "denied"
    WOULD_PATCH = "would_patch"
    WOULD_DENY = "would_deny"


@dataclass(frozen=True)
class Decision:
    """The answer to a request. Shared by all requests that are decided alike: never changed.

    :ivar rule: the row of the decision table.
    :ivar changes: in `observe` what would have been changed; ``patch`` is empty then.
    :ivar notes: what else is to be said to whoever sent the request.
    :ivar unset: the values that nobody has set, to be told once in a while.
    :ivar refusal: why it is refused, or would be.
    """

    rule: int
    result: Result
    patch: tuple[PatchOperation, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    unset: tuple[ValueName, ...] = ()
    refusal: Note | None = None

    @property
    def allowed(self) -> bool:
        """Tell whether the request goes on."""
        return self.result is not Result.DENIED

    @property
    def message(self) -> str:
        """Why it is refused, or would be, in English; else empty."""
        return note_words(self.refusal) if self.refusal else ""

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What the API server passes on to kubectl, each of at most 200 characters."""
        if self.result is Result.WOULD_DENY:
            return (shortened(f"would be refused: {self.message}"),)
        would = "would change " if self.result is Result.WOULD_PATCH else ""
        said = [f"{would}{change_words(change)}" for change in self.changes]
        said += [note_words(note) for note in self.notes]
        return tuple([shortened(text) for text in said])

    @cached_property
    def patch_json(self) -> bytes:
        """The JSONPatch document, or nothing where there is none."""
        return orjson.dumps(self.patch) if self.patch else b""

    @cached_property
    def record_json(self) -> bytes:
        """What the admission log keeps of it, a JSON object; nested documents are JSON in a text."""
        notes = (*self.notes, self.refusal) if self.refusal else self.notes
        named = [(value_words(change), change) for change in self.changes]
        return orjson.dumps(
            {
                "rule": self.rule,
                "outcome": self.result.value,
                "before": _text({name: change.before or "none" for name, change in named}),
                "after": _text({name: change.after for name, change in named}),
                "changes": _text([change.json() for change in self.changes]),
                "notes": _text([note.json() for note in notes]),
                "patch": self.patch_json.decode(),
                "warnings": [*self.warnings, *([] if self.allowed else [self.message])],
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
