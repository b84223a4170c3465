"""Looking at a service's past, and bringing a version back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.commits.writer import Writer
from kubedoor_api.control.history import queries
from kubedoor_api.control.history.explain import Rules, explain
from kubedoor_api.control.history.models import (
    Explanation,
    History,
    HistoryQuery,
    PastContainer,
    Restore,
    Revision,
)
from kubedoor_api.control.services import service as services
from kubedoor_api.control.services.models import Service
from kubedoor_api.control.services.queries import latest_date
from kubedoor_api.settings import service as preferences
from kubedoor_api.web.fields import Nothing, ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Call, Context
    from kubedoor_core.clickhouse import Row

HIGHEST = 2**64 - 1
VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
KEPT = ("replicas_manual", "replicas_policy", "mode", "note", "containers.name",
        *(f"containers.{name}" for name in VALUES))  # fmt: skip


def _containers(row: Row) -> list[PastContainer]:
    columns = zip(*(row[f"containers.{name}"] for name in VALUES), strict=True)
    return [
        PastContainer(name=name, **dict(zip(VALUES, values, strict=True)))
        for name, values in zip(row["containers.name"], columns, strict=True)
    ]


def _revision(row: Row) -> Revision:
    return Revision(
        version=str(row["version"]),
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        removed=row["deleted"],
        replicas_manual=row["replicas_manual"],
        replicas_policy=row["replicas_policy"],
        mode=row["mode"],
        note=row["note"],
        containers=_containers(row),
    )


def _number(field: str, text: str) -> int:
    number = int(text)
    if number > HIGHEST:
        raise bad_field(field, "is no version", FieldCode.NO_VERSION)
    return number


async def history(context: Context, path: ServicePath, query: HistoryQuery) -> History:
    """Return one part of the versions; a removed service has a past, too."""
    rows = await queries.versions(
        context[ClickHouse],
        path,
        before=_number("cursor", query.cursor) if query.cursor else HIGHEST,
        limit=query.limit,
    )
    cursor = str(rows[-1]["version"]) if len(rows) == query.limit else None
    return History(items=[_revision(row) for row in rows], next_cursor=cursor)


async def restore(call: Call[ServicePath, Nothing, Restore]) -> Service:
    """Write an old version's values as a new version.

    :raises Problem: 404 for a version that never was, 412 for a stale If-Match, 409 for a tombstone.
    """
    context, path = call.context, call.path
    wanted = _number("restore_version", call.body.restore_version)
    old = await queries.version_row(context[ClickHouse], path, version=wanted)
    if old is None:
        raise Problem(
            404,
            f"{path.full_name} has no version {wanted}",
            code=ProblemCode.NO_VERSION,
            parameters={**path.model_dump(), "version": str(wanted)},
        )
    if old["deleted"]:
        raise Problem(
            409,
            "That version removed the service: use DELETE for that",
            code=ProblemCode.VERSION_WAS_REMOVAL,
            parameters={"version": str(wanted)},
        )

    async def prepare() -> list[Row]:
        standing = await services.require(context, path, call.if_match)
        row = {**path.model_dump(), **{name: old[name] for name in KEPT}, "deleted": False}
        call.audit.set(standing, row)
        return [row]

    await context[Writer].commit("control", call.caller.principal.name, prepare, call.audit)
    return await services.get(context, path)


async def why(context: Context, path: ServicePath) -> Explanation:
    """Explain a service's numbers.

    :raises Problem: 404.
    """
    service = await services.get(context, path)
    latest = await latest_date(context[ClickHouse], path.env) or date(1970, 1, 2)
    settings = await preferences.values(context, path.env)
    lookback = int(settings["lookback_days"])
    rows = await queries.days(context[ClickHouse], path, since=latest - timedelta(days=lookback))
    versions = await queries.versions(context[ClickHouse], path, before=HIGHEST, limit=1)
    return Explanation(
        replicas=service.replicas.effective,
        replicas_source=service.replicas.source,
        values=explain(service, rows, versions[0] if versions else {}, Rules.of(settings)),
    )
