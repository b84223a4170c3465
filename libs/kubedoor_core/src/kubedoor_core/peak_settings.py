"""The settings of peaks that the collector goes by and the api shows: they come from the same values."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kubedoor_core.domain.env_policy import LOOKBACK_DAYS, MARGIN_PCT, MIN_CHANGE_PCT, PeakScope
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.settings import ServiceSettings


def _peak_hours(value: str) -> str:
    return str(parse_peak_hours(value))


class PeakSettings(ServiceSettings):
    """When a cluster's peak is, and how requests follow from it; a stored value wins over each."""

    peak_hours: Annotated[str, AfterValidator(_peak_hours)] = Field(
        "10:00-11:30",
        description="Daily peak, `HH:MM-HH:MM` local time; may cross midnight; a second one after `;`,"
        " weekdays after a blank: `10:00-11:30 mon-fri; 20:00-22:00 sat,sun`",
    )
    lookback_days: int = Field(
        10,
        ge=LOOKBACK_DAYS.least,
        le=LOOKBACK_DAYS.most,
        description="Days among which the peak day is looked for",
    )
    peak_scope: PeakScope = Field(
        "service", description="`service`: each has its own peak day; `fleet`: one day for all, by total cpu"
    )
    margin_pct: float = Field(
        0,
        ge=MARGIN_PCT.least,
        le=MARGIN_PCT.most,
        description="Per cent added to what was used at peak",
    )
    min_change_pct: float = Field(
        0,
        ge=MIN_CHANGE_PCT.least,
        le=MIN_CHANGE_PCT.most,
        description="A derived request that would change by less, in per cent, stays",
    )
