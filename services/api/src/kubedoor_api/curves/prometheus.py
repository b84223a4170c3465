"""The boundary to Prometheus: range queries, whole answers, our own errors."""

from __future__ import annotations

import json
import math
from datetime import datetime

import aiohttp

from kubedoor_api.curves.store import Store
from kubedoor_core.errors import UnavailableError

TIMEOUT_S = 20
OK = 200
REFUSED = (401, 403)

Series = dict[tuple[str, str], dict[int, float]]
"""By pod and container, then by second since the epoch."""


class PrometheusUnavailableError(UnavailableError):
    """Prometheus could not be asked, or did not answer whole."""

    part = "prometheus"


async def query_range(store: Store, query: str, since: datetime, until: datetime, step_s: int) -> Series:
    """Run a range query.

    :raises PrometheusUnavailableError: no answer, an error, or a partial answer.
    """
    form = {"query": query, "start": since.timestamp(), "end": until.timestamp(), "step": step_s}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(
                f"{store.url}/api/v1/query_range", data=form, headers=store.headers, ssl=store.tls()
            ) as response,
        ):
            body = await response.text()
            status = response.status
        if status in REFUSED:
            raise PrometheusUnavailableError(f"Prometheus refuses the credentials: HTTP {status}")
        answer = json.loads(body)
        if status != OK or answer["status"] != "success" or answer.get("isPartial"):
            raise PrometheusUnavailableError(f"Prometheus answers {status}: {body[:300]}")
        return _series(answer["data"]["result"])
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        text = str(error) or "no answer in time"
        raise PrometheusUnavailableError(f"Prometheus can't be asked: {text}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise PrometheusUnavailableError(f"Prometheus answers nonsense: {error}") from error


def _series(result: list[dict[str, object]]) -> Series:
    found: Series = {}
    for one in result:
        metric, values = one["metric"], one["values"]
        if not isinstance(metric, dict) or not isinstance(values, list):
            raise TypeError("a series without labels or values")
        points = {int(at): float(value) for at, value in values}
        key = (str(metric.get("pod", "")), str(metric.get("container", "")))
        found[key] = {at: value for at, value in points.items() if math.isfinite(value)}
    return found
