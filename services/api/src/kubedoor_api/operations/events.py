"""What people hear of operations: events for the team's chat, and entries of the audit log."""

from __future__ import annotations

import json

from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.leader.claims import entry_of
from kubedoor_api.operations.notes import OperationNote
from kubedoor_api.operations.operation import FAILED, Operation, Target
from kubedoor_api.operations.repository import OPERATIONS
from kubedoor_api.operations.serializers import counts_of
from kubedoor_api.web.endpoint import Context


def _action(operation: Operation) -> str:
    return f"rollback of {operation.rollback_of}" if operation.rollback_of else operation.kind


async def _write(
    context: Context,
    operation: Operation,
    kind: str,
    message: str,
    target: Target | None = None,
    reason: str = "",
) -> None:
    about = {"reason": reason} if reason else {"schedule": operation.schedule_id}
    place = {"namespace": target.namespace, "name": target.name} if target else {}
    await OPERATIONS.tell(context, operation, kind, message, {"operation": operation.id, **about}, **place)


async def rollout_failed(context: Context, operation: Operation, target: Target, why: OperationNote) -> None:
    """Write that a rollout failed."""
    after = f"{_action(operation)} by {operation.requested_by}"
    what = "resize" if operation.kind == "resize" else "rollout"
    message = f"The {what} of {target.full_name} failed after {after}: {why}"
    await _write(context, operation, "rollout.failed", message, target, why.reason)


async def rolled_back(context: Context, operation: Operation, target: Target, detail: str) -> None:
    """Write that the previous values were restored."""
    before = f"{_action(operation)} by {operation.requested_by}"
    message = f"{target.full_name} was rolled back to the values before {before}: {detail}"
    await _write(context, operation, "rollout.rolled_back", message, target)


async def finished(context: Context, operation: Operation) -> None:
    """Write how an operation ended."""
    counts = counts_of(target.state for target in operation.targets).model_dump(exclude={"total"})
    parts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
    action = _action(operation).capitalize()
    message = f"{action} by {operation.requested_by} {operation.state}: {parts}"
    if operation.state == "failed":
        first = next(target for target in operation.targets if target.state in FAILED)
        message = f"{message}; {first.full_name}: {first.detail}"
        await _write(context, operation, "operation.failed", message)
    else:
        await _write(context, operation, "operation.finished", message)


async def audit(context: Context, operation: Operation, target: Target, action: str, outcome: str) -> None:
    """Record what was done to a service."""
    stood = target.before.model_dump(mode="json") if target.before else None
    before = {"replicas": target.replicas_before, "before": stood}
    after = {"replicas": target.replicas_after, "state": target.state, "detail": target.detail}
    notes = [one.model_dump(mode="json") for one in target.notes]
    entry = entry_of(
        operation,
        action,
        outcome,
        namespace=target.namespace,
        name=target.name,
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps({**after, "notes": notes, "operation": operation.id}, ensure_ascii=False),
    )
    await context[AuditLogger].record(entry)
