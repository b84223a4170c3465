"""Why a request is what it is: a pure function over a service and its collected days, and its endpoint."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.control import one_service, queries
from kubedoor_api.control.models import Container, Provenance, Service
from kubedoor_api.control.queries import CollectedDay
from kubedoor_api.control.services import ITEM, known
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, Nothing, Replicas, ServicePath, Source, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.domain.derivation.rules import MIN_COVERAGE, Rule
from kubedoor_core.domain.env_policy import rules_of

Resource = Literal["cpu_m", "mem_mib"]
RESOURCES: tuple[Resource, ...] = ("cpu_m", "mem_mib")
SHORT = {"cpu_m": "cpu", "mem_mib": "mem"}
UNITS = {"cpu_m": "m", "mem_mib": " MiB"}


class Day(Model):
    """One collected day of a container as the derivation sees it."""

    date: date
    """Local day on which the window began"""
    pod_count: int | None
    """Median number of pods"""
    p95: int | None
    """P95 of the use: millicores or MiB"""
    product: int | None
    """Pods × P95, by which the peak day is chosen"""
    coverage: float | None
    """Samples there over samples due, 0..1"""
    counts: bool
    """Whether the day's coverage suffices"""
    chosen: bool
    """Whether it is the peak day that the derived value comes from"""


class Why(Model):
    """Why one request is what it is."""

    container: str
    """Name of the container"""
    resource: Resource
    """Which request: CPU in millicores or memory in MiB"""
    value: int | None
    """The request that admission applies; null if nobody knows"""
    source: Literal["expert", "derived", "unknown"]
    """Whose value that is"""
    expert: int | None
    """What was entered by hand"""
    expert_by: str
    """Who changed the expert's row last; empty if there is none"""
    expert_at: Time | None
    """When, UTC"""
    derived: int | None
    """What the collector derived"""
    peak_date: date | None
    """The peak day that it comes from"""
    peak_window: str
    """The peak hours of that day"""
    peak_pods: int | None
    """Pods on that day"""
    peak_coverage: float | None
    """Coverage of that day"""
    hpa_pct: int | None
    """Utilisation of the request that an autoscaler steers to; null: none"""
    hpa_left: bool
    """Whether the request was therefore left as it was; else use was divided by the utilisation"""
    rule_exception: str
    """The services of whose rule it is, as the setting `rule_exceptions` names them; empty: the env's rule"""
    days: list[Day]
    """The days that were looked at, the latest first"""
    sentence: str
    """The same in one English sentence"""


class Explanation(Model):
    """Why the requests and the number of pods of a service are what they are."""

    replicas: Replicas | None
    """Number of pods that admission applies"""
    replicas_source: Source | None
    """Where it comes from"""
    values: list[Why]
    """Each container's requests"""


def _day(row: CollectedDay, resource: Resource, chosen: date | None) -> Day:
    p95, pods = row.p95_cpu_m if resource == "cpu_m" else row.p95_mem_mib, row.pod_count
    return Day(
        date=row.date,
        pod_count=pods,
        p95=p95,
        product=None if p95 is None or pods is None else pods * p95,
        coverage=row.coverage,
        counts=row.coverage is not None and row.coverage >= MIN_COVERAGE,
        chosen=row.date == chosen,
    )


def _sentence(why: Why, rule: Rule) -> str:
    unit, name = UNITS[why.resource], SHORT[why.resource]
    if why.source == "expert":
        by = f" by {why.expert_by}" if why.expert_by else ""
        return f"The {name} request is {why.value}{unit} because it was entered by hand{by}."
    if why.source == "unknown":
        return f"Nobody knows a {name} request yet: admission leaves it as it comes."
    if why.peak_date is None:
        return f"The {name} request of {why.value}{unit} was derived from collected peaks."
    if why.resource == "mem_mib" and rule.memory_rule == "max":
        raised = _more(rule.memory_margin_pct)
        return f"The {name} request is {why.value}{unit}, the most that a pod had on a day{raised}."
    pods = f", with {why.peak_pods} pods" if why.peak_pods is not None else ""
    by_own_hours = why.resource == "cpu_m" and rule.needs_profiles
    if by_own_hours:
        figure = "P95 of its own busiest hours" if rule.request_rule == "own_peak" else "P99 of the whole day"
        return (
            f"The {name} request is {why.value}{unit}, the {figure} on {why.peak_date}{pods}"
            f"{_more(rule.margin_pct)}: of the days that count, the one on which pods x that was largest."
        )
    hours = f" {why.peak_window}" if why.peak_window else ""
    largest = "the cpu of all services" if rule.request_rule == "fleet" else "pods x P95"
    measured = next((day.p95 for day in why.days if day.chosen), None)
    raised = _raised(why, measured, rule) if measured is not None else ""
    return (
        f"The {name} request is {why.value}{unit}, the P95 of {why.peak_date}{hours}{pods}{raised}:"
        f" of the days that count, the one on which {largest} was largest."
    )


def _of_exception(why: Why) -> str:
    if why.source != "derived" or not why.rule_exception:
        return ""
    return f" Services that match {why.rule_exception} have a rule of their own, which is this one."


def _more(margin_pct: float) -> str:
    return f" and {margin_pct:g} % more" if margin_pct else ""


def _raised(why: Why, measured: int, rule: Rule) -> str:
    """Say what makes a request another one than what was measured on its day."""
    unit = UNITS[why.resource]
    if why.hpa_pct is not None and why.hpa_left:
        return f" ({measured}{unit}), left as it was since its autoscaler steers to {why.hpa_pct} % of it"
    if why.hpa_pct is not None:
        return f" ({measured}{unit}), divided by the {why.hpa_pct} % that its autoscaler steers to"
    if why.value is None or why.value == measured:
        return ""
    cpu = why.resource == "cpu_m"
    floor = rule.floor_cpu_m if cpu else rule.floor_mem_mib
    margin_pct = rule.margin_pct if cpu else rule.memory_margin_pct
    if why.value == floor and measured < floor:
        return f" ({measured}{unit}), raised to the floor"
    if why.value == math.ceil(round(measured * (1 + margin_pct / 100), 6)):
        return f" ({measured}{unit}){_more(margin_pct)}"
    return f" ({measured}{unit}), by the rule that held then, or held since it would hardly have fallen"


def _why(
    container: Container,
    resource: Resource,
    provenance: Provenance,
    rows: Sequence[CollectedDay],
    by: ExpertRow | None,
    rule: Rule,
) -> Why:
    rule = replace(rule, request_rule=provenance.request_rule or rule.request_rule)
    rule = replace(rule, memory_rule=provenance.memory_rule or rule.memory_rule)
    if provenance.margin_pct is not None and provenance.memory_margin_pct is not None:
        rule = replace(rule, margin_pct=provenance.margin_pct, memory_margin_pct=provenance.memory_margin_pct)
    short, column = SHORT[resource], f"request_{resource}"
    expert, derived = getattr(container.expert, column), getattr(container.derived, column)
    entered = expert is not None
    chosen = getattr(provenance, f"peak_date_{short}")
    why = Why(
        container=container.name,
        resource=resource,
        value=getattr(container.effective, column),
        source="expert" if entered else "derived" if derived is not None else "unknown",
        expert=expert,
        expert_by=by.updated_by if entered and by else "",
        expert_at=by.updated_at if entered and by else None,
        derived=derived,
        peak_date=chosen,
        peak_window=getattr(provenance, f"window_{short}"),
        peak_pods=getattr(provenance, f"peak_pods_{short}"),
        peak_coverage=getattr(provenance, f"coverage_{short}"),
        hpa_pct=getattr(provenance, f"hpa_{short}_pct"),
        hpa_left=provenance.hpa_left,
        rule_exception=provenance.rule_exception,
        days=[_day(row, resource, chosen) for row in rows if row.container == container.name],
        sentence="",
    )
    return why.model_copy(update={"sentence": _sentence(why, rule) + _of_exception(why)})


def explain(service: Service, rows: Sequence[CollectedDay], by: ExpertRow | None, rule: Rule) -> list[Why]:
    """Explain each container's requests.

    :param rows: the collected days, the latest first.
    :param by: the expert's row, where there is one.
    :param rule: by which requests are derived now.
    """
    return [
        _why(container, resource, service.provenance, rows, by, rule)
        for container in service.containers
        for resource in RESOURCES
    ]


@endpoint("GET", ITEM + "/explanation", tag="services", role=Role.VIEWER)
async def explain_service(call: Call[ServicePath, Nothing, Nothing]) -> Explanation:
    """Say why a service's numbers are what they are.

    With the peak days that were looked at and which of them was chosen.
    """
    clickhouse, path = call.context[ClickHouse], call.path
    row, days = await one_service.one(clickhouse, path)
    service, policy = known(path, row, days), await store.policy(call.context, path.env)
    book = rules_of(policy)
    since = (days.latest or date(1970, 1, 2)) - timedelta(days=book.lookback_days)
    collected = await queries.collected(clickhouse, path, since)
    return Explanation(
        replicas=service.replicas.effective,
        replicas_source=service.replicas.source,
        values=explain(service, collected, row.expert, book.ruling((row.namespace, row.kind, row.name)).rule),
    )
