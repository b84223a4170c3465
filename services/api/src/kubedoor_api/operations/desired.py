"""What is desired of a service, its validation, and what stood before: values, and their JSON in the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kubedoor_api.operations.models import AskedTarget, Reason
from kubedoor_api.web.fields import MAX_COUNT
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError, Problem

if TYPE_CHECKING:
    from kubedoor_api.operations.models import AskedTarget, Reason

MAX_SHOWN_CHARS = 40


@dataclass(frozen=True)
class InvalidTarget:
    """Why a target can't be acted on, in words and by one word, and as the field of a request."""

    reason: Reason
    detail: str
    error: FieldError


def _wrong_count(place: str, replicas: float) -> InvalidTarget | None:
    code, about = _fault_of(replicas)
    if code is None:
        return None
    given = str(int(replicas) if replicas == int(replicas) else replicas)[:MAX_SHOWN_CHARS]
    detail = f"{given} is no count of pods: give a whole number from 0 to {MAX_COUNT}"
    error: FieldError = {"field": f"{place}.replicas", "reason": detail, "code": code, "parameters": about}
    return InvalidTarget("bad_count", detail, error)


def _fault_of(replicas: float) -> tuple[FieldCode | None, dict[str, Any]]:
    if replicas < 0:
        return FieldCode.GREATER_THAN_EQUAL, {"ge": 0}
    if replicas > MAX_COUNT:
        return FieldCode.LESS_THAN_EQUAL, {"le": MAX_COUNT}
    return (None, {}) if replicas == int(replicas) else (FieldCode.INT_FROM_FLOAT, {})


def validate_targets(targets: Sequence[AskedTarget]) -> dict[int, InvalidTarget]:
    """Find the targets that can't be acted on, by their place."""
    found: dict[int, InvalidTarget] = {}
    seen: set[tuple[str, str]] = set()
    for index, target in enumerate(targets):
        key, place = (target.namespace, target.name), f"targets.{index}"
        name = "/".join(key)
        if key in seen:
            detail = f"{name} is duplicated: the first one counts"
            about = {"name": name}
            error: FieldError = {
                "field": place, "reason": detail, "code": FieldCode.TWICE, "parameters": about,
            }  # fmt: skip
            found[index] = InvalidTarget("twice", detail, error)
        elif target.replicas is not None and (wrong := _wrong_count(place, target.replicas)):
            found[index] = wrong
        seen.add(key)
    return found


def require_one_fit(targets: Sequence[AskedTarget], found: dict[int, InvalidTarget]) -> None:
    """Refuse an operation that could act on nothing.

    :raises Problem: 400 naming each place.
    """
    if len(found) < len(targets):
        return
    errors = [one.error for one in found.values()]
    raise Problem(400, f"{errors[0]['field']}: {errors[0]['reason']}", errors=errors)


class Value(BaseModel):
    """Base: stored as JSON, read by later versions of the API too."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Bounds(Value):
    """An autoscaler's bounds."""

    min_replicas: int
    max_replicas: int


class ToCount(Value):
    """Scale; None: to the count that the control table has."""

    do: Literal["count"] = "count"
    replicas: int | None = None


class ToBounds(Value):
    """Move the bounds of the autoscaler."""

    do: Literal["bounds"] = "bounds"
    bounds: Bounds


class Restart(Value):
    """Replace the pods."""

    do: Literal["restart"] = "restart"


class Refused(Value):
    """Nothing: the request itself shows that it can't be."""

    do: Literal["refused"] = "refused"
    reason: Reason
    detail: str


class CountBefore(Value):
    """What stood before a scale.

    :ivar live: the Deployment's count.
    :ivar manual: the control row's manual count; None: it had none.
    :ivar made: the manual count that the scale made; None: it asked only.
    """

    what: Literal["count"] = "count"
    live: int
    manual: int | None = None
    made: int | None = None


class BoundsBefore(Value):
    """What stood before an autoscaler's bounds were moved.

    :ivar autoscaler: its name.
    :ivar made: the bounds that were asked for.
    """

    what: Literal["bounds"] = "bounds"
    autoscaler: str
    bounds: Bounds
    made: Bounds


class Resources(Value):
    """Requests and limits of a container as its manifest wrote them, such as `250m`; None: it had none."""

    name: str
    init: bool = False
    request_cpu: str | None = None
    limit_cpu: str | None = None
    request_memory: str | None = None
    limit_memory: str | None = None


class TemplateBefore(Value):
    """What of the pod template stood before a restart.

    :ivar restarted_by: the annotation of the restart before; None: there was none.
    :ivar restarted_at: the same, its time.
    :ivar containers: requests and limits of each container.
    """

    what: Literal["template"] = "template"
    restarted_by: str | None = None
    restarted_at: str | None = None
    containers: tuple[Resources, ...] = ()


Before = Annotated[CountBefore | BoundsBefore | TemplateBefore, Field(discriminator="what")]


class Rollback(Value):
    """Restore what stood before another operation.

    :ivar operation: that operation.
    """

    do: Literal["rollback"] = "rollback"
    operation: str
    before: Before


Wanted = Annotated[ToCount | ToBounds | Restart | Rollback | Refused, Field(discriminator="do")]

WANTED: TypeAdapter[ToCount | ToBounds | Restart | Rollback | Refused] = TypeAdapter(Wanted)
BEFORE: TypeAdapter[CountBefore | BoundsBefore | TemplateBefore] = TypeAdapter(Before)


def wanted_of(
    kind: str, target: AskedTarget, unfit: InvalidTarget | None = None
) -> ToCount | ToBounds | Restart | Refused:
    """Say what is asked for with one service.

    :param unfit: why it can't be, where the request itself shows it.
    """
    if unfit is not None:
        return Refused(reason=unfit.reason, detail=unfit.detail)
    if kind == "restart":
        return Restart()
    if target.autoscaler_bounds is not None:
        return ToBounds(bounds=Bounds.model_validate(target.autoscaler_bounds.model_dump()))
    return ToCount(replicas=None if target.replicas is None else int(target.replicas))
