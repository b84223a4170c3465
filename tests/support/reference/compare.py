"""Holds rows that were stored against those that the reference computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from support.reference.rows import Key, Row

PROFILES = ("profile_cpu_m", "profile_mem_mib", "profile_pods")
COLUMNS = tuple(name for name in Row.__dataclass_fields__ if name not in PROFILES)
COVERAGE_OFF = 0.05
"""A roll-out: for up to five minutes the plain computation takes a pod that is gone for one that runs."""


def differences(
    found: Mapping[Key, Mapping[str, Any]],
    expected: Mapping[Key, Row],
    columns: Collection[str] = COLUMNS,
    share: float = 0.01,
) -> list[str]:
    """Return the values that are off by more than a share and what rounding up adds, and odd rows.

    :param found: stored values by namespace, kind, name and container.
    """
    lines = [
        f"{key}: {'not expected' if key in found else 'missing'}" for key in found.keys() ^ expected.keys()
    ]
    for key in sorted(found.keys() & expected.keys()):
        for column in columns:
            value, wanted = found[key][column], getattr(expected[key], column)
            if column in PROFILES:
                lines += _profile(f"{key} {column}", value, wanted, share)
            elif not _close(column, value, wanted, share):
                lines.append(f"{key} {column}: {value} instead of {wanted}")
    return lines


def _profile(name: str, found: list[float | None], wanted: list[float | None], share: float) -> list[str]:
    if len(found) != len(wanted):
        return [f"{name}: {len(found)} values instead of {len(wanted)}"]
    return [
        f"{name}[{i}]: {one} instead of {other}"
        for i, (one, other) in enumerate(zip(found, wanted, strict=True))
        if not _close(name, one, other, share)
    ]


def _close(column: str, value: float | None, wanted: float | None, share: float) -> bool:
    if value is None or wanted is None:
        return value is wanted
    if column == "coverage":
        return abs(value - wanted) <= COVERAGE_OFF
    return -share * abs(wanted) - 1e-6 <= value - wanted <= share * abs(wanted) + 1 + 1e-6
