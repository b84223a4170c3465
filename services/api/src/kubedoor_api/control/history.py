"""The endpoints of a service's past: its versions, bringing one back, and why a number is what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kubedoor_api.access.roles import Role
from kubedoor_api.control import queries
from kubedoor_api.control.explain import explain
from kubedoor_api.control.history_models import (
    Explanation,
    History,
    HistoryQuery,
    Restore,
    Revision,
)
from kubedoor_api.control.models import Service
from kubedoor_api.control.queries import Days, ServiceRow
from kubedoor_api.control.services import known, standing, write
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing, ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.domain.env_policy import LOOKBACK_DAYS, rule_of
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

ITEM = "/envs/{env}/services/{namespace}/{name}"
HIGHEST = 2**64 - 1


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
async def restore_service(call: Call[ServicePath, Nothing, Restore]) -> Service:
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

    return known(path, *(await write(call, decide)))


@endpoint("GET", ITEM + "/explanation", tag="services", role=Role.VIEWER)
async def explain_service(call: Call[ServicePath, Nothing, Nothing]) -> Explanation:
    """Say why a service's numbers are what they are.

    With the peak days that were looked at and which of them was chosen.
    """
    clickhouse, path = call.context[ClickHouse], call.path
    row, days = await queries.one(clickhouse, path)
    service, policy = known(path, row, days), await store.policy(call.context, path.env)
    since = (days.latest or date(1970, 1, 2)) - timedelta(days=policy[LOOKBACK_DAYS])
    collected = await queries.collected(clickhouse, path, since)
    return Explanation(
        replicas=service.replicas.effective,
        replicas_source=service.replicas.source,
        values=explain(service, collected, row.expert, rule_of(policy)),
    )
