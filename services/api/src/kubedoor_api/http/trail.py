"""What an operation leaves for the audit: what stood before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from kubedoor_api.audit.entry import Entry


@dataclass
class Trail:
    """Filled in by a handler; JSON.

    :ivar make: builds the entry of a change that succeeds from what is here.
    :ivar made: the entry that a commit was logged with: it is written with the change, by nobody else.
    """

    before: str = ""
    after: str = ""
    make: Callable[[], Entry] | None = None
    made: Entry | None = None
    is_logged: bool = False

    def set(self, before: object, after: object) -> None:
        """Note both; None for nothing."""
        self.before, self.after = _json(before), _json(after)

    def entry(self) -> str:
        """Return the entry that goes with a commit; empty where nobody asked for one."""
        self.made = self.make() if self.make else None
        return self.made.json() if self.made else ""

    def logged(self) -> None:
        """Hear that the commit is logged, and the entry with it."""
        self.is_logged = self.made is not None


def _json(value: Any) -> str:  # noqa: ANN401 models and plain values
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False)
