"""The AdmissionReview that goes back."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.admission.review import API_VERSION, KIND, Review

HEAD = orjson.dumps({"apiVersion": API_VERSION, "kind": KIND})[:-1]


def answer(review: Review, decision: Decision, more_warnings: Sequence[str] = ()) -> bytes:
    """Put a decision, which is rendered once, together with what is this request's own."""
    response = _warning(decision, more_warnings) if more_warnings else decision.response_json
    return b'%b,"response":{"uid":%b,%b}' % (HEAD, orjson.dumps(review.uid), response[1:])


def _warning(decision: Decision, more_warnings: Sequence[str]) -> bytes:
    response = orjson.loads(decision.response_json)
    return orjson.dumps({**response, "warnings": [*decision.warnings, *more_warnings]})
