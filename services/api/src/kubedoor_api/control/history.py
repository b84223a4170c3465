"""A service's past: the versions of its expert values, and bringing one back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.control import queries
from kubedoor_api.control.models import ChangedService, ResourceValues
from kubedoor_api.control.queries import Days, ServiceRow
from kubedoor_api.control.services import ITEM, change, standing
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, ModeName, Nothing, Policy, Replicas, ServicePath, Time, Version
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

HIGHEST = 2**64 - 1


class HistoryQuery(Model):
    """Which versions, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most versions to return"""
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,20}$")] = ""
    """`next_cursor` of the part before"""


class PastContainer(ResourceValues):
    """The expert's values of one container, as they were."""

    name: str
    """Name of the container"""


class Revision(Model):
    """One version of the expert's row."""

    version: Version
    """The version"""
    updated_at: Time
    """When it was written, UTC"""
    updated_by: str
    """Who wrote it"""
    removed: bool
    """Whether it removed the service"""
    replicas_manual: Replicas | None
    """Number of pods by hand"""
    replicas_ai: Replicas | None
    """Number of pods of an accepted advice"""
    advice_id: str
    """The advice that was accepted; empty: none"""
    replicas_policy: Policy
    """`as_found`, `autoscaled` or `pinned`"""
    mode: ModeName | None
    """The service's own admission mode"""
    note: str
    """What people wrote about it"""
    containers: list[PastContainer]
    """The expert's values"""

    @classmethod
    def of(cls, row: ExpertRow) -> Revision:
        """Return a version of the expert's row as it is told."""
        own = {"version": str(row.version), "removed": row.deleted}
        return cls.model_validate({name: getattr(row, name, None) for name in cls.model_fields} | own)


class History(Model):
    """One part of the versions, the latest first."""

    items: list[Revision]
    """The versions"""
    next_cursor: str | None
    """Goes into `cursor` for the next part; null at the end"""


class Restore(Model):
    """A version to bring back."""

    restore_version: Version
    """The version whose values are to hold again"""


@endpoint("GET", ITEM + "/history", tag="services", role=Role.VIEWER)
async def get_service_history(call: Call[ServicePath, HistoryQuery, Nothing]) -> History:
    """List the versions of a service's expert values, the latest first.

    Every version is kept, those of removed services too.
    """
    query = call.query
    before = _number("cursor", query.cursor) if query.cursor else HIGHEST
    rows = await queries.versions(call.context[ClickHouse], call.path, 0, max(before - 1, 0), query.limit)
    cursor = str(rows[-1].version) if len(rows) == query.limit else None
    return History(items=[Revision.of(row) for row in rows], next_cursor=cursor)


def _number(field: str, text: str) -> int:
    number = int(text)
    if number > HIGHEST:
        raise bad_field(field, "is no version", FieldCode.NO_VERSION)
    return number


@endpoint("POST", ITEM + "/restore", tag="services", role=Role.OPERATOR, if_match=True, conflicts=True)
async def restore_service(call: Call[ServicePath, Nothing, Restore]) -> ChangedService:
    """Bring back an old version of a service's expert values.

    It becomes a new version; nothing of the past is lost.
    """
    path, wanted = call.path, _number("restore_version", call.body.restore_version)
    found = await queries.versions(call.context[ClickHouse], path, wanted, wanted, limit=1)
    if not found:
        raise Problem(
            404,
            f"{path.full_name} has no version {wanted}",
            code=ProblemCode.NO_VERSION,
            parameters={**path.model_dump(), "version": str(wanted)},
        )
    if found[0].deleted:
        raise Problem(
            409,
            "That version removed the service: use DELETE for that",
            code=ProblemCode.VERSION_WAS_REMOVAL,
            parameters={"version": str(wanted)},
        )

    def decide(row: ServiceRow, days: Days) -> ExpertRow:
        standing(call, row, days)
        return replace(found[0], deleted=False)

    return await change(call, decide)
