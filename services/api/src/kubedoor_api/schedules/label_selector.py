"""Kubernetes' label selectors (`tier in (web, api), !legacy`): read word by word, each character once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kubedoor_core.errors import BadValueError

BLANKS = " \t\r\n"
SYMBOLS = "(),!=<>"
DOUBLE = ("==", "!=")
LONGEST_NAME, LONGEST_PREFIX = 63, 253
NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
PREFIX = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
NUMBER = re.compile(r"-?[0-9]+")


@dataclass(frozen=True)
class _Token:
    """A symbol or a word, and where in the text it stands; empty at the end."""

    text: str
    start: int
    end: int


class NoRequirementError(BadValueError):
    """A part of a selector is no requirement.

    :param part: that part, without blanks around it.
    """

    def __init__(self, part: str) -> None:
        super().__init__(f"{part!r} is no label selector: tier=web, tier!=web, tier in (a, b), tier, !tier")
        self.part = part


def _tokens(text: str) -> Iterator[_Token]:
    start = 0
    while start < len(text):
        if text[start] in BLANKS:
            start += 1
            continue
        end = start + 1
        if text[start] in SYMBOLS:
            end += text[start : start + 2] in DOUBLE
        else:
            while end < len(text) and text[end] not in BLANKS + SYMBOLS:
                end += 1
        yield _Token(text[start:end], start, end)
        start = end


def _is_name(word: str) -> bool:
    return len(word) <= LONGEST_NAME and NAME.fullmatch(word) is not None


def _is_key(word: str) -> bool:
    prefix, slash, name = word.rpartition("/")
    good = not slash or (len(prefix) <= LONGEST_PREFIX and PREFIX.fullmatch(prefix) is not None)
    return good and _is_name(name)


class _Reader:
    """Takes a selector's tokens one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0

    @property
    def word(self) -> str:
        """The next token; empty at the end."""
        return self._tokens[self._next].text if self._next < len(self._tokens) else ""

    def take(self) -> str:
        """Return the next token and go on."""
        word = self.word
        self._next += 1
        return word

    def part_from(self, first: int) -> str:
        """Return the text from a token on, up to the comma after where reading stands."""
        rest = self._tokens[first:]
        behind = rest[self._next - first :]
        comma = next((token.start for token in behind if token.text == ","), len(self._text))
        return self._text[rest[0].start if rest else len(self._text) : comma].strip()

    def selector(self) -> None:
        """Read requirements with commas between them.

        :raises NoRequirementError: at the first that is none.
        """
        while True:
            first = self._next
            if not self._requirement() or self.word not in {"", ","}:
                raise NoRequirementError(self.part_from(first))
            if self.take() == "":
                return

    def _requirement(self) -> bool:
        if self.word == "!":
            self.take()
            return _is_key(self.take())
        if not _is_key(self.take()):
            return False
        if self.word in {"=", "==", "!="}:
            self.take()
            return self._value()
        if self.word in {"<", ">"}:
            self.take()
            return NUMBER.fullmatch(self.take()) is not None
        if self.word in {"in", "notin"}:
            self.take()
            return self._values()
        return True

    def _value(self) -> bool:
        return self.word in {"", ",", ")"} or _is_name(self.take())

    def _values(self) -> bool:
        separator = self.take()
        if separator != "(":
            return False
        while separator != ")":
            if not self._value():
                return False
            separator = self.take()
            if separator not in {",", ")"}:
                return False
        return True


def check_selector(text: str) -> None:
    """Make sure that a text is a label selector; an empty one means everything.

    :raises NoRequirementError: naming the requirement that is none.
    """
    if text:
        _Reader(text).selector()
