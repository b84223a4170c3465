"""From an operation to what the API answers of it, and why it does not go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations.desired import WANTED, CountBefore, Rollback, ToBounds, ToCount
from kubedoor_api.operations.job import UNDER_WAY, Job, Step
from kubedoor_api.operations.models import (
    AutoscalerBounds,
    Operation,
    OperationCounts,
    OperationSummary,
    TargetResult,
)
from kubedoor_core.clickhouse import Row

if TYPE_CHECKING:
    from kubedoor_api.leader.leadership import Standing
    from kubedoor_api.operations.models import WaitingReason
    from kubedoor_api.web.fields import ServiceName
from kubedoor_api.web.context import Context
from kubedoor_api.web.fields import AskedService


@dataclass(frozen=True)
class Waiting:
    """What keeps an operation waiting, in one word and in words; empty for nothing."""

    reason: WaitingReason = ""
    detail: str = ""


NOTHING = Waiting()


def waiting_of(standing: Standing, state: str, run_at: datetime | None, now: datetime) -> Waiting:
    """Say what keeps an operation waiting.

    :param standing: who works for the operation's env.
    :param run_at: before which it is not begun.
    """
    if state not in {"pending", "running"}:
        return NOTHING
    if state == "pending" and run_at is not None and run_at > now:
        return Waiting("not_due", f"It is begun at {run_at.isoformat(timespec='seconds')}")
    if standing.leading or standing.held_elsewhere or not standing.trouble:
        return NOTHING
    return Waiting("lease_unavailable" if standing.lease else "no_cluster", standing.trouble)


def look(context: Context, env: str, state: str, run_at: datetime | None) -> Waiting:
    """Say what keeps an operation of an env waiting now."""
    return waiting_of(context[Leadership].standing(env), state, run_at, datetime.now(UTC))


FIRST = 3
OPTIONS = ("pause_s", "stop_on_error", "wait_rollout", "rollback_on_failure", "until", "rollback_of")
APART = ("counts", "first", "targets", "version", "waiting_reason", "waiting_detail")


def counts_of(states: Iterable[str]) -> OperationCounts:
    """Count the services by state."""
    found = Counter("under_way" if state in UNDER_WAY else state for state in states)
    return OperationCounts.model_validate({**_none(), **found, "total": sum(found.values())})


def _none() -> dict[str, int]:
    return dict.fromkeys(OperationCounts.model_fields, 0)


def _names(pairs: Iterable[tuple[str, str]]) -> list[ServiceName]:
    return [AskedService(namespace=namespace, name=name) for namespace, name in pairs]


def target_of(step: Step) -> TargetResult:
    """Tell of one service."""
    wanted = WANTED.validate_json(step.wanted)
    replicas, bounds = None, None
    if isinstance(wanted, ToCount):
        replicas = wanted.replicas
    elif isinstance(wanted, ToBounds):
        bounds = AutoscalerBounds.model_validate(wanted.bounds.model_dump())
    elif isinstance(wanted.before if isinstance(wanted, Rollback) else None, CountBefore):
        replicas = _given_back(wanted)
    return TargetResult(
        namespace=step.namespace,
        kind=step.kind,
        name=step.name,
        replicas=replicas,
        autoscaler_bounds=bounds,
        state=step.state,
        detail=step.detail,
        reason=step.reason,
        replicas_before=step.replicas_before,
        replicas_after=step.replicas_after,
        can_roll_back=can_roll_back(step),
        started_at=step.started_at,
        finished_at=step.finished_at,
    )


def _given_back(wanted: object) -> int | None:
    before = wanted.before if isinstance(wanted, Rollback) else None
    if not isinstance(before, CountBefore):
        return None
    return before.live if before.manual is None else before.manual


def can_roll_back(step: Step) -> bool:
    """Tell whether a step changed something whose values before are known."""
    return bool(step.before) and step.state in {"succeeded", "failed", "cancelled"}


def _own(job: Job) -> dict[str, object]:
    names = (name for name in OperationSummary.model_fields if name not in APART)
    return {name: getattr(job, name) for name in names}


def summary_of(job: Job, waiting: Waiting) -> OperationSummary:
    """Tell of an operation without its services."""
    return OperationSummary.model_validate({**_own(job), **_counted(job), **_waits(waiting)})


def _waits(waiting: Waiting) -> dict[str, object]:
    return {"waiting_reason": waiting.reason, "waiting_detail": waiting.detail}


def _counted(job: Job) -> dict[str, object]:
    return {
        "version": str(job.version),
        "counts": counts_of(step.state for step in job.steps),
        "first": _names((step.namespace, step.name) for step in job.steps[:FIRST]),
    }


def operation_of(job: Job, waiting: Waiting) -> Operation:
    """Tell of an operation."""
    targets = [target_of(step) for step in job.steps]
    return Operation.model_validate({**_own(job), **_counted(job), **_waits(waiting), "targets": targets})


def noted(operation: Operation) -> dict[str, object]:
    """Return what the audit keeps of an operation that was asked for: what, with which services, and how."""
    asked = operation.model_dump(mode="json", include={"id", "kind", *OPTIONS})
    given = {name: value for name, value in asked.items() if value}
    return {**given, "services": [_asked(target) for target in operation.targets]}


def _asked(target: TargetResult) -> str:
    name, bounds = f"{target.namespace}/{target.name}", target.autoscaler_bounds
    if bounds is not None:
        return f"{name} to {bounds.min_replicas}-{bounds.max_replicas}"
    return name if target.replicas is None else f"{name} to {target.replicas}"


def summary_of_row(row: Row, waiting: Waiting) -> OperationSummary:
    """Tell of a row of the list."""
    names: Sequence[str] = [name for name in OperationSummary.model_fields if name not in APART]
    pairs = zip(row["first_namespaces"], row["first_names"], strict=True)
    told = {
        **{name: row[name] for name in names},
        "version": str(row["version"]),
        "counts": counts_of(row["target_states"]),
        "first": _names(pairs),
        **_waits(waiting),
    }
    return OperationSummary.model_validate(told)
