"""Changing many services in one commit, or saying what that would do."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.commits.writer import Writer
from kubedoor_api.control.bulk import queries
from kubedoor_api.control.bulk.csv_rows import CsvError, from_csv, to_csv
from kubedoor_api.control.bulk.models import Batch, BulkItem, BulkResult, ExpertService, ExportQuery, Import
from kubedoor_api.control.services.edit import apply_edit, check_limits, empty_row
from kubedoor_api.control.services.models import ServiceEdit
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Download
from kubedoor_api.web.fields import EnvPath, Nothing, ServiceKey, path_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubedoor_api.web.endpoint import Call, Caller
    from kubedoor_core.clickhouse import Row

    Change = tuple[str, ServiceKey, ServiceEdit, Row, Row | None]
    """Its place in the request, the service, the edit, the row to build on, the row that stood."""

STAMPS = ("version", "updated_at", "updated_by")
MAX_ERRORS = 100
CONFLICT = 409


def _plain(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in STAMPS}


def _item(row: Row, before: Row | None) -> BulkItem:
    old = _plain(before) if before and not before["deleted"] else None
    action = "added" if old is None else "unchanged" if old == row else "changed"
    return BulkItem.model_validate(
        {
            **{name: row[name] for name in ("namespace", "kind", "name")},
            "action": action,
            "before": old,
            "after": row,
        }
    )


def plan(
    changes: Iterable[Change], derived: dict[ServiceKey, Row]
) -> tuple[list[BulkItem], list[FieldError]]:
    """Say what becomes of each service, and what is invalid."""
    items: list[BulkItem] = []
    errors: list[FieldError] = []
    for place, key, edit, base, before in changes:
        row = apply_edit(base, edit)
        errors.extend(
            {**error, "field": f"{place}.{error['field']}"}
            for error in check_limits(row, edit, derived.get(key, {}))
        )
        items.append(_item(row, before))
    return items, errors


def _result(items: list[BulkItem], version: int | None) -> BulkResult:
    """Return what was done; without a version nothing was."""
    count = {
        action: sum(item.action == action for item in items) for action in ("added", "changed", "unchanged")
    }
    written = version is not None and count["unchanged"] < len(items)
    return BulkResult(
        dry_run=version is None, version=str(version) if written else None, items=items, **count
    )


def _refuse(errors: list[FieldError], status: int = 400) -> None:
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        detail = f"Nothing was changed: {errors[0]['field']}: {errors[0]['reason']}{more}"
        changed = status == CONFLICT
        raise Problem(
            status,
            detail,
            code=ProblemCode.SERVICES_CHANGED if changed else None,
            errors=errors[:MAX_ERRORS],
            parameters={"count": len(errors)} if changed else _role_of(errors),
        )


def _role_of(errors: list[FieldError]) -> dict[str, Any]:
    """Return the role that is missing, as any 403 has it."""
    missing = [error["parameters"] for error in errors if error["code"] is FieldCode.ROLE_MISSING]
    return missing[0] if missing else {}


def _authorize(caller: Caller, env: str, place: str, namespaces: Iterable[str]) -> None:
    """Refuse the whole where the caller may not change the services of some namespace.

    :raises Problem: 403 naming each service.
    """
    grants = caller.principal.grants
    reason = f"requires the role {Role.OPERATOR.value} in namespace"
    errors: list[FieldError] = [
        {
            "field": f"{place}.{index}.namespace",
            "reason": f"{reason} {namespace}",
            "code": FieldCode.ROLE_MISSING,
            "parameters": {"role": Role.OPERATOR.value, "namespace": namespace},
        }
        for index, namespace in enumerate(namespaces)
        if not allowed(grants, Role.OPERATOR, env, namespace)
    ]
    _refuse(errors, 403)


def _stale(
    call: Call[EnvPath, Nothing, Batch], rows: dict[ServiceKey, Row], derived: dict[ServiceKey, Row]
) -> list[FieldError]:
    errors: list[FieldError] = []
    for index, item in enumerate(call.body.changes):
        key = item.key
        row = rows.get(key)
        removed = row is not None and row["deleted"]
        if removed or (row is None and key not in derived):
            code, reason = FieldCode.NOT_REGISTERED, "is not registered"
        elif item.version != str(row["version"] if row else 0):
            reason = f"was changed by {row['updated_by'] if row else 'nobody'} since"
            code = FieldCode.CHANGED_SINCE
        else:
            continue
        about = item.model_dump(include={"namespace", "kind", "name"})
        about |= {"by": row["updated_by"] if row else ""}
        wrong = f"{item.full_name} {reason}"
        errors.append({"field": f"changes.{index}", "reason": wrong, "code": code, "parameters": about})
    return errors


async def batch(call: Call[EnvPath, Nothing, Batch]) -> BulkResult:
    """Change many services against their versions, all or none.

    :raises Problem: 403 for services that the caller may not change, 409 for stale or unknown ones, 400
        for invalid values.
    """
    context, env, body = call.context, call.path.env, call.body
    _authorize(call.caller, env, "changes", (item.namespace for item in body.changes))
    items: list[BulkItem] = []

    async def prepare() -> list[Row]:
        rows, derived = await asyncio.gather(
            queries.control(context[ClickHouse], env), queries.derived(context[ClickHouse], env)
        )
        _refuse(_stale(call, rows, derived), 409)
        changes = []
        for index, item in enumerate(body.changes):
            key = item.key
            base = rows.get(key) or empty_row(path_of(env, item))
            changes.append((f"changes.{index}.edit", key, item.edit, base, rows.get(key)))
        found, errors = plan(changes, derived)
        _refuse(errors)
        items[:] = found
        if body.dry_run:
            return []
        changed = [item for item in found if item.action != "unchanged"]
        call.audit.set([item.before for item in changed], [item.after for item in changed])
        return [item.after for item in changed]

    if body.dry_run:
        await prepare()
        return _result(items, None)
    version = await context[Writer].commit("control", call.caller.principal.name, prepare, call.audit)
    return _result(items, version)


def _whole(service: ExpertService) -> ServiceEdit:
    """Turn whole values into an edit that sets every field."""
    values = service.model_dump(exclude={"namespace", "kind", "name"})
    return ServiceEdit.model_validate(values)


def _given(body: Import) -> tuple[str, list[ExpertService]]:
    if body.services is not None:
        return "services", body.services
    try:
        return "csv", from_csv(body.csv or "")
    except CsvError as error:
        raise Problem(400, f"Nothing was changed: {error}", errors=error.errors) from error


async def import_(call: Call[EnvPath, Nothing, Import]) -> BulkResult:
    """Make the expert's values of the given services what they are given as; others stay.

    :raises Problem: 403 for services that the caller may not change, 400 naming each field that can't be
        taken.
    """
    context, env, body = call.context, call.path.env, call.body
    place, services = await context[Computing].run(_given, body)
    _authorize(call.caller, env, place, (service.namespace for service in services))
    items: list[BulkItem] = []

    async def prepare() -> list[Row]:
        rows, derived = await asyncio.gather(
            queries.control(context[ClickHouse], env), queries.derived(context[ClickHouse], env)
        )
        changes = []
        for index, service in enumerate(services):
            base = empty_row(path_of(env, service))
            standing = rows.get(service.key)
            changes.append((f"{place}.{index}", service.key, _whole(service), base, standing))
        found, errors = plan(changes, derived)
        _refuse(errors)
        items[:] = found
        if body.dry_run:
            return []
        changed = [item for item in found if item.action != "unchanged"]
        call.audit.set([item.before for item in changed], [item.after for item in changed])
        return [item.after for item in changed]

    if body.dry_run:
        await prepare()
        return _result(items, None)
    version = await context[Writer].commit("control", call.caller.principal.name, prepare, call.audit)
    return _result(items, version)


def _expert(row: Row) -> dict[str, Any]:
    names = ("namespace", "kind", "name", "replicas_manual", "replicas_policy", "mode", "note")
    values = ("name", "request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
    columns = zip(*(row[f"containers.{name}"] for name in values), strict=True)
    containers = [dict(zip(values, container, strict=True)) for container in columns]
    return {**{name: row[name] for name in names}, "containers": containers}


async def export(call: Call[EnvPath, ExportQuery, Nothing]) -> Download:
    """Give out the expert's rows of an env, of what the caller may see."""
    scope = await namespace_scope(call.caller, call.context, call.path.env)
    rows = (await queries.control(call.context[ClickHouse], call.path.env, scope)).values()
    standing = [row for row in rows if not row["deleted"]]
    name = f"kubedoor-services.{call.query.format}"
    if call.query.format == "csv":
        return Download(to_csv(standing), "text/csv", name)
    text = json.dumps({"services": [_expert(row) for row in standing]}, ensure_ascii=False, indent=1)
    return Download(text + "\n", "application/json", name)
