"""What a handler leaves for the audit log: what stood before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class AuditContext:
    """Filled in by a handler; JSON.

    :ivar make_entry: builds the entry of a change that succeeds, as JSON, from what is here.
    :ivar is_logged: a commit was logged with the entry, which is written with the change, by nobody else.
    """

    before: str = ""
    after: str = ""
    make_entry: Callable[[], str] | None = None
    is_logged: bool = False

    def set(self, before: object, after: object) -> None:
        """Note both; None for nothing."""
        self.before, self.after = _json(before), _json(after)

    def entry(self) -> str:
        """Return the entry that goes with a commit; empty where nobody asked for one."""
        return self.make_entry() if self.make_entry else ""

    def logged(self) -> None:
        """Hear that the commit is logged, and the entry with it."""
        self.is_logged = self.make_entry is not None


def _json(value: Any) -> str:  # noqa: ANN401 models and plain values
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False)
