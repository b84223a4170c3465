"""Who changed a service last: in the control table, by an operation, or past KubeDoor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kubedoor_api.kube.workloads import MANAGER
from kubedoor_api.workloads import queries
from kubedoor_api.workloads.pods import moment
from kubedoor_api.workloads.service_models import LastChange
from kubedoor_core.clickhouse import ClickHouse

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context
    from kubedoor_api.web.fields import ServicePath
    from kubedoor_core.clickhouse import Row

Json = dict[str, Any]

OURS = frozenset({MANAGER, "kube-controller-manager"})
"""Field managers that tell nothing: ourselves, and the controller that keeps the status."""


def edit_of(row: Row) -> LastChange:
    """Return the last change of the control table."""
    count = "no count" if row["replicas_manual"] is None else f"{row['replicas_manual']} pods"
    removed = "removed it from the control table" if row["deleted"] else f"{count} by hand"
    return LastChange(
        at=datetime.fromisoformat(row["updated_at"]),
        by=row["updated_by"],
        what="edit",
        detail=removed,
        operation_id=row["operation_id"],
    )


def operation_of(row: Row) -> LastChange:
    """Return the last operation that reached the service."""
    did = "restarted" if row["kind"] == "restart" else f"scaled to {row['replicas_after']} pods"
    did = "scaled" if row["kind"] == "scale" and row["replicas_after"] is None else did
    back = "values before brought back: " if row["rollback_of"] else ""
    detail = f"{back}{did} ({row['state']})" + (f": {row['detail']}" if row["detail"] else "")
    return LastChange(
        at=datetime.fromisoformat(row["at"]),
        by=row["requested_by"],
        what="operation",
        detail=detail,
        operation_id=row["id"],
    )


def past_us(deployment: Json) -> LastChange | None:
    """Return the last change of the Deployment's spec by another, as far as Kubernetes noted it."""
    found = [
        (at, str(entry.get("manager", "")), entry)
        for entry in deployment["metadata"].get("managedFields") or []
        if entry.get("manager") not in OURS
        and entry.get("subresource") in {None, "", "scale"}
        and "f:spec" in (entry.get("fieldsV1") or {})
        and (at := moment(entry.get("time")))
    ]
    if not found:
        return None
    at, manager, entry = max(found, key=lambda each: each[0])
    how = "scaled" if entry.get("subresource") == "scale" else "changed the Deployment"
    return LastChange(at=at.astimezone(UTC), by=manager, what="cluster", detail=how, operation_id="")


async def last_changes(context: Context, key: ServicePath) -> list[LastChange]:
    """Return the last edit and the last operation, if there were any."""
    edited = await queries.last_edit(context[ClickHouse], key)
    acted = await queries.last_operation(context[ClickHouse], key)
    return [*([edit_of(edited)] if edited else []), *([operation_of(acted)] if acted else [])]
