"""Lines of a log out of the bytes that come, however they are cut. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_LINE_BYTES = 16 << 10
"""A longer line is shown in several pieces."""
STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ")


class Line(NamedTuple):
    """A line, or a piece of a long one.

    :ivar at: when it was written, as Kubernetes says it; empty where that is not told.
    :ivar continued: it goes on with the line before it.
    """

    at: str
    text: str
    continued: bool = False


class LineSplitter:
    """Puts chunks of bytes together to lines."""

    def __init__(self) -> None:
        self._rest = b""
        self._at = ""
        self._continued = False

    def add(self, chunk: bytes) -> list[Line]:
        """Return the lines that are whole now, and the full pieces of one that is not."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        lines = [line for text in whole for line in self._line(text, ends=True)]
        if len(self._rest) > MAX_LINE_BYTES:
            lines += self._line(self._rest, ends=False)
            self._rest = b""
        return lines

    def end(self) -> list[Line]:
        """Return what is left, which no line break ends."""
        return self._line(self._rest, ends=True) if self._rest else []

    def _line(self, text: bytes, *, ends: bool) -> list[Line]:
        found = None if self._continued else STAMP.match(text)
        if found:
            self._at, text = found[1].decode(), text[found.end() :]
        pieces = [text[i : i + MAX_LINE_BYTES] for i in range(0, max(1, len(text)), MAX_LINE_BYTES)]
        lines = [
            Line(self._at, piece.decode("utf-8", "replace"), continued=self._continued or number > 0)
            for number, piece in enumerate(pieces)
        ]
        self._continued = not ends
        if ends:
            self._at = ""
        return lines
