"""chDB connections in a thread pool: each set of settings keeps connections of its own."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chdb

Settings = tuple[tuple[str, str], ...]

DEFAULT_SETTINGS = {"max_threads": "1"}
"""Two cores serve the whole demo, and small statements are quickest on one thread."""


class EngineError(Exception):
    """What ClickHouse says of a statement, with its code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


@dataclass(frozen=True)
class Answer:
    """The bytes of a result and what the `X-ClickHouse-Summary` header tells of it."""

    body: bytes
    read_rows: int
    written_rows: int


class Engine:
    """Runs statements concurrently. Only one process may open a path."""

    def __init__(self, path: Path, workers: int = 8) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="chdb")
        self._idle: dict[tuple[str, Settings], list[Any]] = defaultdict(list)
        self._open: list[Any] = [chdb.connect(str(path))]  # keeps the engine up between statements

    async def run(
        self,
        statement: str,
        output_format: str,
        *,
        database: str,
        settings: Settings = (),
        parameters: dict[str, str] | None = None,
    ) -> Answer:
        """Run one statement.

        :raises EngineError: with ClickHouse's own text.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._pool, self._run, statement, output_format, database, settings, parameters or {}
        )

    def _run(
        self,
        statement: str,
        output_format: str,
        database: str,
        settings: Settings,
        parameters: dict[str, str],
    ) -> Answer:
        with self._connection(database, settings) as connection:
            result = _query(connection, statement, output_format, parameters)
            return Answer(bytes(result.bytes()), result.rows_read(), result.rows_written())

    @contextmanager
    def _connection(self, database: str, settings: Settings) -> Iterator[Any]:
        idle = self._idle[database, settings]
        connection = idle.pop() if idle else self._connect(database, settings)
        yield connection
        idle.append(connection)  # one that raised is dropped: its state is not known

    def _connect(self, database: str, settings: Settings) -> Any:  # noqa: ANN401 chDB has no types
        connection = chdb.connect(str(self._path))
        for name, value in {**DEFAULT_SETTINGS, **dict(settings)}.items():
            _query(connection, f"SET {_identifier(name)} = {_quote(value)}", "TSV", {})
        _query(connection, f"USE {_identifier(database)}", "TSV", {})
        self._open.append(connection)
        return connection

    def close(self) -> None:
        """Finish what runs, then close every connection."""
        self._pool.shutdown()
        for connection in self._open:
            connection.close()


def _query(connection: Any, statement: str, output_format: str, parameters: dict[str, str]) -> Any:  # noqa: ANN401
    try:
        return connection.query(statement, output_format, params=parameters)
    except RuntimeError as error:
        text = str(error)
        found = re.search(r"Code: (\d+)", text)
        raise EngineError(text, int(found.group(1)) if found else 0) from error


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise EngineError(f"Code: 62. DB::Exception: Bad identifier {name!r}. (SYNTAX_ERROR)", 62)
    return name


def _quote(value: str) -> str:
    return (
        value
        if re.fullmatch(r"-?\d+", value)
        else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    )
