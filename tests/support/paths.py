"""The paths of the document's endpoints, filled with values that each of them takes."""

from __future__ import annotations

import re
from urllib.parse import quote

from support.api import ENV

USUAL = {
    "env": ENV, "namespace": "shop", "name": "cart", "id": "1" * 32, "key": "peak_hours", "pod": "cart-1",
    "task": "explain_score",
}  # fmt: skip


def filled(template: str, **values: str) -> str:
    """Return a path with usual or given values, as they are.

    A parameter that nobody has thought of here is a KeyError.
    """
    named = {**USUAL, **values}
    return re.sub(r"\{(\w+)\}", lambda found: named[found.group(1)], template)


def quoted(template: str, **values: str) -> str:
    """Return a path with values that are made safe for one."""
    return filled(template, **{name: quote(value, safe="") for name, value in values.items()})
