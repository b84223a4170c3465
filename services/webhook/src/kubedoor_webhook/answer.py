"""The AdmissionReview that goes back."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import orjson

from kubedoor_core.domain.admission import Decision
from kubedoor_core.domain.review import API_VERSION, KIND, Review

FORBIDDEN = 403


def answer(review: Review, decision: Decision, more_warnings: Iterable[str] = ()) -> bytes:
    """Render a decision."""
    response: dict[str, object] = {"uid": review.uid, "allowed": decision.allowed}
    if decision.patch:
        patch = base64.b64encode(orjson.dumps(decision.patch))
        response |= {"patchType": "JSONPatch", "patch": patch.decode()}
    if warnings := [*decision.warnings, *more_warnings]:
        response["warnings"] = warnings
    if not decision.allowed:
        response["status"] = {"code": FORBIDDEN, "reason": "Forbidden", "message": decision.message}
    return orjson.dumps({"apiVersion": API_VERSION, "kind": KIND, "response": response})
