"""A change of the expert's row as a pure function: what stands, what is asked for, what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kubedoor_api.control.models import ContainerEdit, ExpertValues
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.domain.control import VALUES, ContainerValues, ExpertRow, by_name
from kubedoor_core.domain.mode import Mode
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError

SCALARS = ("replicas_manual", "replicas_policy", "mode", "note")
ONLY_BY_ACCEPTING = "only accepting an advice sets it: leave it out, or enter the count as replicas_manual"
RESOURCES = (("cpu_m", "millicores"), ("mem_mib", "MiB"))


def editable(row: ExpertRow | None, key: ServicePath) -> ExpertRow:
    """Return the row that a change builds on: the one that stands; a removed service starts anew."""
    return ExpertRow(**key.model_dump()) if row is None or row.deleted else row


def apply_edit(row: ExpertRow, edit: ExpertValues) -> ExpertRow:
    """Return the row after a change; a container of which nothing is said any more is gone.

    The count of an accepted advice can be taken away: only accepting one sets it.
    """
    containers = by_name(row.containers)
    for change in edit.containers:
        old = containers.get(change.name, ContainerValues(change.name))
        given = change.model_dump(include=change.model_fields_set.intersection(VALUES))
        containers[change.name] = old._replace(**given)
    scalars = edit.model_dump(include=edit.model_fields_set.intersection(SCALARS))
    if scalars.get("mode") is not None:
        scalars["mode"] = Mode(scalars["mode"])
    if edit.removes_advice:
        scalars |= {"replicas_ai": None, "advice_id": ""}
    kept = tuple(one for one in containers.values() if any(value is not None for value in one[1:]))
    return replace(row, **scalars, containers=kept, deleted=False)


def check_advised(base: ExpertRow, edit: ExpertValues) -> list[FieldError]:
    """Find the count of an advice that the row does not have."""
    given = edit.model_dump().get("replicas_ai")
    if given is None or given == base.replicas_ai:
        return []
    return [
        {
            "field": "replicas_ai",
            "reason": ONLY_BY_ACCEPTING,
            "code": FieldCode.ONLY_BY_ACCEPTING,
            "parameters": {},
        }
    ]


def check_limits(row: ExpertRow, edit: ExpertValues, derived: Iterable[ContainerValues]) -> list[FieldError]:
    """Find requests above their limits, after the change and with the derived values behind it.

    Only containers that the edit names are looked at: a derived request above a limit that somebody
    entered long ago is no fault of this change.
    """
    expert, behind = by_name(row.containers), by_name(derived)
    errors: list[FieldError] = []
    for index, container in enumerate(edit.containers):
        unknown = ContainerValues(container.name)
        values = expert.get(container.name, unknown).filled_from(behind.get(container.name, unknown))
        errors.extend(_above(index, container, values))
    return errors


def _above(index: int, edit: ContainerEdit, values: ContainerValues) -> Iterator[FieldError]:
    for resource, unit in RESOURCES:
        request, limit = getattr(values, f"request_{resource}"), getattr(values, f"limit_{resource}")
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
