"""Whether admission acts on a service, and on which namespaces it may."""

from __future__ import annotations

from enum import StrEnum

from kubedoor_core.regex import Expression

NEVER_GOVERNED = frozenset({"kube-system"})


class Mode(StrEnum):
    """`off`, `observe` (say what would change, change nothing) or `enforce`."""

    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


def stored_mode(text: object) -> Mode | None:
    """Return what a stored text says; None where it says nothing, or is no mode.

    What is no mode is told by `kubedoor_core.domain.invalid_values`.
    """
    return next((mode for mode in Mode if mode == text), None)


def resolve(env: Mode | None, namespace: Mode | None, service: Mode | None) -> Mode:
    """Return the mode that holds: the most specific that is set, but `off` on the env wins over all.

    An env without a mode is new, and a new installation is off.
    """
    if env is None or env is Mode.OFF:
        return Mode.OFF
    return service or namespace or env


def governed(namespace: str, included: Expression, excluded: Expression, own_namespace: str = "") -> bool:
    """Tell whether a namespace is governed: among those that are included, and not among those left out.

    The expressions match the whole name, as they do where the collector gives them to Prometheus. An empty
    one leaves none out.
    """
    if namespace in NEVER_GOVERNED or (own_namespace and namespace == own_namespace):
        return False
    left_out = excluded.text != "" and excluded.matches(namespace)
    return included.matches(namespace) and not left_out
