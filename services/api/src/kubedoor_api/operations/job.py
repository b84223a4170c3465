"""An operation and its steps as values, and their way into a row and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from kubedoor_api.operations.models import Kind, Reason, State, TargetState
from kubedoor_api.web.fields import ServicePath, WorkloadKind
from kubedoor_core.clickhouse import Row
from kubedoor_core.clickhouse.parameters import timestamp

FINISHED: frozenset[str] = frozenset({"succeeded", "failed", "rolled_back", "cancelled"})
FAILED: frozenset[str] = frozenset({"failed", "rolled_back"})
UNDER_WAY: frozenset[str] = frozenset({"asking", "rolling_out", "rolling_back"})
TIMES = ("run_at", "until", "requested_at", "started_at", "finished_at")


@dataclass(frozen=True)
class Step:
    """One service of an operation.

    :ivar wanted: JSON of `desired.Wanted`.
    :ivar before: JSON of what stood before (`desired.Before`); empty while unknown.
    """

    namespace: str
    name: str
    wanted: str
    kind: WorkloadKind = "Deployment"
    replicas_before: int | None = None
    replicas_after: int | None = None
    before: str = ""
    state: TargetState = "pending"
    detail: str = ""
    reason: Reason = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    def path(self, env: str) -> ServicePath:
        """Where the service is."""
        return ServicePath(env=env, namespace=self.namespace, name=self.name)

    @property
    def full_name(self) -> str:
        """The service, for people."""
        return f"{self.namespace}/{self.name}"

    @property
    def finished(self) -> bool:
        """Tell whether nothing more becomes of it."""
        return self.state in FINISHED


@dataclass(frozen=True)
class Job:
    """One operation."""

    id: str
    env: str
    kind: Kind
    requested_by: str
    requested_at: datetime
    steps: tuple[Step, ...]
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
    cancelled_by: str = ""
    runner: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    def with_step(self, index: int, step: Step) -> Job:
        """Return the operation with one step as it stands now."""
        return replace(self, steps=(*self.steps[:index], step, *self.steps[index + 1 :]))


def ended(job: Job, now: datetime) -> Job:
    """Return an operation as it ended: what was not done is left out, and says so."""
    why = f"cancelled by {job.cancelled_by}" if job.cancelled_by else "an earlier service failed"
    reason: Reason = "cancelled" if job.cancelled_by else "stopped"
    for index, step in enumerate(job.steps):
        if not step.finished:
            pending = step.state == "pending"
            detail = f"left out: {why}" if pending else f"{why}; its rollout was not watched to the end"
            left = replace(step, state="cancelled", detail=detail, reason=reason, finished_at=now)
            job = job.with_step(index, left)
    states = {step.state for step in job.steps}
    state: State = "failed" if states & FAILED else "cancelled" if "cancelled" in states else "succeeded"
    return replace(job, state=state, finished_at=now)


def _time(value: datetime | None) -> str | None:
    return timestamp(value) if value is not None else None


def _read_time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def row_of(job: Job) -> Row:
    """Return the row to commit; the writer adds the version."""
    own = {field.name: getattr(job, field.name) for field in fields(job) if field.name != "steps"}
    own.pop("version")
    row: Row = {**own, **{name: _time(own[name]) for name in TIMES}, "deleted": False}
    for field in fields(Step):
        values = [getattr(step, field.name) for step in job.steps]
        row[f"targets.{field.name}"] = [_time(v) if isinstance(v, datetime) else v for v in values]
    return row


def _steps(row: Row) -> Iterable[Step]:
    names = [field.name for field in fields(Step)]
    for values in zip(*(row[f"targets.{name}"] for name in names), strict=True):
        given: dict[str, Any] = dict(zip(names, values, strict=True))
        times = {name: _read_time(given[name]) for name in ("started_at", "finished_at")}
        yield Step(**{**given, **times})


def job_of(row: Row) -> Job:
    """Read a row back."""
    own = {field.name: row[field.name] for field in fields(Job) if field.name != "steps"}
    times = {name: _read_time(own[name]) for name in TIMES}
    return Job(**{**own, **times, "version": int(own["version"]), "steps": tuple(_steps(row))})


def same(one: Job, other: Job) -> bool:
    """Tell whether two states of an operation say the same, whatever their version."""
    return asdict(replace(one, version=0)) == asdict(replace(other, version=0))
