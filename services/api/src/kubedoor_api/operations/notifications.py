"""The notification text of operations: events for the team's chat, and rows of the audit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.operations import queries
from kubedoor_api.operations.serializers import counts_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.operations.job import Job, Step
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row

Severity = Literal["info", "warning", "error"]

log = get_logger(__name__)


def words(job: Job) -> str:
    """Say what an operation does."""
    return f"bringing back {job.rollback_of}" if job.rollback_of else job.kind


def _event(job: Job, kind: str, severity: Severity, message: str, step: Step | None = None) -> Row:
    # One identity however often it is told: an API that died may have told it already.
    place = f":{step.full_name}" if step else ""
    return {
        "id": f"{kind}:{job.id}{place}",
        "at": timestamp(datetime.now(UTC)),
        "env": job.env,
        "namespace": step.namespace if step else "",
        "name": step.name if step else "",
        "kind": kind,
        "severity": severity,
        "message": message,
        "data": json.dumps({"operation": job.id, "schedule": job.schedule_id}),
        "source": "api",
    }


async def _tell(context: Context, event: Row) -> None:
    try:
        await queries.insert_events(context[ClickHouse], [event])
    except KubeDoorError as error:
        log.warning("operation.not_told", kind=event["kind"], event_id=event["id"], reason=str(error))


async def rollout_failed(context: Context, job: Job, step: Step, kind: str, reason: str) -> None:
    """Tell that a rollout failed.

    :param kind: `crash_loop`, `oom`, `image` or `no_progress`.
    """
    message = f"The rollout of {step.full_name} failed after {words(job)} by {job.requested_by}: {reason}"
    event = _event(job, "rollout.failed", "error", message, step)
    await _tell(context, {**event, "data": json.dumps({"operation": job.id, "reason": kind})})


async def rolled_back(context: Context, job: Job, step: Step, detail: str) -> None:
    """Tell that the previous values were restored."""
    message = (
        f"{step.full_name} was rolled back to the values before {words(job)} by {job.requested_by}: {detail}"
    )
    await _tell(context, _event(job, "rollout.rolled_back", "warning", message, step))


async def finished(context: Context, job: Job) -> None:
    """Tell how an operation ended."""
    counts = counts_of(step.state for step in job.steps)
    parts = [
        f"{number} {name.replace('_', ' ')}"
        for name, number in counts.model_dump(exclude={"total"}).items()
        if number
    ]
    message = f"{words(job).capitalize()} by {job.requested_by} {job.state}: {', '.join(parts)}"
    if job.state == "failed":
        first = next(step for step in job.steps if step.state in {"failed", "rolled_back"})
        message = f"{message}; {first.full_name}: {first.detail}"
        await _tell(context, _event(job, "operation.failed", "error", message))
    else:
        await _tell(context, _event(job, "operation.finished", "info", message))


async def audit(context: Context, job: Job, step: Step, action: str, outcome: str) -> None:
    """Record what was done to a service."""
    before = {"replicas": step.replicas_before, "before": json.loads(step.before) if step.before else None}
    after = {"replicas": step.replicas_after, "state": step.state, "detail": step.detail}
    entry = AuditEntry(
        actor=job.requested_by,
        role="",
        remote="",
        request_id=job.id,
        action=action,
        outcome=outcome,
        env=job.env,
        namespace=step.namespace,
        name=step.name,
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps({**after, "operation": job.id}, ensure_ascii=False),
    )
    await context[AuditLogger].record(entry)
