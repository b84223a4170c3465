"""For want of what a container can't be created, as its kubelet says. Pure."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

NOT_CREATED = frozenset({"CreateContainerConfigError", "CreateContainerError"})
"""Why a container waits whose image is there."""
MissingKind = Literal["Secret", "ConfigMap"]
_KINDS: dict[str, MissingKind] = {"secret": "Secret", "configmap": "ConfigMap"}
_OBJECT = re.compile(r'\b(secret|configmap)s? "([^"]{1,253})" not found', re.IGNORECASE)
_KEY = re.compile(r"couldn't find key (\S{1,253}) in (secret|configmap) (?:\S+/)?(\S{1,253})", re.IGNORECASE)


class Missing(NamedTuple):
    """What is missing: a Secret or a ConfigMap, or a key of one.

    :ivar key: empty where the object itself is missing.
    """

    kind: MissingKind
    name: str
    key: str = ""


def missing_of(said: str) -> Missing | None:
    """Return what a kubelet's message says is missing; None where it says something else."""
    if (found := _KEY.search(said)) is not None:
        return Missing(_KINDS[found[2].lower()], found[3], found[1])
    if (found := _OBJECT.search(said)) is not None:
        return Missing(_KINDS[found[1].lower()], found[2])
    return None
