"""The settings of peaks that the collector goes by and the api shows: they come from the same values."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kubedoor_core.domain.derivation.rules import (
    HOLD_FALL_TEXT,
    HPA_REQUESTS_TEXT,
    MARGIN_TEXT,
    MEMORY_MARGIN_TEXT,
    MEMORY_RULE_TEXT,
    OWN_PEAK_HOURS_TEXT,
    REQUEST_RULE_TEXT,
    RULE_EXCEPTIONS_TEXT,
    HpaRequests,
    MemoryRule,
    RequestRule,
)
from kubedoor_core.domain.env_policy import (
    HOLD_FALL_PCT,
    LOOKBACK_DAYS,
    MARGIN_PCT,
    MEMORY_MARGIN_PCT,
    OWN_PEAK_HOURS,
    RULE_EXCEPTIONS,
)
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.settings import ServiceSettings


def _peak_hours(value: str) -> str:
    return str(parse_peak_hours(value))


def _rule_exceptions(value: str) -> str:
    return str(RULE_EXCEPTIONS.read(value))


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
    request_rule: RequestRule = Field("peak_day", description=REQUEST_RULE_TEXT)
    own_peak_hours: int = Field(
        4,
        ge=OWN_PEAK_HOURS.least,
        le=OWN_PEAK_HOURS.most,
        description=f"{OWN_PEAK_HOURS_TEXT}, hours",
    )
    margin_pct: float = Field(
        0, ge=MARGIN_PCT.least, le=MARGIN_PCT.most, description=f"{MARGIN_TEXT}, per cent"
    )
    hold_fall_pct: float = Field(
        0, ge=HOLD_FALL_PCT.least, le=HOLD_FALL_PCT.most, description=f"{HOLD_FALL_TEXT}, per cent"
    )
    memory_rule: MemoryRule = Field("p95", description=MEMORY_RULE_TEXT)
    memory_margin_pct: float = Field(
        0,
        ge=MEMORY_MARGIN_PCT.least,
        le=MEMORY_MARGIN_PCT.most,
        description=f"{MEMORY_MARGIN_TEXT}, per cent",
    )
    rule_exceptions: Annotated[str, AfterValidator(_rule_exceptions)] = Field(
        "", description=RULE_EXCEPTIONS_TEXT
    )
    hpa_requests: HpaRequests = Field("divide", description=HPA_REQUESTS_TEXT)
