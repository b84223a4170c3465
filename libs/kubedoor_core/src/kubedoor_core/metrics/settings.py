"""The settings of how counters of requests and JVMs are read: by the collector each day, by the api now."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from kubedoor_core.metrics.traffic.dialects import SOURCES, TrafficSource
from kubedoor_core.settings import ServiceSettings


def sources_of(value: str) -> tuple[TrafficSource, ...]:
    """Return the sources of requests that a setting names, in its order.

    :raises ValueError: one of them is unknown.
    """
    names = list(dict.fromkeys(name for part in value.split(",") if (name := part.strip())))
    known = {name: name for name in SOURCES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not a source of requests, which are {', '.join(SOURCES)}")
    return tuple(known[name] for name in names if name in known)


def _sources(value: str) -> str:
    return ", ".join(sources_of(value))


def _label(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError(f"{value!r} is not the name of a label")
    return value


LabelName = Annotated[str, AfterValidator(_label)]


class CountersSettings(ServiceSettings):
    """Which sources of requests are believed, and what labels are called."""

    traffic_sources: Annotated[str, AfterValidator(_sources)] = Field(
        ", ".join(SOURCES),
        description="Sources of requests, separated by commas, the one that is believed most first; one that"
        " is not named is not read, and `ingress` counts only where nobody inside does",
    )
    namespace_label: LabelName = Field(
        "",
        description="Label that tells the namespace of counters of requests and JVMs; empty:"
        " `exported_namespace`, `namespace` or `kubernetes_namespace`",
    )
    pod_label: LabelName = Field(
        "",
        description="Label that tells the pod of counters of requests and JVMs; empty: `exported_pod`, `pod`"
        " or `kubernetes_pod_name`",
    )
