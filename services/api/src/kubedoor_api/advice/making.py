"""Makes advice after each collection: what it rests on is read, the cluster asked, and changes written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kubedoor_api.advice import queries
from kubedoor_api.advice.history import DeploymentFacts, Window, domains, facts_of, histories, zones_of
from kubedoor_api.advice.outcomes.watching import watch_outcomes
from kubedoor_api.advice.queries import EVERY, Key, Standing, Which
from kubedoor_api.advice.stored import expiry_of, has_expired, row_of, says_the_same
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.control.queries import latest_date
from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters
from kubedoor_api.kube.manifests import key_of
from kubedoor_api.kube.objects.workloads import Deployment, PodDisruptionBudget
from kubedoor_api.kube.retry import FORBIDDEN, AskingError
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.domain.advice import Constraints, Held, ServiceHistory, advise
from kubedoor_core.domain.advice.bounds import availability_bound
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.env_policy import (
    ADVICE_RULES,
    CURRENCY,
    EnvPolicy,
    admission_policy,
    prices_of,
    rules_of,
)
from kubedoor_core.domain.mode import Mode, stored_mode
from kubedoor_core.logs import get_logger

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Live:
    """What the cluster says of its Deployments.

    :ivar deployments: those that are there.
    :ivar domains: how many values each label of its nodes has.
    """

    deployments: Mapping[Key, DeploymentFacts]
    domains: Mapping[str, int]


@dataclass(frozen=True)
class Sources:
    """What the advice of an env is made from, read once for all of its services.

    :ivar live: None where the cluster could not be asked, or may not be.
    :ivar as_of: the last collected day.
    """

    env: str
    histories: Mapping[Key, ServiceHistory]
    standing: Mapping[Key, Standing]
    live: Live | None
    policy: EnvPolicy
    own_namespace: str
    zone: ZoneInfo
    as_of: date

    @property
    def rules(self) -> AdvicePolicy:
        """What advice keeps to."""
        return self.policy[ADVICE_RULES].rules


async def made(context: Context, env: str, which: Which = EVERY) -> list[Row]:
    """Return rows of advice as it is to be given now, without writing them.

    :raises KubeDoorError: ClickHouse or the cluster could not be asked.
    """
    as_of = await latest_date(context[ClickHouse], env)
    if as_of is None:
        return []
    sources = await sources_of(context, env, as_of, which)
    return await asyncio.to_thread(rows_of, sources, datetime.now(UTC))


async def sources_of(context: Context, env: str, as_of: date, which: Which) -> Sources:
    """Read what advice is made from."""
    clickhouse, settings = context[ClickHouse], context[ApiSettings]
    policy = await store.policy(context, env)
    window = Window.of(as_of, policy[ADVICE_RULES].rules.days)
    read = await queries.days(clickhouse, env, window.since, window.until, which)
    found = await asyncio.to_thread(lambda: dict(histories(read, window)))
    return Sources(
        env,
        found,
        await queries.standing(clickhouse, env, which),
        await live_of(context[Clusters], env, which),
        policy,
        settings.own_namespace,
        ZoneInfo(settings.timezone),
        as_of,
    )


async def live_of(clusters: Clusters, env: str, which: Which) -> Live | None:
    """Ask the cluster for its Deployments and what their counts must keep to; None: it may not be asked.

    :raises AskingError, ClusterRefusedError, ClusterUnavailableError: it could not be.
    """
    if env not in clusters.names:
        return None
    try:
        budgets = by_namespace(await surroundings.disruption_budgets(clusters, env, which.namespace or ""))
        found = {
            key_of(one): facts_of(one, budgets.get(key_of(one)[0], ()))
            async for one in _deployments(clusters, env, which)
        }
        spread = any(one.topologies for one in found.values())
        return Live(found, domains(await workloads.nodes(clusters, env)) if spread else {})
    except (AskingError, ClusterRefusedError) as error:
        if error.status != FORBIDDEN:
            raise
        return None


async def _deployments(clusters: Clusters, env: str, which: Which) -> AsyncIterator[Deployment]:
    if which.namespace is None or which.names is None:
        async for one in workloads.every(clusters, env, which.namespace or ""):
            yield one
        return
    for name in which.names:
        found = await workloads.one(clusters, env, which.namespace, name)
        if found is not None:
            yield found


def by_namespace(budgets: Iterable[PodDisruptionBudget]) -> dict[str, list[PodDisruptionBudget]]:
    """Return objects by their namespace."""
    found: dict[str, list[PodDisruptionBudget]] = {}
    for one in budgets:
        found.setdefault(key_of(one)[0], []).append(one)
    return found


def rows_of(sources: Sources, now: datetime) -> list[Row]:
    """Return the rows of advice on every service that is there."""
    policy, rules = sources.policy, sources.rules
    admission, book = admission_policy(policy, sources.own_namespace), rules_of(policy)
    prices = prices_of(policy)
    rows = []
    for key, history in sources.histories.items():
        if not admission.governs(key[0]) or (sources.live and key not in sources.live.deployments):
            continue
        standing = sources.standing.get(key)
        mode = admission.mode(key[0], stored_mode(standing.mode) if standing else None)
        constraints = constraints_of(sources, key, history, mode)
        rule = book.ruling((key[0], "Deployment", key[1])).rule
        found = advise(history, constraints, rules, sources.as_of + A_DAY, rule=rule, prices=prices)
        rows.append(
            row_of(
                sources.env,
                key,
                found,
                rules,
                available=available(constraints, rules),
                as_of=sources.as_of,
                version=standing.version if standing else 0,
                currency=policy[CURRENCY],
                now=now,
            )
        )
    return rows


def available(constraints: Constraints, rules: AdvicePolicy) -> int | None:
    """Return the least count that disruptions need; None where the cluster was not asked."""
    return availability_bound(constraints, rules).least if constraints.cluster_known else None


def constraints_of(sources: Sources, key: Key, history: ServiceHistory, mode: Mode) -> Constraints:
    """Return what the cluster and its people ask of a service's count."""
    standing, live = sources.standing.get(key), sources.live
    known = history.pods[history.pods == history.pods]
    last = int(known[-1]) if known.size else 0
    facts = live.deployments[key] if live else DeploymentFacts(last)
    replicas = facts.replicas
    if standing is not None and live is None and standing.replicas is not None:
        replicas = standing.replicas
    autoscaled = standing is not None and standing.autoscaled
    least = standing.least if standing is not None and autoscaled else None
    held: Held = "unregistered" if standing is None else "off" if mode is Mode.OFF else "registered"
    edited = standing.edited_at if standing else None
    changed = max((one for one in (facts.rolled_out_at, edited) if one), default=None)
    return Constraints(
        replicas=replicas if least is None else least,
        held=held,
        autoscaled=autoscaled,
        budget_least=facts.budget_least,
        zones=zones_of(facts, live.domains) if live else None,
        first_seen=standing.first_seen if standing else None,
        changed_on=_local(changed, sources.zone),
        counted_on=_local(standing.counted_at if standing else None, sources.zone),
        dismissed_until=standing.dismissed_until if standing else None,
        opted_out=facts.opted_out,
        cluster_known=live is not None,
        least_known=least is not None,
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


LOOK_PAUSE_S = 60.0
"""How often it is looked whether a day was collected: nobody waits for advice."""

log = get_logger(__name__)


async def keep_advice(context: Context, env: str) -> None:
    """Make an env's advice once after each collection, and look at what was accepted, while leading it.

    Once more where a setting has changed since.
    """
    done: tuple[date, EnvPolicy] | None = None
    while True:
        await asyncio.sleep(LOOK_PAUSE_S)
        latest, policy = await latest_date(context[ClickHouse], env), await store.policy(context, env)
        if (
            latest is None
            or (latest, policy) == done
            or await queries.is_collecting(context[ClickHouse], env)
        ):
            continue
        await remake(context, env)
        await watch_outcomes(context, env, latest)
        done = latest, policy


async def remake(context: Context, env: str) -> int:
    """Make the advice on all of an env's Deployments; return how many pieces of it are not as they were.

    A leader that takes over makes it once more, and writes only what is new.

    :raises KubeDoorError: ClickHouse or the cluster could not be asked.
    """
    clickhouse = context[ClickHouse]
    rows = await made(context, env)
    new = await keep(clickhouse, env, await queries.latest(clickhouse, env), rows)
    log.info("advice.made", env=env, services=len(rows), new=new)
    return new


async def keep(clickhouse: ClickHouse, env: str, before: Mapping[Key, Row], rows: Sequence[Row]) -> int:
    """Write advice that was made; return how many pieces of it are not as they were.

    The expiries first: what has given way to a later making is not looked at again.

    :param before: the latest advice on all services that were looked at, decided on or not.
    """
    made = {(row["namespace"], row["name"]): row for row in rows}
    over = [(old, made.get(key)) for key, old in before.items() if has_expired(old, made.get(key))]
    decided, at = await queries.decided(clickhouse, env, [old["id"] for old, _ in over]), datetime.now(UTC)
    expiries = [expiry_of(old, row, at) for old, row in over if old["id"] not in decided]
    new = [row for key, row in made.items() if key not in before or not says_the_same(before[key], row)]
    await queries.insert(clickhouse, "advice_decision", expiries)
    await queries.insert(clickhouse, "advice", new)
    return len(new)
