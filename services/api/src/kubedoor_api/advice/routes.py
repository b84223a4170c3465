"""The endpoints that show advice: of many services, and of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kubedoor_api.access.roles import Role
from kubedoor_api.advice import queries
from kubedoor_api.advice.making import keep, made
from kubedoor_api.advice.models import Advice, AdviceList, AdviceQuery, AdviceTotals, VerdictCount
from kubedoor_api.advice.queries import VerdictTotals, Which
from kubedoor_api.advice.stored import advice_of
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.control.services import get as get_registered
from kubedoor_api.settings import store
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath, require_deployment
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.domain.env_policy import ADVICE_RULES, CURRENCY, EnvPolicy
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

COLLECTION = "/envs/{env}/advice"
ITEM = COLLECTION + "/{namespace}/{name}"
STALE = timedelta(days=2)

log = get_logger(__name__)


@endpoint("GET", COLLECTION, tag="advice", role=Role.VIEWER, by_target=True)
async def list_advice(call: Call[EnvPath, AdviceQuery, Nothing]) -> AdviceList:
    """List the latest advice on the pod counts of an env's services.

    Of the namespaces that you may see. It is made once a day, after the collection, by rules alone.
    """
    context, env, query = call.context, call.path.env, call.query
    clickhouse, which = (
        context[ClickHouse],
        Which(query.namespace, scope=await namespace_scope(call.caller, context, env)),
    )
    policy = await store.policy(context, env)
    as_of = await queries.made_as_of(clickhouse, env)
    if as_of is None:
        return AdviceList(items=[], totals=_totals([], policy), as_of=None, stale=False)
    having, part = (query.verdict, query.min_month), (query.limit, query.offset)
    rows = await queries.page(clickhouse, env, as_of, which, having, query.sort, part)
    rules, keys = policy[ADVICE_RULES].rules, [(row["namespace"], row["name"]) for row in rows]
    since = as_of - timedelta(days=rules.days - 1)
    loads = await queries.loads(clickhouse, env, since, as_of, keys)
    return AdviceList(
        items=[advice_of(row, rules, loads.get(key, ())) for row, key in zip(rows, keys, strict=True)],
        totals=_totals(await queries.totals(clickhouse, env, as_of, which, having), policy),
        as_of=as_of,
        stale=is_stale(as_of, context[ApiSettings]),
    )


def is_stale(as_of: date, settings: ApiSettings) -> bool:
    """Tell whether a local day is more than two days ago."""
    return datetime.now(UTC).astimezone(ZoneInfo(settings.timezone)).date() - as_of > STALE


def _totals(found: Sequence[VerdictTotals], policy: EnvPolicy) -> AdviceTotals:
    money = [one.money for one in found if one.money is not None]
    return AdviceTotals(
        services=sum(one.listed_services for one in found),
        pods=sum(one.pods for one in found),
        cpu_m=sum(one.cpu_m or 0 for one in found),
        mem_mib=sum(one.mem_mib or 0 for one in found),
        money_month=round(sum(money), 2) if money else None,
        currency=policy[CURRENCY],
        verdicts=[VerdictCount.model_validate(one) for one in found],
    )


@endpoint("GET", ITEM, tag="advice", role=Role.VIEWER, conflicts=True)
async def get_advice(call: Call[ServicePath, Nothing, Nothing]) -> Advice:
    """Show the advice on one Deployment, made anew.

    Where its cluster can't be asked at the moment, the latest that was made; 404 where there is none.
    """
    require_deployment(call.path)
    context, path = call.context, call.path
    once = ("advice", *path.model_dump().values())
    row = await context[SingleFlight].get(once, lambda: renew(context, path))
    rules = (await store.policy(context, path.env))[ADVICE_RULES].rules
    if row is None:
        await get_registered(context, path)
        raise Problem(
            404,
            f"There is no advice on {path.full_name}: it was not collected in the last {rules.days} days, or"
            " its namespace is not governed",
            code=ProblemCode.NO_ADVICE,
            parameters={**path.model_dump(), "days": rules.days},
        )
    key = row["namespace"], row["name"]
    as_of = date.fromisoformat(row["as_of"])
    since = as_of - timedelta(days=rules.days - 1)
    loads = await queries.loads(context[ClickHouse], path.env, since, as_of, [key])
    return advice_of(row, rules, loads.get(key, ()))


async def renew(context: Context, path: ServicePath) -> Row | None:
    """Return the advice on a Deployment as it is now, and keep it where it is another than before."""
    clickhouse = context[ClickHouse]
    before = await queries.last_of(clickhouse, path.env, path.namespace, path.name)
    try:
        rows = await made(context, path.env, Which(path.namespace, (path.name,)))
    except KubeDoorError as error:
        if before is None:
            raise
        log.info("advice.not_renewed", env=path.env, service=path.full_name, reason=str(error))
        return before
    known = {} if before is None else {(path.namespace, path.name): before}
    if await keep(clickhouse, path.env, known, rows):
        return rows[0]
    return before if rows else None
