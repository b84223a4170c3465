"""The collector's settings."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from kubedoor_core.metrics.settings import CountersSettings
from kubedoor_core.peak_settings import PeakSettings
from kubedoor_core.prometheus.settings import PrometheusSettings
from kubedoor_core.settings import HttpUrl


def _clock(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is not a time of day, HH:MM")
    return value


class CollectorSettings(PeakSettings, PrometheusSettings, CountersSettings):
    """What the collector needs besides."""

    prometheus_url: HttpUrl = Field(description="Prometheus or VictoriaMetrics")
    scrape_interval_s: int = Field(
        0,
        ge=0,
        le=600,
        description="Seconds between two scrapes where the store hides it; 0: found in the samples",
    )
    collect_at: Annotated[str, AfterValidator(_clock)] = Field(
        "13:00", description="Local time of the daily collection, `HH:MM`"
    )
    run_lease_s: float = Field(
        30,
        ge=1,
        description="Seconds without a sign of life after which a run is taken up by another collector",
    )
