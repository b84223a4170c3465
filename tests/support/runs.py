"""Rows of `collection_run`, as a collector writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from support.api import ENV

LeftOut = tuple[str, str, str, str, int]
"""Date, reason, namespace, name and count."""


def run_row(dates: Sequence[str], **values: Any) -> dict[str, Any]:
    """A run of some dates; a daily one that went well where nothing else is said."""
    return {
        "id": "run-1",
        "request_id": "",
        "env": ENV,
        "trigger": "request" if values.get("request_id") else "daily",
        "state": "succeeded",
        "dates": list(dates),
        "day_index": len(dates),
        "day_count": len(dates),
        "services_seen": 1,
        "errors.date": [],
        "errors.reason": [],
        "collector": "c",
        "started_at": "2026-11-20 10:00:00.000",
        "heartbeat_at": "2026-11-20 10:00:05.000",
        "version": 1,
        "updated_at": "2026-11-20 10:00:05.000",
        "updated_by": "collector",
        **values,
    }


def left_out(*found: LeftOut) -> dict[str, list[Any]]:
    """The columns that tell what was left out."""
    names = ("date", "reason", "namespace", "name", "count")
    return {f"left_out.{name}": [one[index] for one in found] for index, name in enumerate(names)}
