"""One service from its rows, as the view `effective` does it for all: the expert's over the derived.

The view takes ClickHouse some 40 ms to plan, whatever its size, and an edit looks at one service. A test
holds the two against each other.
"""

from __future__ import annotations

from typing import Any

from kubedoor_api.control.services.queries import NO_PEAK
from kubedoor_core.clickhouse import Row

VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
SOURCES = ("manual", "ai", "observed")

Values = dict[str, list[Any]]


def _values(row: Row | None, prefix: str) -> Row:
    """Return a row's containers under the names that the list has for them."""
    columns: Row = {f"{prefix}names": row["containers.name"] if row else []}
    for name in VALUES:
        columns[prefix + name] = row[f"containers.{name}"] if row else []
    return columns


def _by_name(columns: Row, prefix: str) -> Values:
    rows = zip(*(columns[prefix + name] for name in VALUES), strict=True)
    return {name: list(values) for name, values in zip(columns[f"{prefix}names"], rows, strict=True)}


def _effective_containers(columns: Row) -> Row:
    expert, derived = _by_name(columns, "c_"), _by_name(columns, "d_")
    unknown: list[Any] = [None] * len(VALUES)
    names = list(dict.fromkeys([*derived, *expert]))
    merged = [
        [
            own if own is not None else behind
            for own, behind in zip(expert.get(name, unknown), derived.get(name, unknown), strict=True)
        ]
        for name in names
    ]
    return {"names": names, **{value: [row[i] for row in merged] for i, value in enumerate(VALUES)}}


def _replicas(control: Row | None, derived: Row | None) -> Row:
    counts = {
        "replicas_manual": control["replicas_manual"] if control else None,
        "replicas_ai": derived["replicas_ai"] if derived else None,
        "replicas_observed": derived["replicas_observed"] if derived else None,
        "replicas_initial": derived["replicas_initial"] if derived else None,
    }
    source = next((name for name in SOURCES if counts[f"replicas_{name}"] is not None), None)
    effective = counts[f"replicas_{source}"] if source else None
    return {**counts, "replicas": effective, "replicas_source": source}


def merge(control: Row | None, derived: Row | None, peak: Row | None) -> Row | None:
    """Return one row of the list, or None for a service that is not registered.

    :param control: the expert's row, a tombstone included.
    :param derived: the collector's.
    :param peak: the latest peak.
    """
    if (control and control["deleted"]) or not (control or derived):
        return None
    latest = max((row for row in (control, derived) if row), key=lambda row: str(row["updated_at"]))
    columns = {**_values(control, "c_"), **_values(derived, "d_")}
    return {
        **columns,
        **_effective_containers(columns),
        **_replicas(control, derived),
        "replicas_policy": control["replicas_policy"] if control else "fixed",
        "mode": control["mode"] if control else None,
        "note": control["note"] if control else "",
        "control_version": control["version"] if control else 0,
        "updated_at": latest["updated_at"],
        "updated_by": latest["updated_by"],
        **(peak or NO_PEAK),
        **_provenance(derived),
    }


def _provenance(derived: Row | None) -> Row:
    columns = ("peak_date_cpu", "peak_date_mem", "peak_pods_cpu", "peak_pods_mem", "coverage_cpu")
    more = ("coverage_mem", "first_seen", "last_seen")
    found = {name: derived[name] if derived else None for name in (*columns, *more)}
    windows = {name: derived[name] if derived else "" for name in ("window_cpu", "window_mem")}
    return {**found, **windows}
