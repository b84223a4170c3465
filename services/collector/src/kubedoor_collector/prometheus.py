"""The boundary to Prometheus and VictoriaMetrics: queries in threads, a few at once, our own errors."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import requests
from prometheus_api_client.exceptions import PrometheusApiClientException
from prometheus_api_client.prometheus_connect import PrometheusConnect
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import TimeoutError as StoreTimeoutError
from urllib3.util.retry import Retry

from kubedoor_collector.domain.samples import BadAnswerError, Curve, Sample, read_matrix, read_vector
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.prometheus_settings import query_url

T = TypeVar("T")

UNAVAILABLE = (429, 502, 503, 504)
TOO_HEAVY = re.compile(
    r"too many samples|timed out|exceeds|too many|limit|cannot process more", re.IGNORECASE
)

log = get_logger(__name__)


class PrometheusError(KubeDoorError):
    """The store refused a query, or answered with something that is no complete result."""


class QueryTooHeavyError(PrometheusError):
    """The store gave up on a query for its size or time: a smaller one may pass."""


class PrometheusUnavailableError(UnavailableError):
    """The store could not be reached or did not answer in time."""


class Prometheus:
    """Asks one store."""

    def __init__(self, settings: CollectorSettings, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._timeout_s = settings.prometheus_timeout_s
        self._parameters = _parameters(settings)
        self._client = PrometheusConnect(
            url=query_url(settings.prometheus_url, settings.prometheus_type),
            session=_session(settings),
            timeout=math.ceil(settings.prometheus_timeout_s),
            retry=Retry(total=1, backoff_factor=0.2, status_forcelist=(502, 504), raise_on_status=False),
        )

    async def instant(self, query: str, at: datetime) -> list[Sample]:
        """Evaluate a query once.

        :raises PrometheusError: refused, partial, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        parameters = {**self._parameters, "time": at.timestamp()}
        return await self._run(lambda: read_vector(self._client.custom_query(query, params=parameters)))

    async def range(self, query: str, start: datetime, end: datetime, step_s: int) -> list[Curve]:
        """Evaluate a query at every step from start to end, both included.

        :raises PrometheusError: refused, partial, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        return await self._run(
            lambda: read_matrix(
                self._client.custom_query_range(query, start, end, str(step_s), params=self._parameters)
            )
        )

    async def now(self) -> datetime:
        """Return the store's own time.

        :raises PrometheusError: refused, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        samples = await self._run(
            lambda: read_vector(self._client.custom_query("vector(time())", params=self._parameters))
        )
        if len(samples) != 1:
            raise PrometheusError("the store does not say what time it is")
        return datetime.fromtimestamp(samples[0].value, UTC)

    async def ping(self) -> str | None:
        """Return None where the store answers queries, else why not."""
        try:
            await self.now()
        except (PrometheusError, PrometheusUnavailableError) as error:
            return str(error)
        return None

    async def _run(self, ask: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _own_errors, ask)


@asynccontextmanager
async def connect(settings: CollectorSettings) -> AsyncIterator[Prometheus]:
    """Open the threads that ask; what still runs on leaving is not waited for."""
    pool = ThreadPoolExecutor(settings.prometheus_concurrency, thread_name_prefix="prometheus")
    try:
        yield Prometheus(settings, pool)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def wait_until_up(prometheus: Prometheus, limit_s: float, poll_s: float = 1.0) -> None:
    """Wait until the store answers, saying what is missing meanwhile; after the limit go on without it."""
    told = ""
    for _ in range(int(limit_s / poll_s)):
        try:
            await prometheus.now()
        except PrometheusUnavailableError as error:
            if str(error) != told:
                log.warning("prometheus.waiting", reason=str(error))
                told = str(error)
            await asyncio.sleep(poll_s)
        except PrometheusError as error:
            log.warning("prometheus.refused", reason=str(error))
            return
        else:
            return


def _parameters(settings: CollectorSettings) -> dict[str, str]:
    parameters = {"timeout": f"{settings.prometheus_timeout_s:g}s"}
    match settings.prometheus_type:
        case "victoria-metrics-single":
            return {**parameters, "nocache": "1"}
        case "victoria-metrics-cluster":
            return {**parameters, "nocache": "1", "deny_partial_response": "1"}
        case "prometheus":
            return parameters


def _session(settings: CollectorSettings) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    if settings.prometheus_ca_file is not None:
        session.verify = str(settings.prometheus_ca_file)
    token = settings.prometheus_token.get_secret_value()
    if token:
        session.headers["Authorization"] = f"Bearer {token}"
    elif settings.prometheus_user:
        session.auth = (settings.prometheus_user, settings.prometheus_password.get_secret_value())
    session.hooks["response"].append(check)
    return session


class _Checked(requests.Response):
    """A response whose JSON has been read and found whole."""

    payload: Any = None

    def json(self, **_: Any) -> Any:  # noqa: ANN401 as requests has it
        """Return what was read."""
        return self.payload


def check(response: requests.Response, *_: Any, **__: Any) -> requests.Response:  # noqa: ANN401 requests' hook
    """Refuse every answer but a whole, successful result. The client looks at the status alone.

    :raises PrometheusError: it is refused, partial or no JSON.
    :raises PrometheusUnavailableError: the store, or what stands before it, is not up.
    """
    payload = _payload(response)
    if response.status_code != requests.codes.ok or payload.get("status") != "success":
        raise _refusal(response.status_code, str(payload.get("error", "no reason given")))
    if payload.get("isPartial") is True:
        raise PrometheusError("the store's answer is partial: some of its nodes did not answer")
    if payload.get("warnings"):
        raise PrometheusError(
            f"the store warns that its answer may be incomplete: {_text(payload['warnings'])}"
        )
    if payload.get("infos"):
        log.info("prometheus.info", infos=_text(payload["infos"]))
    if not isinstance(payload.get("data"), dict) or not isinstance(payload["data"].get("result"), list):
        raise PrometheusError("the store's answer holds no result")
    checked = _Checked()
    checked.__dict__.update(response.__dict__)
    checked.payload = payload
    return checked


def _payload(response: requests.Response) -> dict[str, Any]:
    status, kind = response.status_code, response.headers.get("Content-Type", "no type").split(";")[0]
    try:
        payload = json.loads(response.content)
    except ValueError:
        payload = None
    if isinstance(payload, dict):
        return payload
    if status in UNAVAILABLE:
        raise PrometheusUnavailableError(f"the store is not up: HTTP {status}")
    raise PrometheusError(
        f"HTTP {status} with {kind} instead of JSON: is KUBEDOOR_PROMETHEUS_URL the address of its API?"
    )


def _refusal(status: int, reason: str) -> KubeDoorError:
    if status in (422, 503, 504) and TOO_HEAVY.search(reason):
        return QueryTooHeavyError(f"HTTP {status}: {_text(reason)}")
    if status in UNAVAILABLE:
        return PrometheusUnavailableError(f"HTTP {status}: {_text(reason)}")
    return PrometheusError(f"HTTP {status}: {_text(reason)}")


def _text(value: object) -> str:
    return " ".join(str(value).split())[:300]


def _own_errors(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (PrometheusError, PrometheusUnavailableError):
        raise
    except requests.RequestException as error:
        raise PrometheusUnavailableError(_reason(error)) from error
    except (PrometheusApiClientException, BadAnswerError, KeyError, TypeError, ValueError) as error:
        raise PrometheusError(f"the answer can't be read: {_text(error)}") from error


def _reason(error: requests.RequestException) -> str:
    """Say what kept a request from its answer, without the address and query that the libraries repeat."""
    inner = error.args[0] if error.args else error
    cause = getattr(inner, "reason", None) or inner
    timed_out = isinstance(cause, StoreTimeoutError) and not isinstance(cause, NewConnectionError)
    if timed_out or isinstance(error, requests.Timeout):
        return "the store gave no answer in time"
    return f"the store can't be reached: {_text(str(cause).rpartition('>: ')[2])}"
