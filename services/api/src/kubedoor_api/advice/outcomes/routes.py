"""The endpoints of what became of advice, with what is asked and told: statistics, taking one back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from datetime import date as LocalDate  # noqa: N812 as in the other models
from functools import partial
from zoneinfo import ZoneInfo

from kubedoor_api.access.roles import Role
from kubedoor_api.advice.models import AdviceStatistics, DecidedInMonth, RollBackItem, StatisticsQuery
from kubedoor_api.advice.outcomes import queries
from kubedoor_api.advice.outcomes.looks import Acceptance, OutcomeState, Worse
from kubedoor_api.advice.outcomes.queries import DecidedRow
from kubedoor_api.advice.outcomes.watching import roll_back
from kubedoor_api.advice.queries import Which
from kubedoor_api.advice.routes import COLLECTION
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.operations import serializers
from kubedoor_api.operations.models import OperationDetail
from kubedoor_api.operations.requests import authorize_targets, require_cluster
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, Page, ServiceName, Time, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import CURRENCY, prices_of
from kubedoor_core.domain.prices import Prices
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem


class OutcomesQuery(Page):
    """Which accepted advice, the newest first."""

    state: OutcomeState | None = None
    """Only of this state"""
    since: LocalDate | None = None
    """First local day; without it a year ago"""


class AcceptedAdvice(ServiceName):
    """The latest acceptance of a service, and what became of it."""

    advice_id: str
    """The advice"""
    at: Time
    """When it was accepted, UTC"""
    actor: str
    """Who accepted it"""
    before: int
    """Pods that the service had when the advice was made"""
    replicas: int
    """The count that was accepted"""
    looks: int
    """Days since on which the service ran with that count and was looked at, at most three"""
    state: OutcomeState
    """`held`: nothing got worse on three days; `regretted`: something did; `watched`: not known yet"""
    worse: list[Worse]
    """What got worse on the last of these days"""
    stands: bool
    """Whether the control table has its count still, so that it can be rolled back"""
    operation_id: str
    """The operation that scaled to the count; empty where none did"""


class AcceptedAdvicePage(Model):
    """One part of the accepted advice of an env."""

    items: list[AcceptedAdvice]
    """The acceptances"""
    total: int
    """How many there are in all parts"""


A_YEAR = timedelta(days=365)
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@endpoint("GET", COLLECTION + "/statistics", tag="advice", role=Role.VIEWER, by_target=True)
async def get_advice_statistics(call: Call[EnvPath, StatisticsQuery, Nothing]) -> AdviceStatistics:
    """Say how much advice was accepted, how it fared, and what was saved by it, as measured.

    Of the namespaces that you may see.
    """
    context, env = call.context, call.path.env
    begun = _begin(call.query.since, context)
    which = Which(scope=await namespace_scope(call.caller, context, env))
    rows = await queries.decided(context[ClickHouse], env, begun, which)
    policy = await store.policy(context, env)
    items = [_month(row, prices_of(policy)) for row in rows]
    money = [one.money_month for one in items if one.money_month is not None]
    return AdviceStatistics(
        since=begun.date(),
        accepted=sum(one.accepted for one in items),
        dismissed=sum(one.dismissed for one in items),
        expired=sum(one.expired for one in items),
        held=sum(one.held for one in items),
        regretted=sum(one.regretted for one in items),
        money_month=round(sum(money), 2) if money else None,
        currency=policy[CURRENCY],
        items=items,
    )


def _begin(since: date | None, context: Context) -> datetime:
    """Return the first moment of a local day; without one, of the day a year ago."""
    zone = ZoneInfo(context[ApiSettings].timezone)
    return datetime.combine(since or (datetime.now(UTC).astimezone(zone) - A_YEAR).date(), time(), zone)


@endpoint("GET", COLLECTION + "/outcomes", tag="advice", role=Role.VIEWER, by_target=True)
async def list_advice_outcomes(call: Call[EnvPath, OutcomesQuery, Nothing]) -> AcceptedAdvicePage:
    """List accepted advice, the latest acceptance of each service, and what became of it.

    Of the namespaces that you may see.
    """
    context, env, query = call.context, call.path.env, call.query
    which = Which(scope=await namespace_scope(call.caller, context, env))
    part = partial(queries.became, context[ClickHouse], env, _begin(query.since, context), which, query.state)
    rows, total = await page_of(part, query)
    return AcceptedAdvicePage(items=list(map(AcceptedAdvice.model_validate, rows)), total=total)


def _month(row: DecidedRow, prices: Prices) -> DecidedInMonth:
    known = row.cpu_m is not None and row.mem_mib is not None
    money = prices.money(row.cpu_m or 0, row.mem_mib or 0) if known else None
    return DecidedInMonth(**row._asdict(), money_month=None if money is None else round(money, 2))


@endpoint(
    "POST",
    COLLECTION + "/rollback",
    tag="advice",
    role=Role.OPERATOR,
    status=202,
    conflicts=True,
    by_target=True,
)
async def roll_back_advice(call: Call[EnvPath, Nothing, RollBackItem]) -> OperationDetail:
    """Take an accepted advice back: the control table and the Deployment get the counts of before.

    Answers the operation that does so; asking twice makes one. 409 where the service has another count since.
    """
    context, env, item = call.context, call.path.env, call.body
    authorize_targets(call.caller, Role.OPERATOR, env, [item.namespace])
    require_cluster(context, env)
    rows = await queries.acceptances(context[ClickHouse], env, EVER)
    found = next((row for row in rows if row.advice_id == item.advice_id), None)
    operation = None
    if found is not None and (found.namespace, found.name) == (item.namespace, item.name):
        zone = ZoneInfo(context[ApiSettings].timezone)
        one = Acceptance(*found[:5], found.at.astimezone(zone).date(), found.operation_id)
        operation = await roll_back(context, env, one, call.caller.principal.name)
    if operation is None:
        raise Problem(
            409,
            f"{item.full_name} does not have the count of this advice any more: nothing was rolled back",
            code=ProblemCode.ADVICE_OUTDATED,
            parameters={"count": 1, "namespace": item.namespace, "name": item.name},
        )
    call.audit.set(None, {**item.model_dump(), "operation_id": operation.id})
    return serializers.detail_of(context, operation)
