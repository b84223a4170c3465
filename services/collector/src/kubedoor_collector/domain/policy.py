"""What governs a collection: the settings from the environment, with the stored ones over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from kubedoor_core.domain.peak import PeakSchedule, parse_peak_hours
from kubedoor_core.regex import expression

Scope = Literal["service", "fleet"]
MAX_COLUMN = 2**32 - 1


@dataclass(frozen=True)
class Policy:
    """The rules of one run.

    :param namespaces_excluded: those among ``namespaces`` that are left out; empty: none.
    :param scope: `service`: each has its own peak day; `fleet`: one day for all, by total cpu.
    :param margin_pct: added to what was used at peak.
    :param min_change_pct: a derived request that would change by less stays.
    """

    env: str
    zone: ZoneInfo
    peak: PeakSchedule
    namespaces: str
    lookback_days: int
    scope: Scope = "service"
    margin_pct: float = 0.0
    min_change_pct: float = 0.0
    floor_cpu_m: int = 10
    floor_mem_mib: int = 32
    namespaces_excluded: str = ""


def with_stored(policy: Policy, stored: Mapping[str, str]) -> tuple[Policy, list[str]]:
    """Put stored settings over a policy; a bad one is left out, and told in the list of complaints."""
    complaints: list[str] = []
    for key, read in _READERS.items():
        if key not in stored:
            continue
        try:
            policy = replace(policy, **read(json.loads(stored[key])))
        except (ValueError, TypeError) as error:
            complaints.append(f"the stored setting {key} = {stored[key]} is left out: {error}")
    return policy, complaints


def _whole(name: str, least: int, most: int) -> Any:  # noqa: ANN401 a function of JSON
    def read(value: object) -> dict[str, object]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most} is needed")
        return {name: value}

    return read


def _per_cent(name: str, most: float) -> Any:  # noqa: ANN401 a function of JSON
    def read(value: object) -> dict[str, object]:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
            raise ValueError(f"a number from 0 to {most:g} is needed")
        return {name: float(value)}

    return read


def _peak(value: object) -> dict[str, object]:
    return {"peak": parse_peak_hours(_text(value))}


def _expression(name: str) -> Any:  # noqa: ANN401 a function of JSON
    return lambda value: {name: expression(_text(value)).text}


def _scope(value: object) -> dict[str, object]:
    if value not in ("service", "fleet"):
        raise ValueError("service or fleet is needed")
    return {"scope": value}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    return value


_READERS = {
    "peak_hours": _peak,
    "lookback_days": _whole("lookback_days", 1, 366),
    "namespaces": _expression("namespaces"),
    "namespaces_excluded": _expression("namespaces_excluded"),
    "peak_scope": _scope,
    "margin_pct": _per_cent("margin_pct", 500),
    "min_change_pct": _per_cent("min_change_pct", 100),
    "floor_cpu_m": _whole("floor_cpu_m", 0, MAX_COLUMN),
    "floor_mem_mib": _whole("floor_mem_mib", 0, MAX_COLUMN),
}
