"""Rows of namespaces and envs added up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubedoor_api.fleet.models import FleetEnv, FleetMoney, FleetSums
from kubedoor_api.statistics.totals.models import Amount, Totals


def added(amounts: Iterable[Amount]) -> Amount:
    """Return amounts of one resource together."""
    every = list(amounts)
    return Amount(**{name: sum(getattr(one, name) for one in every) for name in Amount.model_fields})


def together(totals: Iterable[Totals]) -> Totals:
    """Return several totals as one."""
    every = list(totals)
    return Totals(
        services=sum(one.services for one in every),
        pods=sum(one.pods for one in every),
        cpu_m=added(one.cpu_m for one in every),
        mem_mib=added(one.mem_mib for one in every),
    )


def sums_of(envs: Sequence[FleetEnv]) -> FleetSums:
    """Return all envs together; money by currency, since amounts of two can't be added."""
    collected = [env for env in envs if env.totals is not None]
    nodes = [env.cluster.nodes for env in envs if env.cluster.nodes is not None]
    priced = [env.money for env in envs if env.money is not None]
    money = []
    for currency in sorted({one.currency for one in priced}):
        known = [one for one in priced if one.currency == currency]
        names = ("requested", "used", "waste")
        sums = {name: round(sum(getattr(one, name) for one in known), 2) for name in names}
        money.append(FleetMoney(currency=currency, envs=len(known), **sums))
    return FleetSums(
        envs=len(envs),
        unreachable=sum(env.cluster.state == "unreachable" for env in envs),
        uncollected=len(envs) - len(collected),
        unpriced=len(collected) - len(priced),
        nodes=sum(nodes) if nodes else None,
        registered=sum(env.registered for env in envs),
        totals=together(env.totals for env in collected if env.totals is not None),
        money=money,
        alerts=sum(env.alerts for env in envs),
        findings=sum(env.findings for env in envs),
    )
