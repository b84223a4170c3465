"""The record of every call, named as RBAC names things, so that a test can hold a role against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Call:
    """One call. `resource` has its subresource (`deployments/scale`); `status` 0 is not answered."""

    method: str
    path: str
    query: str
    verb: str
    api_group: str
    resource: str
    namespace: str | None
    name: str
    user: str
    user_agent: str
    dry_run: bool = False
    status: int = 0

    def json(self) -> dict[str, Any]:
        """Return it as it is served."""
        return asdict(self)


@dataclass
class Calls:
    """All calls since the start, or since `clear`."""

    _calls: list[Call] = field(default_factory=list)

    def add(self, call: Call) -> None:
        """Record a call; its status is set when it is answered."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget all."""
        self._calls.clear()

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def of(self, **wanted: object) -> list[Call]:
        """Return the calls whose fields have these values: `of(verb="patch", namespace="shop")`."""
        return [
            call
            for call in self._calls
            if all(getattr(call, name) == value for name, value in wanted.items())
        ]

    def used(self) -> set[tuple[str, str, str]]:
        """Return which (api group, resource, verb) were asked for: what a role has to allow."""
        return {(call.api_group, call.resource, call.verb) for call in self._calls if call.resource}
