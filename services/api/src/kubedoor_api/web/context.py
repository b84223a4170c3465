"""What every handler may use: the parts that live as long as the app, each found by its type."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


class Context:
    """Built once, by the app factory; a part is also found by each class that it derives from."""

    def __init__(self, *parts: object) -> None:
        self._parts: dict[type, Any] = {base: part for part in parts for base in type(part).__mro__[:-1]}

    def __getitem__(self, kind: type[T]) -> T:
        """Return the part of a type.

        :raises KeyError: the app was built without it.
        """
        part: T = self._parts[kind]
        return part

    def having(self, *parts: object) -> Context:
        """Return a context in which parts stand in the place of those of their types."""
        return Context(*self._parts.values(), *parts)
