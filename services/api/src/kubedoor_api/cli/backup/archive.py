"""The file of a back-up: gzip of JSON lines, the last of which tells the number of rows and their digest."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from kubedoor_core.errors import BadValueError

FORMAT = "kubedoor-backup"
VERSION = 1

Row = dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """What a file holds.

    :ivar schema: number of the last migration of the database that it was made from.
    :ivar sha256: digest of every line but the last.
    """

    made_at: str
    schema: int
    rows: dict[str, int]
    sha256: str


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Archive:
    """Writes a file beside its place and moves it there when it is whole; nobody else may read it."""

    def __init__(self, path: Path, made_at: str, schema: int) -> None:
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._made_at, self._schema = made_at, schema
        self._digest, self._rows = hashlib.sha256(), Counter[str]()

    def __enter__(self) -> Archive:
        descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._raw = os.fdopen(descriptor, "wb")
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", mtime=0)
        self._write({"format": FORMAT, "version": VERSION, "made_at": self._made_at, "schema": self._schema})
        return self

    def _write(self, value: object) -> None:
        line = _line(value)
        self._digest.update(line)
        self._file.write(line)

    def add(self, table: str, row: Row) -> None:
        """Write one row."""
        self._write({"table": table, "row": row})
        self._rows[table] += 1

    @property
    def summary(self) -> Summary:
        """What has been written."""
        return Summary(self._made_at, self._schema, dict(self._rows), self._digest.hexdigest())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._file.write(_line({"rows": dict(self._rows), "sha256": self._digest.hexdigest()}))
        self._file.close()
        if error is None:
            self._raw.flush()
            os.fsync(self._raw.fileno())
        self._raw.close()
        if error is None:
            self._part.replace(self._path)
        else:
            self._part.unlink()


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise BadValueError(f"{path} is cut off: take another copy of it") from error
    except gzip.BadGzipFile as error:
        raise BadValueError(f"{path} is no back-up of KubeDoor, or was altered: {error}") from error
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise BadValueError(f"{path} was altered, or is no back-up of KubeDoor: {error!r}") from error
    except OSError as error:
        raise BadValueError(f"{path} can't be read: {error.strerror}") from error


def check(path: Path) -> Summary:
    """Read a whole file and return what it holds.

    :raises BadValueError: where it is cut off, altered, or no back-up.
    """
    digest, rows = hashlib.sha256(), Counter[str]()
    with _readable(path), gzip.open(path, "rb") as file:
        held = file.readline()
        head = json.loads(held)
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise BadValueError(f"{path} is no back-up of KubeDoor")
        if head.get("version") != VERSION:
            raise BadValueError(f"{path} was made by a later KubeDoor: restore it with that one")
        for line in file:
            digest.update(held)
            if held.startswith(b'{"table":'):
                rows[json.loads(held)["table"]] += 1
            held = line
        foot = json.loads(held)
        if "sha256" not in foot:
            raise EOFError
        if foot != {"rows": dict(rows), "sha256": digest.hexdigest()}:
            raise BadValueError(
                f"{path} was altered: its rows don't have the digest that its last line tells"
            )
        return Summary(head["made_at"], int(head["schema"]), dict(rows), digest.hexdigest())


def rows_of(path: Path, table: str) -> Iterator[Row]:
    """Yield the rows of one table of a file that has been checked."""
    with gzip.open(path, "rb") as file:
        for line in file:
            value = json.loads(line)
            if value.get("table") == table:
                yield value["row"]
