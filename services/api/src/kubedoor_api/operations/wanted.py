"""What a step is to bring about, and what stood before it: values, and their JSON in the row."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kubedoor_api.operations.models import AskedTarget, Reason
from kubedoor_api.operations.unfit import Unfit


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


class BringBack(Value):
    """Bring back what stood before another operation.

    :ivar operation: that operation.
    """

    do: Literal["bring_back"] = "bring_back"
    operation: str
    before: Before


Wanted = Annotated[ToCount | ToBounds | Restart | BringBack | Refused, Field(discriminator="do")]

WANTED: TypeAdapter[ToCount | ToBounds | Restart | BringBack | Refused] = TypeAdapter(Wanted)
BEFORE: TypeAdapter[CountBefore | BoundsBefore | TemplateBefore] = TypeAdapter(Before)


def wanted_of(
    kind: str, target: AskedTarget, unfit: Unfit | None = None
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
