"""CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

FORMULA = frozenset("=+-@\N{MINUS SIGN}")
"""What a formula begins with; wide and small forms of these count as them."""
QUOTES = "'\""
UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""Blanks, control and format characters: spreadsheets leave them out before they look."""
PART = re.compile(r"([;\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029])")
"""Where a cell or a line ends for a program that takes the file with other separators than ours."""


def _is_formula(part: str) -> bool:
    for character in part:
        if character not in QUOTES and unicodedata.category(character) not in UNSEEN:
            return unicodedata.normalize("NFKC", character)[0] in FORMULA
    return False


def _mark(part: str) -> str:
    return f"'{part}" if _is_formula(part) else part


def _unmark(part: str) -> str:
    return part[1:] if part.startswith("'") and _is_formula(part) else part


def _each_after_first(change: Callable[[str], str], text: str) -> str:
    first, *rest = PART.split(text)
    return "".join([first, *map(change, rest)])


def safe(value: object) -> object:
    """Keep a spreadsheet from taking text, or a part of it, for a formula: an apostrophe before it."""
    return _mark(_each_after_first(_mark, value)) if isinstance(value, str) else value


def unsafe(value: str) -> str:
    """Undo `safe`; other apostrophes stay."""
    return _each_after_first(_unmark, _unmark(value))


def render(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Render rows under a header; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if value is None else safe(value) for value in row])
    return out.getvalue()
