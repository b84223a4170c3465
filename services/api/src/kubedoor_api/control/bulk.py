"""The endpoints of many services at once: batch changes, export and import, each all or nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.admission.masters import QuotaExceeded
from kubedoor_api.admission.models import AdmissionNote
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.commits.writer import Writer
from kubedoor_api.control import queries
from kubedoor_api.control.bounds import bounds_of_edit
from kubedoor_api.control.csv_rows import CsvError, from_csv, to_csv
from kubedoor_api.control.edit import apply_edit, check_advised, check_limits, editable
from kubedoor_api.control.models import (
    MAX_SERVICES,
    ExpertService,
    ExpertValues,
    ServiceEdit,
    expert_service,
)
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Call, Caller, Download, endpoint
from kubedoor_api.web.fields import (
    AskedService,
    EnvPath,
    Model,
    Nothing,
    ServiceKey,
    ServiceName,
    Version,
    fault,
    kind_error,
    path_of,
    require_once,
)
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ContainerValues, ExpertRow
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

B = TypeVar("B", bound=BaseModel)

SERVICES = "/envs/{env}/services"
MAX_ERRORS = 100
CONFLICT = 409
Action = Literal["added", "changed", "unchanged"]


class BatchItem(AskedService):
    """A change of one service."""

    version: Version
    """The `version` that the change is based on"""
    edit: ServiceEdit
    """The change"""


class Batch(Model):
    """Changes of many services."""

    changes: Annotated[list[BatchItem], Field(min_length=1, max_length=MAX_SERVICES)]
    """The changes, each service once"""
    dry_run: bool = False
    """Only say what would change"""

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        require_once("changes", self.changes)
        return self


class Import(Model):
    """Services to import: a list, or CSV as `exportServices` gives it."""

    services: Annotated[list[ExpertService], Field(max_length=MAX_SERVICES)] | None = None
    """The services"""
    csv: Annotated[str, Field(max_length=4_000_000)] | None = None
    """The same as CSV, a line per container"""
    dry_run: bool = False
    """Only say what would change"""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.services is None) == (self.csv is None):
            reason = "give either services or csv"
            raise fault(FieldCode.ONE_OF, reason, "services", fields=["services", "csv"])
        require_once("services", self.services or [])
        return self


class BulkItem(ServiceName):
    """What becomes of one service."""

    action: Action
    """`added` registers it, or brings a removed one back"""
    before: ExpertService | None
    """The expert's values before; null where there are none"""
    after: ExpertService
    """The expert's values after"""
    notes: list[AdmissionNote]
    """Values that the namespace's LimitRange does not allow as they are; empty where nothing changes"""


class BulkResult(Model):
    """What was changed, or would be."""

    dry_run: bool
    """True: nothing was changed"""
    added: int
    """Services that were not registered by hand before"""
    changed: int
    """Services with other values than before"""
    unchanged: int
    """Services that are as they were"""
    version: Version | None
    """Version of every row that was written; null where none was"""
    items: list[BulkItem]
    """Each service"""
    quotas_exceeded: list[QuotaExceeded]
    """Quotas of the namespaces that do not hold what the control table's values of their services come to"""


class ExportQuery(Model):
    """How to export."""

    format: Literal["csv", "json"] = "csv"
    """`csv`: a line per container; `json`: what `importServices` takes"""


class Standing(NamedTuple):
    """What an env has: the expert's rows, tombstones included, and the containers of the derived ones."""

    expert: dict[ServiceKey, ExpertRow]
    derived: dict[ServiceKey, tuple[ContainerValues, ...]]


class Change(NamedTuple):
    """A change of one service.

    :ivar place: its place in the request.
    :ivar base: the row to build on.
    """

    place: str
    edit: ExpertValues
    base: ExpertRow


def plan(changes: Iterable[Change], standing: Standing) -> tuple[list[BulkItem], list[ExpertRow]]:
    """Say what becomes of each service, and return the rows of those that change.

    :raises Problem: 400 for what is invalid.
    """
    items: list[BulkItem] = []
    rows: list[ExpertRow] = []
    errors: list[FieldError] = []
    for place, edit, base in changes:
        row = apply_edit(base, edit)
        named = ServiceName(namespace=row.namespace, kind=row.kind, name=row.name)
        if wrong := kind_error(named, f"{place}.kind"):
            errors.append(wrong)
            continue
        errors.extend(
            {**error, "field": f"{place}.{error['field']}"}
            for error in (
                *check_advised(base, edit),
                *check_limits(row, edit, standing.derived.get(row.key, ())),
            )
        )
        old = standing.expert.get(row.key)
        before, after = expert_service(old), ExpertService.model_validate(row)
        action: Action = "added" if before is None else "unchanged" if before == after else "changed"
        told = {**named.model_dump(), "action": action, "before": before, "after": after, "notes": []}
        items.append(BulkItem.model_validate(told))
        if action != "unchanged":
            rows.append(row)
    _refuse(errors)
    return items, rows


def _refuse(errors: list[FieldError], status: int = 400) -> None:
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        detail = f"Nothing was changed: {errors[0]['field']}: {errors[0]['reason']}{more}"
        changed = status == CONFLICT
        missing = [error["parameters"] for error in errors if error["code"] is FieldCode.ROLE_MISSING]
        raise Problem(
            status,
            detail,
            code=ProblemCode.SERVICES_CHANGED if changed else None,
            errors=errors[:MAX_ERRORS],
            parameters={"count": len(errors)} if changed else next(iter(missing), {}),
        )


def _authorize(caller: Caller, env: str, place: str, namespaces: Iterable[str]) -> None:
    """Refuse the whole where the caller may not change the services of some namespace.

    :raises Problem: 403 naming each service.
    """
    grants = caller.principal.grants
    reason = f"takes the role {Role.OPERATOR.value} in namespace"
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


def _changes(body: Batch, env: str, standing: Standing) -> list[Change]:
    """Return the changes, each against its version.

    :raises Problem: 409 naming each service that was changed since, or is not registered.
    """
    errors: list[FieldError] = []
    changes: list[Change] = []
    for index, item in enumerate(body.changes):
        row = standing.expert.get(item.key)
        by = row.updated_by if row else ""
        if row.deleted if row else item.key not in standing.derived:
            code, reason = FieldCode.NOT_REGISTERED, "is not registered"
        elif item.version != str(row.version if row else 0):
            code, reason = FieldCode.CHANGED_SINCE, f"was changed by {by or 'nobody'} since"
        else:
            base = editable(row, path_of(env, item))
            changes.append(Change(f"changes.{index}.edit", item.edit, base))
            continue
        about = {"namespace": item.namespace, "kind": item.kind, "name": item.name, "by": by}
        wrong = f"{item.full_name} {reason}"
        errors.append({"field": f"changes.{index}", "reason": wrong, "code": code, "parameters": about})
    _refuse(errors, CONFLICT)
    return changes


async def _apply(
    call: Call[EnvPath, Nothing, B], changes: Callable[[Standing], Iterable[Change]], *, dry_run: bool
) -> BulkResult:
    """Make changes in one commit, or say what they would do."""
    clickhouse, env = call.context[ClickHouse], call.path.env
    items: list[BulkItem] = []
    quotas: list[QuotaExceeded] = []
    written = False

    async def prepare() -> list[dict[str, object]]:
        nonlocal written
        standing = Standing(
            *await asyncio.gather(
                queries.expert_rows(clickhouse, env), queries.derived_containers(clickhouse, env)
            )
        )
        items[:], rows = plan(changes(standing), standing)
        written = bool(rows)
        bounds = await bounds_of_edit(call.context, env, rows)
        items[:] = [item.model_copy(update={"notes": bounds.notes.get(item.key, [])}) for item in items]
        quotas[:] = bounds.quotas_exceeded
        changed = [item for item in items if item.action != "unchanged"]
        before = [item.before.model_dump() if item.before else None for item in changed]
        call.audit.set(before, [item.after.model_dump() for item in changed])
        return [row.columns() for row in rows]

    version = None
    if dry_run:
        await prepare()
    else:
        version = await call.context[Writer].commit(
            "control", call.caller.principal.name, prepare, call.audit
        )
    return BulkResult(
        dry_run=dry_run,
        version=str(version) if version is not None and written else None,
        items=items,
        quotas_exceeded=quotas,
        **{
            action: sum(item.action == action for item in items)
            for action in ("added", "changed", "unchanged")
        },
    )


@endpoint("POST", SERVICES + "/batch", tag="services", role=Role.OPERATOR, conflicts=True, by_target=True)
async def change_services(call: Call[EnvPath, Nothing, Batch]) -> BulkResult:
    """Change many services at once, all or none.

    Each against the version it is based on; 409 names the ones that were changed since. It takes the role
    in the namespace of each.
    """
    env, body = call.path.env, call.body
    _authorize(call.caller, env, "changes", (item.namespace for item in body.changes))
    return await _apply(call, lambda standing: _changes(body, env, standing), dry_run=body.dry_run)


@endpoint("POST", SERVICES + "/import", tag="services", role=Role.OPERATOR, by_target=True)
async def import_services(call: Call[EnvPath, Nothing, Import]) -> BulkResult:
    """Import what was exported, from CSV or JSON, all or none.

    The named services' expert values become exactly the given ones, unregistered services are
    registered, others stay as they are. With `dry_run` it only says what would change. It takes the
    role in the namespace of each.
    """
    env, body = call.path.env, call.body
    place, services = await call.context[Computing].run(_given, body)
    _authorize(call.caller, env, place, (service.namespace for service in services))

    def changes(standing: Standing) -> list[Change]:
        return [
            Change(f"{place}.{index}", service, _blank(env, service, standing.expert.get(service.key)))
            for index, service in enumerate(services)
        ]

    return await _apply(call, changes, dry_run=body.dry_run)


def _blank(env: str, service: ExpertService, row: ExpertRow | None) -> ExpertRow:
    """Return what an import builds on: nothing but an advice that was accepted."""
    blank, standing = editable(None, path_of(env, service)), editable(row, path_of(env, service))
    return replace(blank, replicas_ai=standing.replicas_ai, advice_id=standing.advice_id)


def _given(body: Import) -> tuple[str, list[ExpertService]]:
    if body.services is not None:
        return "services", body.services
    try:
        return "csv", from_csv(body.csv or "")
    except CsvError as error:
        raise Problem(400, f"Nothing was changed: {error}", errors=error.errors) from error


@endpoint(
    "GET",
    SERVICES + "/export",
    tag="services",
    role=Role.VIEWER,
    media_types=("text/csv", "application/json"),
    by_target=True,
)
async def export_services(call: Call[EnvPath, ExportQuery, Nothing]) -> Download:
    """Download what the experts have entered, as CSV or JSON.

    Of the namespaces that you may see.
    """
    scope = await namespace_scope(call.caller, call.context, call.path.env)
    rows = (await queries.expert_rows(call.context[ClickHouse], call.path.env, scope)).values()
    standing = [row for row in rows if not row.deleted]
    name = f"kubedoor-services.{call.query.format}"
    if call.query.format == "csv":
        return Download(to_csv(standing), "text/csv", name)
    services = [ExpertService.model_validate(row).model_dump() for row in standing]
    text = json.dumps({"services": services}, ensure_ascii=False, indent=1)
    return Download(text + "\n", "application/json", name)
