"""Why a request is what it is: a pure function over a service and its collected days."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kubedoor_api.control.history.models import Day, Why
from kubedoor_api.control.services.models import Container, Provenance, Service
from kubedoor_core.clickhouse import Row

MIN_COVERAGE = 0.5
"""A day counts with coverage of at least one half."""

Resource = Literal["cpu_m", "mem_mib"]
RESOURCES: tuple[Resource, ...] = ("cpu_m", "mem_mib")
SHORT = {"cpu_m": "cpu", "mem_mib": "mem"}
UNITS = {"cpu_m": "m", "mem_mib": " MiB"}


@dataclass(frozen=True)
class Rules:
    """By which requests are derived."""

    fleet: bool = False
    margin_pct: float = 0.0
    floors: Mapping[Resource, int] = field(default_factory=lambda: {"cpu_m": 10, "mem_mib": 32})

    @classmethod
    def of(cls, settings: Mapping[Any, Any]) -> Rules:
        """Read the rules that hold in an env."""
        return cls(
            settings["peak_scope"] == "fleet",
            settings["margin_pct"],
            {"cpu_m": settings["floor_cpu_m"], "mem_mib": settings["floor_mem_mib"]},
        )


def _day(row: Row, resource: Resource, chosen: object) -> Day:
    p95, pods, coverage = row[f"p95_{resource}"], row["pod_count"], row["coverage"]
    return Day(
        date=row["date"],
        pod_count=pods,
        p95=p95,
        product=None if p95 is None or pods is None else pods * p95,
        coverage=coverage,
        counts=coverage is not None and coverage >= MIN_COVERAGE,
        chosen=str(row["date"]) == str(chosen),
    )


def _sentence(why: Why, rules: Rules) -> str:
    unit, name = UNITS[why.resource], SHORT[why.resource]
    if why.source == "expert":
        by = f" by {why.expert_by}" if why.expert_by else ""
        return f"The {name} request is {why.value}{unit} because it was entered by hand{by}."
    if why.source == "unknown":
        return f"Nobody knows a {name} request yet: admission leaves it as it comes."
    if why.peak_date is None:
        return f"The {name} request of {why.value}{unit} was derived from collected peaks."
    pods = f", with {why.peak_pods} pods" if why.peak_pods is not None else ""
    hours = f" {why.peak_window}" if why.peak_window else ""
    largest = "the cpu of all services" if rules.fleet else "pods x P95"
    measured = next((day.p95 for day in why.days if day.chosen), None)
    raised = _raised(why, measured, rules) if measured is not None else ""
    return (
        f"The {name} request is {why.value}{unit}, the P95 of {why.peak_date}{hours}{pods}{raised}:"
        f" of the days that count, the one on which {largest} was largest."
    )


def _raised(why: Why, measured: int, rules: Rules) -> str:
    """Say what makes a request another one than what was measured on its day."""
    unit = UNITS[why.resource]
    if why.value is None or why.value == measured:
        return ""
    floor = rules.floors[why.resource]
    if why.value == floor and measured < floor:
        return f" ({measured}{unit}), raised to the floor"
    with_margin = math.ceil(round(measured * (1 + rules.margin_pct / 100), 6))
    if why.value == with_margin:
        return f" ({measured}{unit}) and {rules.margin_pct:g} % more"
    return f" ({measured}{unit}), by the margin that held then or since it has hardly changed"


def _why(
    container: Container,
    resource: Resource,
    provenance: Provenance,
    rows: Sequence[Row],
    by: Row,
    rules: Rules,
) -> Why:
    short = SHORT[resource]
    values = {kind: getattr(getattr(container, kind), f"request_{resource}") for kind in
              ("effective", "expert", "derived")}  # fmt: skip
    entered = values["expert"] is not None
    known: Literal["derived", "unknown"] = "derived" if values["derived"] is not None else "unknown"
    chosen = getattr(provenance, f"peak_date_{short}")
    why = Why(
        container=container.name,
        resource=resource,
        value=values["effective"],
        source="expert" if entered else known,
        expert=values["expert"],
        expert_by=by["updated_by"] if entered and by else "",
        expert_at=by["updated_at"] if entered and by else None,
        derived=values["derived"],
        peak_date=chosen,
        peak_window=getattr(provenance, f"window_{short}"),
        peak_pods=getattr(provenance, f"peak_pods_{short}"),
        peak_coverage=getattr(provenance, f"coverage_{short}"),
        days=[_day(row, resource, chosen) for row in rows if row["container"] == container.name],
        sentence="",
    )
    return why.model_copy(update={"sentence": _sentence(why, rules)})


def explain(service: Service, rows: Sequence[Row], by: Row, rules: Rules) -> list[Why]:
    """Explain each container's requests.

    :param rows: the collected days, the latest first.
    :param by: the expert's latest version, or an empty row.
    :param rules: by which requests are derived now.
    """
    return [
        _why(container, resource, service.provenance, rows, by, rules)
        for container in service.containers
        for resource in RESOURCES
    ]
