"""JSONPatch (RFC 6902) operations, as far as admission needs them: `add` sets and replaces alike."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NotRequired, TypedDict


class PatchOperation(TypedDict):
    """One operation of a patch."""

    op: str
    path: str
    value: NotRequired[Any]


@lru_cache(maxsize=1024)
def pointer(*parts: str | int) -> str:
    """Return an RFC 6901 pointer to a place in a document."""
    return "/".join(["", *map(_escape, parts)])


def _escape(part: str | int) -> str:
    text = str(part)
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def add(value: object, *parts: str | int) -> PatchOperation:
    """Set the value at a place whose parent exists."""
    return {"op": "add", "path": pointer(*parts), "value": value}


def remove(*parts: str | int) -> PatchOperation:
    """Take away what is at a place."""
    return {"op": "remove", "path": pointer(*parts)}
