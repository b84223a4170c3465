"""CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def safe(value: object) -> object:
    """Keep a spreadsheet from taking text for a formula: such a cell begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def unsafe(value: str) -> str:
    """Undo `safe`."""
    return value.removeprefix("'")


def render(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Render rows under a header; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if value is None else safe(value) for value in row])
    return out.getvalue()
