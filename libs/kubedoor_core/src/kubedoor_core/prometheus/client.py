"""Asks Prometheus or VictoriaMetrics: by POST, a few queries at once, whole answers, our own errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import Trouble, get_logger
from kubedoor_core.prometheus.answers import Answer, whole_result
from kubedoor_core.prometheus.errors import (
    PrometheusError,
    PrometheusUnavailableError,
    QueryTooHeavyError,
)
from kubedoor_core.prometheus.results import Matrix, Vector, read_matrix, read_vector, take_points
from kubedoor_core.prometheus.store import Store

MAX_QUERY_BYTES = 100_000
"""A longer query is split; VictoriaMetrics takes 16 KiB unless it is told otherwise, and says so."""
MAX_ERROR_BYTES = 64 << 10
CONNECT_TIMEOUT_S = 10.0
GRACE_S = 5.0
"""Time for the store to say itself that a query took too long."""
AGAIN_S = 0.2
OK, BAD_GATEWAY = 200, 502
REDIRECTS = (301, 302, 303, 307, 308)

log = get_logger(__name__)

T = TypeVar("T")


class Prometheus:
    """Asks one store."""

    def __init__(self, session: aiohttp.ClientSession, store: Store) -> None:
        self._session = session
        self._store = store
        self._tls = store.tls()
        self._slots = asyncio.Semaphore(store.concurrency)

    async def instant(self, query: str, at: datetime) -> Vector:
        """Evaluate a query once; NaN and infinities are left out.

        :raises QueryTooHeavyError: a smaller one may pass.
        :raises PrometheusError: refused, partial, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        return await self._result("query", {"query": query, "time": f"{at.timestamp():.3f}"}, _vector)

    async def range(self, query: str, start: datetime, end: datetime, step_s: int) -> Matrix:
        """Evaluate a query at every step from start to end, both included and taken as whole seconds.

        :raises QueryTooHeavyError: a smaller one may pass.
        :raises PrometheusError: refused, partial, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        span = {"start": str(int(start.timestamp())), "end": str(int(end.timestamp())), "step": str(step_s)}
        return await self._result("query_range", {"query": query, **span}, _matrix)

    async def samples(self, query: str, at: datetime) -> Matrix:
        """Return the samples themselves that a range selector, `metric[5m]`, has up to an instant.

        :raises QueryTooHeavyError: a smaller one may pass.
        :raises PrometheusError: refused, partial, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        return await self._result("query", {"query": query, "time": f"{at.timestamp():.3f}"}, _matrix)

    async def _result(self, path: str, form: dict[str, str], read: Callable[[Answer], T]) -> T:
        async with self._slots:
            return await asyncio.to_thread(read, await self._ask(path, form))

    async def now(self) -> datetime:
        """Return the store's own time; never waits for other queries to end.

        :raises PrometheusError: refused, or no result.
        :raises PrometheusUnavailableError: not reached.
        """
        try:
            samples = _vector(await self._ask("query", {"query": "vector(time())"}))
        except QueryTooHeavyError as error:  # nothing is smaller: it can't do anything now
            raise PrometheusUnavailableError(str(error)) from error
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

    async def _ask(self, path: str, form: dict[str, str]) -> Answer:
        """Send a query, and once more where the connection broke: it changes nothing."""
        if (length := len(form["query"].encode())) > MAX_QUERY_BYTES:
            raise QueryTooHeavyError(f"the query has {length} bytes, more than {MAX_QUERY_BYTES}")
        with _own_errors():
            try:
                answer = await self._post(path, form)
            except TimeoutError:
                raise
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
                answer = None
            if answer is None or answer.status == BAD_GATEWAY:
                await asyncio.sleep(AGAIN_S)
                answer = await self._post(path, form)
            return answer

    async def _post(self, path: str, form: dict[str, str]) -> Answer:
        async with self._session.post(
            f"{self._store.url}/api/v1/{path}",
            data={**form, **self._store.parameters()},
            ssl=self._tls,
            allow_redirects=False,
        ) as response:
            body = await self._body(response)
            redirect = response.headers.get("Location") if response.status in REDIRECTS else None
            location = without_secrets(redirect) if redirect else ""
            return Answer(response.status, response.content_type, body, location)

    async def _body(self, response: aiohttp.ClientResponse) -> bytearray:
        body = bytearray()
        limit = self._store.max_answer_bytes if response.status == OK else MAX_ERROR_BYTES
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > limit:
                break
        if response.status == OK and len(body) > limit:
            raise QueryTooHeavyError(
                f"the answer is larger than {limit >> 20} MiB (KUBEDOOR_PROMETHEUS_MAX_ANSWER_MIB)"
            )
        return body


def _vector(answer: Answer) -> Vector:
    return read_vector(whole_result(answer))


def _matrix(answer: Answer) -> Matrix:
    rest, points = take_points(answer.body)
    result = whole_result(Answer(answer.status, answer.content_type, rest, answer.location))
    return read_matrix(result, points)


def without_secrets(location: str) -> str:
    """Return the address that a redirect leads to without what may be a secret: user, password and query."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return "an address that can't be read"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class _own_errors:  # noqa: N801 reads as a statement
    """Translates what aiohttp raises."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KubeDoorError):
            return
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            raise PrometheusUnavailableError("the store can't be reached: no connection in time") from error
        if isinstance(error, TimeoutError):
            raise PrometheusUnavailableError("the store gave no answer in time") from error
        reason = " ".join(str(error).split())[:300]
        if isinstance(error, aiohttp.ClientPayloadError):
            raise PrometheusUnavailableError(f"the store's answer broke off: {reason}") from error
        if isinstance(error, (aiohttp.ClientError, OSError, ValueError)):
            raise PrometheusUnavailableError(f"the store can't be reached: {reason}") from error


@asynccontextmanager
async def connect(store: Store) -> AsyncIterator[Prometheus]:
    """Open a pool of connections to a store; they are closed on leaving.

    :raises PrometheusUnavailableError: its certificates can't be read.
    """
    connector = aiohttp.TCPConnector(limit=store.concurrency + 2)
    timeout = aiohttp.ClientTimeout(total=store.timeout_s + GRACE_S, sock_connect=CONNECT_TIMEOUT_S)
    headers = {"User-Agent": "kubedoor", **store.request_headers()}
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, headers=headers) as session:
        yield Prometheus(session, store)


async def wait_until_up(prometheus: Prometheus, limit_s: float, poll_s: float = 1.0) -> None:
    """Wait until the store answers, saying what is missing meanwhile; after the limit go on without it."""
    trouble = Trouble(log, "prometheus.waiting")
    for _ in range(int(limit_s / poll_s)):
        try:
            await prometheus.now()
        except PrometheusUnavailableError as error:
            trouble.note(str(error))
            await asyncio.sleep(poll_s)
        except PrometheusError as error:
            log.warning("prometheus.refused", reason=str(error))
            return
        else:
            return
