"""One question as values, and the canonical JSON that is made of it: bounded, redacted, without names."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from kubedoor_api.ai.redaction import Aliases, Name, Redaction

Language = Literal["en", "zh-CN"]
Share = Literal["numbers", "names", "names_and_logs"]
Plain = None | bool | int | float | str | Name
Value = Plain | Sequence["Value"] | Mapping[str, "Value"]
Facts = Mapping[str, Value]

DIGITS = 2
MAX_LINES, MAX_LINE_CHARS = 40, 200


@dataclass(frozen=True)
class Question:
    """What a task is asked about one service.

    :ivar about: what the answer is held to, exactly: bounds, a score, a finding.
    :ivar facts: each with an `id`; the most important first.
    :ivar changes: what people and controllers changed before, each with an `id`.
    :ivar lines: text written by programs: log lines, messages of events; leaves only with `names_and_logs`.
    """

    about: Facts
    facts: Sequence[Facts] = ()
    changes: Sequence[Facts] = ()
    lines: Sequence[str] = ()

    @property
    def ids(self) -> frozenset[str]:
        """What an answer may cite."""
        return frozenset(str(one["id"]) for one in (*self.facts, *self.changes))


class Keys(NamedTuple):
    """What a task calls the parts of its question."""

    about: str = "bounds"
    facts: str = "facts"


@dataclass(frozen=True)
class Message:
    """What leaves.

    :ivar text: canonical JSON.
    :ivar names: the names by what stands for them in the text.
    :ivar left_out: facts, changes and lines that it has no room for.
    :ivar ids: of the facts and changes that are in it.
    """

    text: str
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: int = 0
    ids: frozenset[str] = frozenset()


def rounded(number: float, digits: int = DIGITS) -> int | float | None:
    """Return a number with two significant digits; None for one that JSON does not have."""
    if not math.isfinite(number):
        return None
    short = float(f"{number:.{digits}g}")
    return int(short) if short.is_integer() else short


def templates(lines: Sequence[str], redact: Redaction) -> list[dict[str, object]]:
    """Return each kind of line once, with how often it came: the most frequent first, so many and so long."""
    found: dict[str, tuple[str, int]] = {}
    for line in lines:
        clean = " ".join(redact(line).split())
        # All words with a digit are the same.
        kind = re.sub(
            r"\w+", lambda word: "#" if any(map(str.isdigit, word.group())) else word.group(), clean
        )
        first, count = found.get(kind, (clean, 0))
        found[kind] = (first, count + 1)
    frequent = sorted(found.values(), key=lambda one: -one[1])[:MAX_LINES]
    return [{"text": text[:MAX_LINE_CHARS], "times": count} for text, count in frequent if text]


class _Encoder:
    """Turns a question's values into those of its message."""

    def __init__(self, share: Share) -> None:
        self.aliases = Aliases(hidden=share == "numbers")
        self.redact = Redaction()

    def plain(self, value: Value, *, exact: bool = False) -> object:
        if isinstance(value, Name):
            return self.redact(self.aliases.of(value))
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, Mapping):
            return {name: self.plain(one, exact=exact) for name, one in value.items()}
        if isinstance(value, Sequence):
            return [self.plain(one, exact=exact) for one in value]
        if value is None or isinstance(value, bool):
            return value
        return rounded(value, 15 if exact else DIGITS)


def canonical(value: object) -> str:
    """Return JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def message_of(
    question: Question,
    head: Mapping[str, object],
    *,
    share: Share,
    max_chars: int,
    keys: Keys = Keys(),  # noqa: B008 frozen
) -> Message:
    """Return the message of a question; what has no room is left out: lines first, then changes, then facts.

    :param head: what stands beside the question: task, version, language.
    :raises ValueError: not even one fact has room.
    """
    encoder = _Encoder(share)
    lines = question.lines if share == "names_and_logs" else ()
    parts: dict[str, list[object]] = {
        keys.facts: [encoder.plain(one) for one in question.facts],
        "changes": [encoder.plain(one) for one in question.changes],
        "data": list(templates(lines, encoder.redact)),
    }
    about, left_out = encoder.plain(question.about, exact=True), 0
    while len(text := canonical({**head, keys.about: about, **parts})) > max_chars:
        longest = next((parts[name] for name in ("data", "changes", keys.facts) if parts[name]), None)
        if longest is None or (longest is parts[keys.facts] and len(longest) == 1):
            raise ValueError(f"the question does not fit into {max_chars} characters")
        longest.pop()
        left_out += 1
    kept = len(parts[keys.facts]), len(parts["changes"])
    ids = [str(one["id"]) for one in (*question.facts[: kept[0]], *question.changes[: kept[1]])]
    return Message(text, encoder.aliases.given, left_out, frozenset(ids))
