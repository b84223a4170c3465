"""Values for `{name:Type}` placeholders, which ClickHouse binds on its side.

An HTTP parameter `param_name` is read in the escaped TabSeparated notation, in which an array is a list of
quoted literals, each escaped once: https://clickhouse.com/docs/interfaces/http#cli-queries-with-parameters
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

Value = None | bool | int | float | str | date | datetime | Sequence[str] | Sequence[int] | Sequence[date]

_TSV = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})
_LITERAL = _TSV | str.maketrans({"'": "\\'"})


T = TypeVar("T")
AT_ONCE = 100
"""So many values of an array are asked for at once: they travel in the address, whose length is bounded."""


def in_parts(values: Sequence[T]) -> Iterator[list[T]]:
    """Yield the values of an array parameter as they are asked for, one statement after the other."""
    for first in range(0, len(values), AT_ONCE):
        yield list(values[first : first + AT_ONCE])


def timestamp(value: datetime) -> str:
    """Render an aware time in UTC with milliseconds, as a `DateTime64(3, 'UTC')` column reads it.

    :raises ValueError: for a time without a zone, which would be read in the server's.
    """
    if value.tzinfo is None:
        raise ValueError("a time without a zone is not stored")
    return value.astimezone(UTC).isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")


def _plain(value: str | float | date | datetime) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return timestamp(value)
    return str(value)


def _literal(value: str | float | date | datetime) -> str:
    if isinstance(value, (str, date)):
        return f"'{_plain(value).translate(_LITERAL)}'"
    return _plain(value)


def written(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as it is inserted: its times as ClickHouse reads them."""
    return {
        name: timestamp(value) if isinstance(value, datetime) else value for name, value in columns.items()
    }


def encode(value: Value) -> str:
    """Render one parameter's value."""
    if value is None:
        return "\\N"
    if isinstance(value, (str, int, float, date)):
        return _plain(value).translate(_TSV)
    return "[" + ",".join(_literal(item) for item in value) + "]"
