"""What a model may answer: the schemas that it is sent, and how its text is read and held to them."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, NoReturn, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

Json = dict[str, Any]

Level = Literal["low", "medium", "high"]
Watch = Literal["cpu", "memory", "latency", "errors", "gc", "restarts"]
Check = Literal[
    "logs",
    "previous_logs",
    "threads",
    "heap_info",
    "histogram",
    "compare_revisions",
    "node",
    "traffic",
    "rollback",
    "raise_memory_limit",
    "isolate",
]


class _Answer(BaseModel):
    """What is beyond the schema is left out: it means nothing to us."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Reason(_Answer):
    """A sentence, and the facts that it relies on."""

    text: str
    facts: list[str]


class Cause(Reason):
    """A reason with how likely it is."""

    likelihood: Level


class Explanation(_Answer):
    """Why a score is what it is."""

    headline: str
    causes: list[Cause]
    unknown: list[str]


class Narrative(Explanation):
    """What may be behind a problem, and where to look."""

    checks: list[Check]


class Review(_Answer):
    """A second opinion on a count of pods."""

    agree: bool
    replicas: int | None
    risk: Level
    reasons: list[Reason]
    watch: list[Watch]


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_TEXT: Json = {"type": "string"}
_TEXTS = _list(_TEXT)
_LEVEL: Json = {"type": "string", "enum": list(get_args(Level))}
_CAUSES = _list(_object(text=_TEXT, facts=_TEXTS, likelihood=_LEVEL))

# Lengths and ranges are checked here, not in the schemas: strict modes of several servers refuse them.
EXPLANATION = _object(headline=_TEXT, causes=_CAUSES, unknown=_TEXTS)
NARRATIVE = _object(
    headline=_TEXT,
    causes=_CAUSES,
    checks=_list({"type": "string", "enum": list(get_args(Check))}),
    unknown=_TEXTS,
)
REVIEW = _object(
    agree={"type": "boolean"},
    replicas={"type": ["integer", "null"]},
    risk=_LEVEL,
    reasons=_list(_object(text=_TEXT, facts=_TEXTS)),
    watch=_list({"type": "string", "enum": list(get_args(Watch))}),
)


A = TypeVar("A", bound=BaseModel)

MAX_CHARS = 40_000
"""Of an answer's text that is read at all."""
MAX_TRIES = 50
MAX_COMPLAINTS = 5
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)


class InvalidAnswerError(Exception):
    """An answer is not what was asked for; the message is for the model, and quotes nothing of it."""


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_constant)


def object_in(text: str) -> dict[str, object]:
    """Return the one balanced object of a text: in a fence, behind thoughts or between words.

    :raises InvalidAnswerError: there is none, or several.
    """
    text = _THOUGHTS.sub("", text[:MAX_CHARS])
    found: list[dict[str, object]] = []
    at = text.find("{")
    for _ in range(MAX_TRIES):
        if at < 0:
            break
        try:
            value, end = _DECODER.raw_decode(text, at)
            found.append(value)
        except (ValueError, RecursionError):
            end = at + 1
        at = text.find("{", end)
    if not found:
        raise InvalidAnswerError("It holds no JSON object.")
    if any(one != found[0] for one in found):
        raise InvalidAnswerError("It holds several JSON objects.")
    return found[0]


def read_answer(text: str, shape: type[A], *, cut_off: bool = False) -> A:
    """Return a model's answer.

    :param cut_off: its server says that it ended before its end.

    :raises InvalidAnswerError: with what is wrong, field by field.
    """
    if cut_off:
        raise InvalidAnswerError("It was cut off: be shorter.")
    try:
        return shape.model_validate(object_in(text))
    except ValidationError as error:
        places = [
            f"`{'.'.join(map(str, one['loc']))}`: {one['type']}"
            for one in error.errors(include_input=False, include_context=False, include_url=False)
        ]
        raise InvalidAnswerError("; ".join(places[:MAX_COMPLAINTS]) + ".") from error
