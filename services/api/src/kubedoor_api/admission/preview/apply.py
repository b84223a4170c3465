"""Applies our own JSONPatch, which adds and replaces object members and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from kubedoor_core.domain.admission.patch import PatchOperation


def apply(document: dict[str, Any], patch: Iterable[PatchOperation]) -> dict[str, Any]:
    """Return the document after the patch."""
    changed = copy.deepcopy(document)
    for operation in patch:
        tokens = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        holder: Any = changed
        for token in tokens[:-1]:
            holder = holder[int(token)] if isinstance(holder, list) else holder[token]
        if isinstance(holder, list) or operation["op"] not in {"add", "replace"}:
            raise ValueError(f"not a patch of ours: {operation}")
        holder[tokens[-1]] = copy.deepcopy(operation["value"])
    return changed
