"""What is told of all envs at once, and how it is added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date as LocalDate  # noqa: N812 `date` is a field of models here
from typing import Literal

from kubedoor_api.admission.certificate import WebhookCertificate
from kubedoor_api.statistics.totals.models import Amount, Money, Totals
from kubedoor_api.web.fields import Model, ModeName, Time
from kubedoor_core.domain.score import Grade


class FleetCluster(Model):
    """The cluster of an env, as this instance of the api reaches it."""

    state: Literal["reachable", "unreachable", "unknown", "none"]
    """`unknown`: it is being asked for the first time; `none`: no cluster is configured for the env here"""
    since: Time | None
    """Since when it is reachable or not, as far as this instance knows, UTC"""
    reason: str
    """Why it is unreachable, in words; empty otherwise"""
    answered_at: Time | None
    """When it answered last, UTC: nodes and certificate are of then; null while it never has"""
    asking: bool
    """Whether it is being asked now, and this is how it was before"""
    nodes: int | None
    """Its nodes; null while not known, and where you may not see the whole env"""
    nodes_reason: str
    """Why the nodes are not known, in words; empty otherwise"""
    certificate: WebhookCertificate | None
    """The certificate that its webhook shows; null while it has not been looked at"""


class FleetWriter(Model):
    """A service of KubeDoor's that writes rows of an env."""

    at: Time
    """When it wrote last, UTC"""
    version: str
    """Its version; empty for one that does not tell it, as earlier ones do not"""


class FleetEnv(Model):
    """An env: its cluster, its latest peak, and what is open in it."""

    name: str
    """Name of the env"""
    mode: ModeName
    """Admission mode of the whole env"""
    partial: bool
    """Whether the figures are of some namespaces only: those that you may see"""
    cluster: FleetCluster
    """Its cluster"""
    date: LocalDate | None
    """The peak day that the figures are of; null while nothing has been collected"""
    collected_at: Time | None
    """When that day was collected, UTC"""
    registered: int
    """Registered services"""
    totals: Totals | None
    """What was used and asked for at the peak; null while nothing has been collected"""
    money: Money | None
    """The same in money; null while no price is known"""
    score: float | None
    """How well the services ask for what they use, 0 to 100; null while not known"""
    grade: Grade | None
    """The same as a letter"""
    alerts: int
    """Alerts that fire"""
    findings: int
    """Open findings"""
    collector: FleetWriter | None
    """The collector that wrote last; null for none"""
    webhook: FleetWriter | None
    """The webhook that decided last within 30 days; null for none"""


class FleetMoney(Model):
    """What the envs of one currency cost a month."""

    currency: str
    """Currency, three letters (ISO 4217)"""
    envs: int
    """How many envs have prices in it"""
    requested: float
    """What their requests cost a month"""
    used: float
    """What their use at the peak would cost a month"""
    waste: float
    """What is asked for and not used, a month"""


class FleetSums(Model):
    """All envs together: those of a figure that is not known for some are of the others."""

    envs: int
    """Envs that you may see"""
    unreachable: int
    """Of them, those whose cluster does not answer"""
    uncollected: int
    """Of them, those of which nothing has been collected: they are in no sum of use"""
    unpriced: int
    """Of those that have been collected, those without a price: they are in no sum of money"""
    nodes: int | None
    """Nodes of the clusters of which they are known; null while they are of none"""
    registered: int
    """Registered services"""
    totals: Totals
    """What was used and asked for, each env at its own latest peak"""
    money: list[FleetMoney]
    """The same in money, a row for each currency"""
    alerts: int
    """Alerts that fire"""
    findings: int
    """Open findings"""


class Fleet(Model):
    """All envs that you may see."""

    file_trouble: str
    """Why the clusters file can't be read as it is now, so that the clusters of before hold; empty if it can,
    and for those who administer less than everything"""
    sums: FleetSums
    """All of them together"""
    items: list[FleetEnv]
    """The envs, this installation's own first"""


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
