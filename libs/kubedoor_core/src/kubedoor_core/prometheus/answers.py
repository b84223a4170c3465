"""Tells a whole, successful answer from every other: partial, truncated, too heavy, refused, of no store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson

from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.prometheus.errors import (
    PrometheusError,
    PrometheusUnavailableError,
    QueryTooHeavyError,
)

MAX_SERIES = 100_000
"""Series that an answer may bring; a query that brings more is to be split."""

TOO_HEAVY = (413, 414, 422, 504)
"""Statuses that say so whatever their reason: body, address, evaluation, a gateway that waited in vain."""
UNAVAILABLE = (429, 502, 503)
CREDENTIALS = (401, 403)
HEAVY_REASON = re.compile(
    r"too many|too large|too long|timed out|timeout|deadline|exceed|limit|cannot process more", re.IGNORECASE
)
TRUNCATED = re.compile(r"truncated|limit", re.IGNORECASE)

log = get_logger(__name__)


@dataclass(frozen=True)
class Answer:
    """What came over HTTP.

    :ivar body: decompressed; of an answer other than 200 its beginning.
    :ivar location: where a redirect leads, else empty.
    """

    status: int
    content_type: str
    body: bytes | bytearray
    location: str = ""


def whole_result(answer: Answer) -> list[Any]:
    """Return the `result` of a whole, successful answer.

    :raises QueryTooHeavyError: it was too much for the store, or it is for us.
    :raises PrometheusError: it is refused, partial or no JSON.
    :raises PrometheusUnavailableError: the store, or what stands before it, is not up.
    """
    if answer.location:
        raise PrometheusError(
            f"HTTP {answer.status}: redirected to {answer.location}, and a redirected query loses its text:"
            " set KUBEDOOR_PROMETHEUS_URL to the address behind it"
        )
    payload = _payload(answer)
    if answer.status != HTTPStatus.OK or payload.get("status") != "success":
        raise _refusal(answer.status, _text(payload.get("error", "no reason given")))
    _check_whole(payload)
    data = payload.get("data")
    result = data.get("result") if isinstance(data, dict) else None
    if not isinstance(result, list):
        raise PrometheusError("the store's answer holds no result")
    if len(result) > MAX_SERIES:
        raise QueryTooHeavyError(f"the answer has {len(result)} series, more than {MAX_SERIES}")
    return result


def _check_whole(payload: dict[str, Any]) -> None:
    if payload.get("isPartial") is True:
        raise PrometheusError("the store's answer is partial: some of its nodes did not answer")
    warnings = _text(payload.get("warnings") or "")
    if TRUNCATED.search(warnings):
        raise QueryTooHeavyError(f"the store has cut its answer short: {warnings}")
    if warnings:
        raise PrometheusError(f"the store warns that its answer may be incomplete: {warnings}")
    if payload.get("infos"):
        log.info("prometheus.info", infos=_text(payload["infos"]))


def _payload(answer: Answer) -> dict[str, Any]:
    try:
        payload = orjson.loads(answer.body)
    except ValueError:
        payload = None
    if isinstance(payload, dict):
        return payload
    raise _no_json(answer)


def _no_json(answer: Answer) -> KubeDoorError:
    status = answer.status
    if status in CREDENTIALS or status in TOO_HEAVY:
        return _refusal(status, _plain_text(answer))
    if status in UNAVAILABLE:
        return PrometheusUnavailableError(f"the store is not up: HTTP {status}")
    return PrometheusError(
        f"HTTP {status} with {answer.content_type} instead of JSON: is KUBEDOOR_PROMETHEUS_URL the address of"
        " its API?"
    )


def _plain_text(answer: Answer) -> str:
    """Return the reason that a gateway gives: a page of HTML has none besides the status."""
    text = bytes(answer.body[:1000]).decode(errors="replace")
    reason = _text(text) if answer.content_type == "text/plain" else ""
    return reason or HTTPStatus(answer.status).phrase


def _refusal(status: int, reason: str) -> KubeDoorError:
    if status in TOO_HEAVY or (status == HTTPStatus.SERVICE_UNAVAILABLE and HEAVY_REASON.search(reason)):
        return QueryTooHeavyError(f"HTTP {status}: {reason}")
    if status in UNAVAILABLE:
        return PrometheusUnavailableError(f"HTTP {status}: {reason}")
    if status in CREDENTIALS:
        return PrometheusError(
            f"HTTP {status}: {reason}: the store wants other credentials, or a tenant"
            " (KUBEDOOR_PROMETHEUS_HEADERS)"
        )
    return PrometheusError(f"HTTP {status}: {reason}")


def _text(value: object) -> str:
    return " ".join(str(value).split())[:300]
