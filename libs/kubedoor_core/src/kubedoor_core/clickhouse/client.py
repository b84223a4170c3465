"""A thin shell over aiochclient: server-side parameters, whole answers, our own errors."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeVar

import aiohttp
import orjson
from aiochclient import ChClient, ChClientError
from pydantic import TypeAdapter
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_chain, wait_fixed

from kubedoor_core.clickhouse.conditions import IN_A_MOMENT, failure
from kubedoor_core.clickhouse.parameters import Value, encode
from kubedoor_core.clickhouse.replication import reading, writing
from kubedoor_core.errors import ClickHouseError, ClickHouseUnavailableError
from kubedoor_core.logs import Trouble, get_logger
from kubedoor_core.settings import Settings

Row = dict[str, Any]

KEEPALIVE_S = 2.0
"""Below ClickHouse's 3 s, so that a POST never meets a socket that the server has just closed."""

MOST_CONNECTIONS = 32
CONNECT_S = 5.0
"""Seconds that ClickHouse may take to accept a connection; the wait for a free one of ours is none of it."""

NO_CONNECTION = f"it did not accept a connection within {CONNECT_S:g} s, twice"

OUTPUT_SETTINGS = {
    # ClickHouse may fail after it has answered 200; with this it answers only when it is through.
    "wait_end_of_query": "1",
    "output_format_json_quote_64bit_integers": "0",
    "date_time_output_format": "iso",
}

AGAIN_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Pauses before a replica is asked again that lags behind."""

UNKNOWN_NAME = (60, 81)
"""ClickHouse's codes for a table and a database that are not there."""
NO_SCHEMA = (
    "the schema is not there: the migration (python -m kubedoor_core.migrate, the chart's Job) has not run"
    " yet or has failed"
)
log = get_logger(__name__)

T = TypeVar("T")


class _Client(ChClient):  # type: ignore[misc]  # aiochclient has no types
    """Reads each statement once: which kind it is takes aiochclient's parser some milliseconds of Python."""

    _parse_squery = staticmethod(lru_cache(maxsize=256)(ChClient._parse_squery))


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _reader(shape: type[T]) -> Callable[[object], T]:
    """Return what makes a value of a type, built once."""
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape].validate_python


class ClickHouse:
    """Statements with bound parameters, rows as dictionaries."""

    def __init__(
        self, session: aiohttp.ClientSession, settings: Settings, database: str | None = None
    ) -> None:
        self._session = session
        self._settings = settings
        self._url = settings.clickhouse_url + "/"
        self._credentials = {
            "user": settings.clickhouse_user,
            "password": settings.clickhouse_password.get_secret_value(),
        }
        self.database = database or settings.clickhouse_database

    def in_database(self, database: str) -> ClickHouse:
        """Return the same connection with another default database."""
        return ClickHouse(self._session, self._settings, database)

    def _client(self, parameters: Mapping[str, Value], options: Mapping[str, str]) -> ChClient:
        """Bind the parameters: aiochclient sends whatever settings it is built with in the URL."""
        bound = {f"param_{name}": encode(value) for name, value in parameters.items()}
        every = {
            "database": self.database,
            **self._credentials,
            **OUTPUT_SETTINGS,
            **options,
            **bound,
        }
        return _Client(self._session, url=self._url, json=orjson, **every)

    async def fetch(self, statement: str, **parameters: Value) -> list[Row]:
        """Return every row of a SELECT.

        :raises ClickHouseError: the statement was refused.
        :raises ClickHouseUnavailableError: ClickHouse could not be asked.
        """

        async def ask() -> list[Row]:
            with _own_errors():
                options = reading(self._settings.clickhouse_cluster)
                rows = await self._client(parameters, options).fetch(statement, json=True, decode=False)
                return [dict(row) for row in rows]

        return await _retried(ask)

    async def iterate(self, statement: str, **parameters: Value) -> AsyncIterator[Row]:
        """Yield the rows of a SELECT as they come; more than a few are never held at once.

        :raises ClickHouseError: the statement was refused.
        :raises ClickHouseUnavailableError: ClickHouse could not be asked.
        """

        async def begin() -> tuple[AsyncGenerator[Row, None], Row | None]:
            """Ask, and take the first row: a replica that lags says so before it."""
            options = reading(self._settings.clickhouse_cluster)
            rows = self._client(parameters, options).iterate(statement, json=True, decode=False)
            with _own_errors():
                return rows, await anext(rows, None)

        rows, first = await _retried(begin)
        async with contextlib.aclosing(rows):
            if first is None:
                return
            yield first
            with _own_errors():
                async for row in rows:
                    yield row

    async def fetch_one(self, statement: str, **parameters: Value) -> Row | None:
        """Return the first row, or None."""
        rows = await self.fetch(statement, **parameters)
        return rows[0] if rows else None

    async def fetch_as(self, shape: type[T], statement: str, **parameters: Value) -> list[T]:
        """Return all rows as values of a type whose fields are the columns: a NamedTuple or a model."""
        read = _reader(shape)
        return [read(row) for row in await self.fetch(statement, **parameters)]

    async def fetch_one_as(self, shape: type[T], statement: str, **parameters: Value) -> T | None:
        """Return the first row as a value of a type, or None."""
        row = await self.fetch_one(statement, **parameters)
        return None if row is None else _reader(shape)(row)

    async def execute(self, statement: str, **parameters: Value) -> None:
        """Run a statement that returns nothing."""
        with _own_errors():
            await self._client(parameters, {}).execute(statement)

    async def insert(
        self,
        table: str,
        rows: Sequence[Mapping[str, Any] | orjson.Fragment],
        *,
        once: str = "",
        again: bool = False,
    ) -> None:
        """Insert rows (or such as are rendered already) as one block: a reader sees all of them or none.

        One INSERT is one part, and so atomic, while its rows are of one partition and fewer than
        `max_insert_block_size` (1,048,449).

        :param once: a token that a table with a deduplication window takes once: of several inserts
            that bear it, the first counts and the others are dropped without an error.
        :param again: also where the rows equal those of an earlier INSERT: a replicated table drops
            such a block without an error, even if its rows have been deleted since.
        """
        if not rows:
            return
        options = {
            "async_insert": "0",
            "input_format_parallel_parsing": "0",
            "max_insert_threads": "1",
            **writing(self._settings.clickhouse_cluster, table),
            **({"insert_deduplicate": "0"} if again else {}),
        }
        if not re.fullmatch(r"[\w:.-]*", once):
            raise ValueError(f"{once!r} is not a token")
        settings = f"SETTINGS insert_deduplication_token = '{once}'" if once else ""

        async def send() -> None:
            with _own_errors():
                await self._client({}, options).execute(
                    f"INSERT INTO {table} {settings} FORMAT JSONEachRow", *rows
                )

        await _retried(send)

    async def ping(self) -> str | None:
        """Return None when the schema can be read, else why not."""
        try:
            await self.fetch("SELECT 1 FROM schema_migration LIMIT 1")
        except ClickHouseError as error:
            return NO_SCHEMA if error.code in UNKNOWN_NAME else str(error)
        except ClickHouseUnavailableError as error:
            return str(error)
        return None


@retry(
    retry=retry_if_exception(
        lambda error: isinstance(error, ClickHouseUnavailableError) and error.code in IN_A_MOMENT
    ),
    wait=wait_chain(*map(wait_fixed, AGAIN_S)),
    stop=stop_after_attempt(len(AGAIN_S) + 1),
    reraise=True,
)
async def _retried(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again where a replica only needs a moment to catch up: on one server never."""
    return await ask()


class _own_errors:  # noqa: N801 reads as a statement
    """Translates what aiochclient and aiohttp raise."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ChClientError):
            raise failure(str(error)) from error
        if isinstance(error, aiohttp.ConnectionTimeoutError):  # its own words hold the whole address
            raise ClickHouseUnavailableError(f"ClickHouse can't be reached: {NO_CONNECTION}") from error
        if isinstance(error, (aiohttp.ClientError, asyncio.TimeoutError, OSError, UnicodeError)):
            reason = str(error) or "no answer in time"
            raise ClickHouseUnavailableError(f"ClickHouse can't be reached: {reason}") from error
        if isinstance(error, (ValueError, AssertionError)):  # aiochclient asserts a whole last line
            raise ClickHouseUnavailableError(f"ClickHouse sent an invalid response: {error}") from error


async def _connected_at_second_try(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Connect once more where no connection came about in time: nothing has been sent yet.

    It may be we who had no time: a loop that was busy for `CONNECT_S` finds the limit passed before it sees
    that the connection is there.
    """
    try:
        return await send(request)
    except aiohttp.ConnectionTimeoutError:
        return await send(request)


@asynccontextmanager
async def connect(settings: Settings, timeout_s: float = 60.0) -> AsyncIterator[ClickHouse]:
    """Open a pool of connections; they are closed on leaving."""
    connector = aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_S, limit=MOST_CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_S)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, middlewares=(_connected_at_second_try,)
    ) as session:
        yield ClickHouse(session, settings)


async def wait_until_up(clickhouse: ClickHouse, poll_s: float = 1.0) -> None:
    """Wait until ClickHouse answers and the schema is there, saying what is missing meanwhile."""
    trouble = Trouble(log, "clickhouse.waiting")
    while (reason := await clickhouse.ping()) is not None:
        trouble.note(reason)
        await asyncio.sleep(poll_s)
