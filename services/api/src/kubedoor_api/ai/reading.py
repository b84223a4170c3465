"""Finds the one JSON object in what a model wrote, and holds it to its type: pure, and never surprised."""

from __future__ import annotations

import json
import re
from typing import NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

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
