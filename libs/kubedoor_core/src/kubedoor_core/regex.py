"""Regular expressions that people enter: RE2, as Prometheus and ClickHouse take them.

Python's `re` backtracks: nested repeats over a name of 30 letters stop a process for half a minute. RE2's
time grows with the text and no more, and what the collector asks Prometheus for by an expression is what is
governed by it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from kubedoor_core.errors import BadValueError

MAX_CHARS = 2000
MAX_MEMORY_BYTES = 1 << 20
"""Of one compiled expression; RE2's own limit, eight times this, lets one take milliseconds for each name."""
REMEMBERED_NAMES = 4096
REMEMBERED_CHARS = 253
"""The longest name in Kubernetes; what is longer is matched anew each time."""

_LACKS = (
    (
        re.compile(r"\(\?<?[=!]"),
        "look-ahead and look-behind, instead say what to leave out in namespaces_excluded",
    ),
    (re.compile(r"\\[1-9]|\(\?P="), "back-references, instead write out what is to repeat"),
)
"""What others have and RE2 has not, and the way round it."""


class Expression:
    """A compiled expression; it matches a name whole or not at all, as Prometheus' `=~` does."""

    __slots__ = ("_compiled", "_known", "text")

    def __init__(self, text: str) -> None:
        """Compile it.

        :raises BadValueError: for a text that RE2 does not take; it says why and what to write instead.
        """
        if len(text) > MAX_CHARS:
            raise BadValueError(f"is a regular expression of more than {MAX_CHARS} characters")
        self.text = text
        self._compiled = _compile(text)
        self._known: dict[str, bool] = {}

    def __repr__(self) -> str:
        """Show the text."""
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        """Two of the same text match the same."""
        return isinstance(other, Expression) and self.text == other.text

    def __hash__(self) -> int:
        """Go by the text."""
        return hash(self.text)

    def matches(self, name: str) -> bool:
        """Tell whether it matches the whole name; names are remembered, so asking again is a look-up."""
        found = self._known.get(name)
        if found is None:
            found = self._match(name)
            if len(name) <= REMEMBERED_CHARS:
                if len(self._known) >= REMEMBERED_NAMES:
                    self._known.clear()
                self._known[name] = found
        return found

    def _match(self, name: str) -> bool:
        try:
            return self._compiled.fullmatch(name) is not None
        except UnicodeEncodeError:  # half of a surrogate pair is no character
            return False


def _compile(text: str) -> Any:  # noqa: ANN401 re2 is published without types
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY_BYTES
    try:
        return re2.compile(text, options)
    except UnicodeEncodeError as error:
        raise BadValueError("is not a regular expression: it has half of a surrogate pair") from error
    except re2.error as error:
        raise BadValueError(f"is not a regular expression (RE2): {_reason(text, error)}") from error


def _reason(text: str, error: Exception) -> str:
    """Say what RE2 says, and what to write instead where it lacks something that others have."""
    first = error.args[0] if error.args else ""
    said = first.decode(errors="replace") if isinstance(first, bytes) else str(first)
    lacks = [what for lacking, what in _LACKS if lacking.search(text)]
    return f"{said}; RE2 has no {'; no '.join(lacks)}" if lacks else said


@lru_cache(maxsize=512)
def expression(text: str) -> Expression:
    """Return the expression of a text, compiled once.

    :raises BadValueError: as `Expression` does.
    """
    return Expression(text)
