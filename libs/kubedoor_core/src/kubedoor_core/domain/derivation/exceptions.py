"""Services whose requests follow another rule than the rest of their env. No numpy: every service reads it.

`shop/report-.*: own_peak lookback_days=5; data/.*: careful` are two exceptions; the first that matches holds.
Each names a preset, or what differs from the env's rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from kubedoor_core.domain.derivation.rules import PRESETS, REQUEST_RULES, Preset, Rule, presets_beside
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import Expression, expression

MAX_EXCEPTIONS = 50
WHOLE, PARTS = ("lookback_days", "own_peak_hours"), ("margin_pct", "hold_fall_pct", "memory_margin_pct")
NAMED = ("request_rule", "memory_rule")
Readers = Mapping[str, Callable[[object], object]]
"""What reads each part of a rule, and says by BadValueError what would be right."""


class RuleException(NamedTuple):
    """One exception.

    :ivar services: matches `namespace/name`.
    :ivar preset: whose values it starts from; None: those of the env's rule.
    :ivar differs: what is otherwise, by the names of a rule's fields.
    """

    services: Expression
    preset: Preset | None
    differs: tuple[tuple[str, object], ...]

    def over(self, rule: Rule) -> Rule:
        """Return the rule that holds for its services, where another is the env's."""
        base = presets_beside(rule)[self.preset] if self.preset else rule
        return replace(base, **dict(self.differs))  # type: ignore[arg-type]  # each was read as its field


@dataclass(frozen=True)
class RuleExceptions:
    """All exceptions of an env, in their order, and as they were written."""

    text: str = ""
    each: tuple[RuleException, ...] = ()

    def __str__(self) -> str:
        return self.text


NO_EXCEPTIONS = RuleExceptions()


class Ruling(NamedTuple):
    """The rule of one service, and the expression of the exception that says so; '' for the env's rule."""

    rule: Rule
    because: str = ""


@dataclass(frozen=True)
class RuleBook:
    """The rule of an env, and its exceptions."""

    rule: Rule
    exceptions: RuleExceptions = NO_EXCEPTIONS

    def ruling(self, service: ServiceKey) -> Ruling:
        """Return the rule that holds for a service, and why."""
        namespace, _, name = service
        for one in self.exceptions.each:
            if one.services.matches(f"{namespace}/{name}"):
                return Ruling(one.over(self.rule), one.services.text)
        return Ruling(self.rule)

    @property
    def every(self) -> tuple[Rule, ...]:
        """The env's rule, and that of each exception."""
        return (self.rule, *(one.over(self.rule) for one in self.exceptions.each))

    @property
    def lookback_days(self) -> int:
        """The most days that any of the rules looks back on."""
        return max(rule.lookback_days for rule in self.every)


def parse_exceptions(text: str, readers: Readers) -> RuleExceptions:
    """Read the notation above.

    :raises BadValueError: with the reason, and what would be right.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > MAX_EXCEPTIONS:
        raise BadValueError(f"at most {MAX_EXCEPTIONS} exceptions are possible, not {len(parts)}")
    return RuleExceptions(text.strip(), tuple(_exception(part, readers) for part in parts))


def _exception(text: str, readers: Readers) -> RuleException:
    services, colon, said = text.rpartition(":")
    words = said.split()
    if not colon or not services.strip() or not words:
        raise BadValueError(f"{text!r} is not SERVICES: RULE, such as shop/report-.*: own_peak margin_pct=10")
    preset: Preset | None = None
    if words[0] in PRESETS:
        preset, words = cast("Preset", words[0]), words[1:]
    return RuleException(
        expression(services.strip()), preset, tuple(_difference(word, text, readers) for word in words)
    )


def _difference(word: str, text: str, readers: Readers) -> tuple[str, object]:
    if word in REQUEST_RULES:
        return "request_rule", word
    name, equals, value = word.partition("=")
    if not equals or name not in (*WHOLE, *PARTS, *NAMED):
        raise BadValueError(
            f"{word!r} in {text!r} is neither a preset ({', '.join(PRESETS)}; it comes first), nor a rule"
            f" ({', '.join(REQUEST_RULES)}), nor one of {', '.join((*WHOLE, *PARTS, *NAMED))} with its value,"
            " such as margin_pct=10"
        )
    read = readers[name](_number(value) if name not in NAMED else value)
    return name, float(cast("float", read)) if name in PARTS else read


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
