"""Copying JSON, several times faster than `copy.deepcopy`: objects are copied at every step."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


def copied(value: T) -> T:
    """Return a copy whose objects and arrays are its own."""
    made: Any = value
    if isinstance(value, dict):
        made = {key: copied(one) for key, one in value.items()}
    elif isinstance(value, list):
        made = [copied(one) for one in value]
    result: T = made
    return result
