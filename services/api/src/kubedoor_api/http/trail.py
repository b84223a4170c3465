"""What an operation leaves for the audit: what stood before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass
class Trail:
    """Filled in by a handler; JSON."""

    before: str = ""
    after: str = ""

    def set(self, before: object, after: object) -> None:
        """Note both; None for nothing."""
        self.before, self.after = _json(before), _json(after)


def _json(value: Any) -> str:  # noqa: ANN401 models and plain values
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False)
