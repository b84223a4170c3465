"""A change of the expert's row as a pure function: what stands, what is asked for, what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubedoor_api.control.services.models import ContainerEdit, ServiceEdit
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import Row
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError

VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
SCALARS = ("replicas_manual", "replicas_policy", "mode", "note")
RESOURCES = (("cpu_m", "millicores"), ("mem_mib", "MiB"))

Expert = dict[str, dict[str, int | None]]


def empty_row(key: ServicePath) -> Row:
    """Return the row of a service of which the expert has said nothing."""
    return {
        **key.model_dump(),
        "replicas_manual": None,
        "replicas_policy": "fixed",
        "mode": None,
        "note": "",
        "containers.name": [],
        **{f"containers.{name}": [] for name in VALUES},
        "deleted": False,
    }


def _expert(row: Row) -> Expert:
    columns = zip(*(row[f"containers.{name}"] for name in VALUES), strict=True)
    return {
        name: dict(zip(VALUES, values, strict=True))
        for name, values in zip(row["containers.name"], columns, strict=True)
    }


def _edit_container(old: dict[str, int | None], edit: ContainerEdit) -> dict[str, int | None]:
    changed = {name: getattr(edit, name) for name in VALUES if name in edit.model_fields_set}
    return {**dict.fromkeys(VALUES), **old, **changed}


def apply_edit(row: Row, edit: ServiceEdit) -> Row:
    """Return the row after a change; the row itself stays as it is."""
    expert = _expert(row)
    for container in edit.containers:
        expert[container.name] = _edit_container(expert.get(container.name, {}), container)
    kept = {name: values for name, values in expert.items() if any(v is not None for v in values.values())}
    scalars = {name: getattr(edit, name) for name in SCALARS if name in edit.model_fields_set}
    stamps = ("version", "updated_at", "updated_by")
    changed: Row = {
        **{name: value for name, value in row.items() if name not in stamps},
        **scalars,
        "containers.name": list(kept),
        **{f"containers.{name}": [values[name] for values in kept.values()] for name in VALUES},
        "deleted": False,
    }
    return changed


def check_limits(row: Row, edit: ServiceEdit, derived: Row) -> list[FieldError]:
    """Find requests above their limits, after the change and with the derived values behind it.

    Only containers that the edit names are looked at: a derived request above a limit that somebody
    entered long ago is no fault of this change.
    """
    expert, behind = _expert(row), _expert(derived) if derived else {}
    errors: list[FieldError] = []
    for index, container in enumerate(edit.containers):
        values = _merged(expert.get(container.name, {}), behind.get(container.name, {}))
        errors.extend(_above(index, container, values))
    return errors


def _merged(expert: dict[str, int | None], derived: dict[str, int | None]) -> dict[str, Any]:
    return {name: derived.get(name) if expert.get(name) is None else expert[name] for name in VALUES}


def _above(index: int, edit: ContainerEdit, values: dict[str, Any]) -> Iterator[FieldError]:
    for resource, unit in RESOURCES:
        request, limit = values[f"request_{resource}"], values[f"limit_{resource}"]
        if request is None or limit is None or request <= limit:
            continue
        named = f"limit_{resource}" if f"limit_{resource}" in edit.model_fields_set else f"request_{resource}"
        if named not in edit.model_fields_set:
            continue
        yield {
            "field": f"containers.{index}.{named}",
            "reason": f"the request of {request} {unit} would be above the limit of {limit} {unit}:"
            f" raise the limit or enter a lower request",
            "code": FieldCode.REQUEST_ABOVE_LIMIT,
            "parameters": {"request": request, "limit": limit, "unit": unit},
        }
