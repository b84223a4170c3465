"""The collector's settings."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.settings import HttpUrl, ReadableFile, ServiceSettings

StoreType = Literal["prometheus", "victoria-metrics-single", "victoria-metrics-cluster"]


def _peak_hours(value: str) -> str:
    return str(parse_peak_hours(value))


def _clock(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is not a time of day, HH:MM")
    return value


def _label(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.+", value):
        raise ValueError(f"{value!r} is not a label, key=value")
    return value


class CollectorSettings(ServiceSettings):
    """What the collector needs besides."""

    prometheus_url: HttpUrl = Field(description="Prometheus or VictoriaMetrics")
    prometheus_type: StoreType = Field(
        "prometheus", description="`prometheus`, `victoria-metrics-single` or `victoria-metrics-cluster`"
    )
    prometheus_env_label: Annotated[str, AfterValidator(_label)] = Field(
        "", description="`key=value` of this cluster's series, where several clusters share one store"
    )
    prometheus_user: str = Field("", description="User for basic authentication; empty: none")
    prometheus_password: SecretStr = Field(SecretStr(""), description="Its password")
    prometheus_token: SecretStr = Field(SecretStr(""), description="Bearer token; empty: none")
    prometheus_ca_file: ReadableFile | None = Field(
        None, description="CA of the store's certificate; empty: the usual ones"
    )
    prometheus_timeout_s: float = Field(60, gt=0, description="Seconds that one query may take")
    prometheus_concurrency: int = Field(4, ge=1, le=10, description="Queries that run at once")
    scrape_interval_s: int = Field(60, ge=1, le=600, description="Seconds between two scrapes, at most")
    peak_hours: Annotated[str, AfterValidator(_peak_hours)] = Field(
        "10:00-11:30", description="Daily peak, `HH:MM-HH:MM` local time; may cross midnight"
    )
    collect_at: Annotated[str, AfterValidator(_clock)] = Field(
        "13:00", description="Local time of the daily collection, `HH:MM`"
    )
    run_lease_s: float = Field(
        30,
        ge=1,
        description="Seconds without a sign of life after which a run is taken up by another collector",
    )
    lookback_days: int = Field(10, ge=1, le=366, description="Days among which the peak day is looked for")
    peak_scope: Literal["service", "fleet"] = Field(
        "service", description="`service`: each has its own peak day; `fleet`: one day for all, by total cpu"
    )
    margin_pct: float = Field(0, ge=0, le=500, description="Per cent added to what was used at peak")
    min_change_pct: float = Field(
        0, ge=0, le=100, description="A derived request that would change by less, in per cent, stays"
    )
