"""Rules by which the team is told of what Kubernetes tells of its objects. Pure.

`type=Warning namespace=prod-.* reason=BackOff|Failed.* count=5 in=10m mention=@here; kind=Node reason=.*`
are two rules. What a rule does not name may be anything; without `count` the first event is enough. `mention`
is the last of its rule, and goes into the message as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import Expression, expression

MAX_RULES = 50
MAX_COUNT = 1000
MAX_MINUTES = 60
DEFAULT_MINUTES = 10
EventType = Literal["Warning", "Normal"]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
ANY_TYPE: tuple[EventType | Literal[""], ...] = ("", *EVENT_TYPES)
NAMES = ("reason", "kind", "namespace", "name")
"""What expressions (RE2) are of, each matching whole: of the object; a name may also be its service's."""
EVENT_RULES_TEXT = (
    "Of which events of Kubernetes the team is told, once for each subject and hour, whatever kinds are"
    " chosen: rules such as `type=Warning namespace=prod-.* reason=BackOff count=5 in=10m mention=@here`,"
    " separated by `;`. Expressions (RE2) of reason, kind, namespace and name; empty: none. It takes"
    " `events.keep` of the chart"
)
_MINUTES = re.compile(r"(\d{1,4})m")
_MENTION = re.compile(r"(?:^|\s)mention=(.*)$")
ANYTHING = Expression(".*")


class Told(NamedTuple):
    """What a rule looks at of an event.

    :ivar names: the object's, and its service's where that is known.
    """

    type: str
    reason: str
    kind: str
    namespace: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class EventRule:
    """One rule.

    :ivar text: as it was written, by which it is known.
    :ivar count: how often something has to happen within `minutes`.
    :ivar mention: whom the chat is to call, in its own notation.
    """

    text: str
    type: EventType | Literal[""] = ""
    reason: Expression = ANYTHING
    kind: Expression = ANYTHING
    namespace: Expression = ANYTHING
    name: Expression = ANYTHING
    count: int = 1
    minutes: int = DEFAULT_MINUTES
    mention: str = ""

    def matches(self, told: Told) -> bool:
        """Tell whether an event is of those that the rule counts."""
        return (
            self.type in ("", told.type)
            and self.reason.matches(told.reason)
            and self.kind.matches(told.kind)
            and self.namespace.matches(told.namespace)
            and any(self.name.matches(name) for name in told.names)
        )


@dataclass(frozen=True)
class EventRules:
    """All rules of an env, and as they were written."""

    text: str = ""
    each: tuple[EventRule, ...] = ()

    def __str__(self) -> str:
        return self.text


def parse_event_rules(text: str) -> EventRules:
    """Read the notation above.

    :raises BadValueError: with the reason, and what would be right.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > MAX_RULES:
        raise BadValueError(f"at most {MAX_RULES} rules are possible, not {len(parts)}")
    return EventRules(text.strip(), tuple(map(_rule, parts)))


def _rule(text: str) -> EventRule:
    found = _MENTION.search(text)
    mention, rest = (found[1].strip(), text[: found.start()]) if found else ("", text)
    values = dict[str, str]()
    for word in rest.split():
        name, equals, value = word.partition("=")
        if not equals or not value or name not in (*NAMES, "type", "count", "in"):
            raise BadValueError(
                f"{word!r} in {text!r} is none of type, {', '.join(NAMES)}, count, in and mention with its"
                " value, such as reason=BackOff count=5 in=10m"
            )
        values[name] = value
    if not values:
        raise BadValueError(f"{text!r} names no event: say at least type=Warning or a reason")
    return EventRule(
        text=text,
        type=_type(values.get("type", "")),
        count=_whole(values.get("count", "1"), "count", MAX_COUNT),
        minutes=_minutes(values.get("in", f"{DEFAULT_MINUTES}m")),
        mention=mention,
        **{name: expression(values[name]) for name in NAMES if name in values},
    )


def _type(text: str) -> EventType | Literal[""]:
    for known in ANY_TYPE:
        if text == known:
            return known
    raise BadValueError(f"a type is {' or '.join(EVENT_TYPES)}, not {text!r}")


def _minutes(text: str) -> int:
    found = _MINUTES.fullmatch(text)
    if found is None:
        raise BadValueError(f"{text!r} is no time in minutes, such as 10m")
    return _whole(found[1], "in", MAX_MINUTES)


def _whole(text: str, name: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= most:
        raise BadValueError(f"{name} is a whole number from 1 to {most}, not {text!r}")
    return int(text)
