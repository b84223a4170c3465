"""An operation and its targets: what is desired, what stood before, and their way into a row and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kubedoor_api.leader.claims import Cancellable
from kubedoor_api.operations.models import Kind, State, TargetState
from kubedoor_api.operations.notes import NOTES, OperationNote, Reason, note, sentence
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.domain.workload import WorkloadKind

OPEN: frozenset[str] = frozenset({"pending", "running"})
FINISHED: frozenset[str] = frozenset({"succeeded", "failed", "rolled_back", "cancelled"})
FAILED: frozenset[str] = frozenset({"failed", "rolled_back"})
UNDER_WAY: frozenset[str] = frozenset({"asking", "rolling_out", "rolling_back"})


class Value(BaseModel):
    """Base: stored as JSON, read by later versions of the API too."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Bounds(Value):
    """An autoscaler's bounds."""

    min_replicas: int
    max_replicas: int


class BeforeAdvice(Value):
    """What the control row had before an advice was accepted.

    :ivar advice_id: the advice that was accepted.
    :ivar manual: the manual count; ``ai`` that of the advice before, ``ai_advice_id``.
    """

    advice_id: str
    manual: int | None = None
    ai: int | None = None
    ai_advice_id: str = ""

    def back_in(self, row: ExpertRow) -> ExpertRow:
        """Return a control row with what it had then, if it still has that advice."""
        if row.advice_id != self.advice_id:
            return row
        return replace(row, replicas_manual=self.manual, replicas_ai=self.ai, advice_id=self.ai_advice_id)


class ToCount(Value):
    """Scale; None: to the count that the control table has.

    :ivar accepted: the advice that has given the control table its count; None: none has.
    """

    do: Literal["count"] = "count"
    replicas: int | None = None
    accepted: BeforeAdvice | None = None


class ToBounds(Value):
    """Move the bounds of the autoscaler."""

    do: Literal["bounds"] = "bounds"
    bounds: Bounds


class Restart(Value):
    """Replace the pods."""

    do: Literal["restart"] = "restart"


class Resize(Value):
    """Give the running pods the resources that admission gives new ones."""

    do: Literal["resize"] = "resize"


class Refused(Value):
    """Nothing: the request itself shows that it can't be."""

    do: Literal["refused"] = "refused"
    note: OperationNote = note("said", text="the request was invalid")  # a row of before there were notes


class CountBefore(Value):
    """What stood before a scale.

    :ivar live: the Deployment's count.
    :ivar manual: the control row's manual count; None: it had none.
    :ivar made: the manual count that the scale made; None: it asked only.
    :ivar accepted: the advice that came with it, and what the control row had before; None: none.
    """

    what: Literal["count"] = "count"
    live: int
    manual: int | None = None
    made: int | None = None
    accepted: BeforeAdvice | None = None


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


class PodsBefore(Value):
    """What the running pods asked for before they were resized.

    :ivar containers: requests and limits of each container of the first of them.
    """

    what: Literal["pods"] = "pods"
    containers: tuple[Resources, ...] = ()


Before = CountBefore | BoundsBefore | TemplateBefore | PodsBefore


class Rollback(Value):
    """Restore what stood before another operation.

    :ivar operation: that operation.
    """

    do: Literal["rollback"] = "rollback"
    operation: str
    before: Annotated[Before, Field(discriminator="what")]


Desired = ToCount | ToBounds | Restart | Resize | Rollback | Refused
DESIRED: TypeAdapter[Desired] = TypeAdapter(Annotated[Desired, Field(discriminator="do")])
BEFORE: TypeAdapter[Before] = TypeAdapter(Annotated[Before, Field(discriminator="what")])


@dataclass(frozen=True)
class Target:
    """One service of an operation.

    :ivar before: what stood before; None while unknown.
    :ivar reason: why it failed, in one word.
    """

    namespace: str
    name: str
    desired: Desired
    kind: WorkloadKind = "Deployment"
    replicas_before: int | None = None
    replicas_after: int | None = None
    before: Before | None = None
    state: TargetState = "pending"
    notes: tuple[OperationNote, ...] = ()
    reason: Reason = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    def path(self, env: str) -> ServicePath:
        """Where the service is."""
        return ServicePath(env=env, namespace=self.namespace, kind=self.kind, name=self.name)

    @property
    def full_name(self) -> str:
        """The service, for people."""
        return f"{self.namespace}/{self.name}"

    @property
    def detail(self) -> str:
        """The notes in English."""
        return sentence(self.notes)

    @property
    def finished(self) -> bool:
        """Tell whether nothing more becomes of it."""
        return self.state in FINISHED

    @property
    def can_roll_back(self) -> bool:
        """Tell whether it was changed and the values before are known."""
        return self.before is not None and self.state in {"succeeded", "failed", "cancelled"}


@dataclass(frozen=True, kw_only=True)
class Operation(Cancellable):
    """One operation."""

    kind: Kind
    targets: tuple[Target, ...] = ()
    state: State = "pending"
    pause_s: int = 0
    stop_on_error: bool = False
    wait_rollout: bool = False
    rollback_on_failure: bool = False
    rollout_timeout_s: int = 600
    run_at: datetime | None = None
    until: datetime | None = None
    rollback_of: str = ""
    schedule_id: str = ""

    def with_target(self, index: int, target: Target) -> Operation:
        """Return the operation with one target as it stands now."""
        return replace(self, targets=(*self.targets[:index], target, *self.targets[index + 1 :]))

    def ended(self, now: datetime) -> Operation:
        """Return the operation as it ended: what was not done is left out, and says so."""
        by, operation = self.cancelled_by, self
        for index, target in enumerate(self.targets):
            if target.finished:
                continue
            if target.state == "pending":
                why = note("cancelled", by=by) if by else note("stopped")
            else:
                why = note("cancelled_unwatched", by=by) if by else note("stopped_unwatched")
            left = replace(target, state="cancelled", notes=(why,), reason=why.reason, finished_at=now)
            operation = operation.with_target(index, left)
        states = {target.state for target in operation.targets}
        state: State = "failed" if states & FAILED else "cancelled" if "cancelled" in states else "succeeded"
        return replace(operation, state=state, finished_at=now)

    def rollback(
        self, operation_id: str, actor: str, now: datetime, states: Iterable[str] = ("failed",)
    ) -> Operation:
        """Return the operation that restores what stood before this one, in the reverse order.

        :param states: of which services, by what became of them.
        """
        targets = tuple(
            Target(
                target.namespace,
                target.name,
                Rollback(operation=self.id, before=target.before),
                kind=target.kind,
            )
            for target in reversed(self.targets)
            if target.before is not None and target.can_roll_back and target.state in states
        )
        return Operation(
            id=operation_id,
            env=self.env,
            kind=self.kind,
            requested_by=actor,
            requested_at=now,
            targets=targets,
            pause_s=self.pause_s,
            rollout_timeout_s=self.rollout_timeout_s,
            rollback_of=self.id,
            schedule_id=self.schedule_id,
        )


OPERATION: TypeAdapter[Operation] = TypeAdapter(Operation)
OWN = [one.name for one in fields(Operation) if one.name != "targets"]
OF_TARGET = [one.name for one in fields(Target)]


def row_of(operation: Operation) -> Row:
    """Return the row to commit; the writer adds the version."""
    row: Row = {name: getattr(operation, name) for name in OWN if name != "version"}
    columns = {name: [getattr(target, name) for target in operation.targets] for name in OF_TARGET}
    columns["desired"] = [one.model_dump_json() for one in columns["desired"]]
    columns["before"] = [one.model_dump_json() if one else "" for one in columns["before"]]
    columns["notes"] = [NOTES.dump_json(one).decode() if one else "" for one in columns["notes"]]
    columns["detail"] = [target.detail for target in operation.targets]
    row = {**row, **{f"targets.{name}": values for name, values in columns.items()}, "deleted": False}
    return {
        name: [_plain(one) for one in value] if isinstance(value, list) else _plain(value)
        for name, value in row.items()
    }


def _plain(value: object) -> object:
    return timestamp(value) if isinstance(value, datetime) else value


def operation_of(row: Row) -> Operation:
    """Read a row back; without targets where it has none of their columns."""
    columns = [row.get(f"targets.{name}", []) for name in (*OF_TARGET, "detail")]
    targets = [
        dict(zip((*OF_TARGET, "detail"), values, strict=True)) for values in zip(*columns, strict=True)
    ]
    for target in targets:
        said = target.pop("detail")
        target["desired"] = DESIRED.validate_json(target["desired"])
        target["before"] = BEFORE.validate_json(target["before"]) if target["before"] else None
        # Rows of before there were notes have the sentence alone.
        target["notes"] = NOTES.validate_json(target["notes"] or "[]") or (
            (note("said", text=said),) if said else ()
        )
    return OPERATION.validate_python({**{name: row[name] for name in OWN}, "targets": targets})
