"""What the API answers of an operation: how it stands, why it waits, and its progress as a stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from kubedoor_api.leader.leadership import Leadership, Standing
from kubedoor_api.operations.models import (
    AutoscalerBounds,
    OperationCounts,
    OperationDetail,
    OperationProgress,
    OperationSummary,
    TargetProgress,
    TargetResult,
    WaitingReason,
)
from kubedoor_api.operations.operation import (
    OPEN,
    UNDER_WAY,
    CountBefore,
    Operation,
    Rollback,
    Target,
    ToBounds,
    ToCount,
)
from kubedoor_api.operations.repository import OPERATIONS
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import AskedService
from kubedoor_api.web.stream import event, follow

FIRST = 3
OPTIONS = ("pause_s", "stop_on_error", "wait_rollout", "rollback_on_failure", "until", "rollback_of")
APART = ("counts", "first", "version", "waiting_reason", "waiting_detail")
OWN = [name for name in OperationSummary.model_fields if name not in APART]


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
    if state not in OPEN:
        return NOTHING
    if state == "pending" and run_at is not None and run_at > now:
        return Waiting("not_due", f"It begins at {run_at.isoformat(timespec='seconds')}")
    if standing.leading or standing.held_elsewhere or not standing.trouble:
        return NOTHING
    return Waiting("lease_unavailable" if standing.lease else "no_cluster", standing.trouble)


def _waiting(context: Context, operation: Operation) -> Waiting:
    standing = context[Leadership].standing(operation.env)
    return waiting_of(standing, operation.state, operation.run_at, datetime.now(UTC))


def counts_of(states: Iterable[str]) -> OperationCounts:
    """Count the services by state."""
    found = Counter("under_way" if state in UNDER_WAY else state for state in states)
    none = dict.fromkeys(OperationCounts.model_fields, 0)
    return OperationCounts.model_validate({**none, **found, "total": sum(found.values())})


def target_of(target: Target) -> TargetResult:
    """Return what became of one service."""
    desired, replicas, bounds = target.desired, None, None
    if isinstance(desired, ToCount):
        replicas = desired.replicas
    elif isinstance(desired, ToBounds):
        bounds = AutoscalerBounds.model_validate(desired.bounds.model_dump())
    elif isinstance(desired, Rollback) and isinstance(desired.before, CountBefore):
        before = desired.before
        replicas = before.live if before.manual is None else before.manual
    return TargetResult(
        namespace=target.namespace,
        kind=target.kind,
        name=target.name,
        replicas=replicas,
        autoscaler_bounds=bounds,
        state=target.state,
        reason=target.reason,
        notes=list(target.notes),
        detail=target.detail,
        replicas_before=target.replicas_before,
        replicas_after=target.replicas_after,
        can_roll_back=target.can_roll_back,
        started_at=target.started_at,
        finished_at=target.finished_at,
    )


def summary_of(
    context: Context,
    operation: Operation,
    states: Sequence[str] | None = None,
    first: Sequence[AskedService] | None = None,
) -> OperationSummary:
    """Return an operation without its services.

    :param states: of its targets, and `first`, the first services, where it was read without targets.
    """
    return _summary(operation, _waiting(context, operation), states, first)


def _summary(
    operation: Operation,
    waiting: Waiting,
    states: Sequence[str] | None = None,
    first: Sequence[AskedService] | None = None,
) -> OperationSummary:
    targets = operation.targets
    shown = [AskedService(namespace=one.namespace, kind=one.kind, name=one.name) for one in targets[:FIRST]]
    return OperationSummary.model_validate(
        {
            **{name: getattr(operation, name) for name in OWN},
            "version": str(operation.version),
            "counts": counts_of([one.state for one in targets] if states is None else states),
            "first": shown if first is None else first,
            "waiting_reason": waiting.reason,
            "waiting_detail": waiting.detail,
        }
    )


def detail_of(context: Context, operation: Operation) -> OperationDetail:
    """Return an operation, and what keeps it waiting now."""
    targets = [target_of(target) for target in operation.targets]
    return OperationDetail(**dict(summary_of(context, operation)), targets=targets)


def audited(operation: OperationDetail) -> dict[str, object]:
    """Return what the audit log keeps of a request: what to do, with which services, and how."""
    services = []
    for target in operation.targets:
        name, bounds = f"{target.namespace}/{target.name}", target.autoscaler_bounds
        count = None if target.replicas is None else str(target.replicas)
        to = f"{bounds.min_replicas}-{bounds.max_replicas}" if bounds else count
        services.append(name if to is None else f"{name} to {to}")
    asked = operation.model_dump(mode="json", include={"id", "kind", *OPTIONS})
    return {**{name: value for name, value in asked.items() if value}, "services": services}


def _message(name: str, operation: Operation, before: Operation | None, waiting: Waiting) -> str:
    """Write what has changed as an event of a stream."""
    old = before.targets if before else (None,) * len(operation.targets)
    targets = [
        TargetProgress(index=index, **target_of(target).model_dump())
        for index, (was, target) in enumerate(zip(old, operation.targets, strict=True))
        if was != target
    ]
    data = OperationProgress(operation=_summary(operation, waiting), targets=targets)
    return event(name, data, operation.version)


def progress(context: Context, operation: Operation) -> AsyncIterator[str]:
    """Tell an operation as it stands, then each change, also of what keeps it waiting, until it has ended.

    `progress` events hold an `OperationProgress`; the last event is `end`, with the same.
    """
    key = (operation.env, operation.id)
    look, tell = partial(OPERATIONS.load, context, *key), _Telling(context).tell
    return follow(context[Polls], key, operation, look, tell, lambda one: one.state in OPEN)


class _Telling:
    """What of one operation was told to one viewer."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sent: Operation | None = None
        self._waiting: Waiting | None = None

    def tell(self, operation: Operation) -> str:
        """Return what is new."""
        waiting, sent, told = _waiting(self._context, operation), self._sent, ""
        if sent is None or operation.version != sent.version or waiting != self._waiting:
            told = _message("progress", operation, sent, waiting)
            self._sent, self._waiting = operation, waiting
        return told if operation.state in OPEN else told + _message("end", operation, operation, waiting)
