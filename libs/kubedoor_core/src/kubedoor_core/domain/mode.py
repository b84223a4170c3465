"""Whether admission acts on a service, and on which namespaces it may."""

from __future__ import annotations

import re
from enum import StrEnum

NEVER_GOVERNED = frozenset({"kube-system"})


class Mode(StrEnum):
    """`off`, `observe` (say what would change, change nothing) or `enforce`."""

    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


def resolve(env: Mode | None, namespace: Mode | None, service: Mode | None) -> Mode:
    """Return the mode that holds: the most specific that is set, but `off` on the env wins over all.

    An env without a mode is new, and a new installation is off.
    """
    if env is None or env is Mode.OFF:
        return Mode.OFF
    return service or namespace or env


def governed(namespace: str, pattern: re.Pattern[str], own_namespace: str = "") -> bool:
    """Tell whether a namespace is governed.

    The pattern matches the whole name, as it does where the collector gives it to Prometheus.
    """
    if namespace in NEVER_GOVERNED or (own_namespace and namespace == own_namespace):
        return False
    return pattern.fullmatch(namespace) is not None
