"""What governs a collection: the settings from the environment, with the stored ones over them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kubedoor_core.domain.env_policy import (
    FLOOR_CPU_M,
    FLOOR_MEM_MIB,
    LOOKBACK_DAYS,
    MARGIN_PCT,
    MIN_CHANGE_PCT,
    NAMESPACES,
    NAMESPACES_EXCLUDED,
    PEAK_HOURS,
    PEAK_SCOPE,
    EnvPolicy,
    PeakScope,
)
from kubedoor_core.domain.peak import PeakSchedule


@dataclass(frozen=True)
class Policy:
    """The rules of one run.

    :param namespaces_excluded: those among ``namespaces`` that are left out; empty: none.
    :param scope: `service`: each has its own peak day; `fleet`: one day for all, by total cpu.
    :param margin_pct: added to what was used at peak.
    :param min_change_pct: a derived request that would change by less stays.
    """

    env: str
    zone: ZoneInfo
    peak: PeakSchedule
    namespaces: str
    lookback_days: int
    scope: PeakScope = "service"
    margin_pct: float = 0.0
    min_change_pct: float = 0.0
    floor_cpu_m: int = 10
    floor_mem_mib: int = 32
    namespaces_excluded: str = ""

    @classmethod
    def of(cls, env: str, zone: ZoneInfo, settings: EnvPolicy) -> Policy:
        """Return the rules by the settings that hold."""
        return cls(
            env=env,
            zone=zone,
            peak=settings[PEAK_HOURS],
            namespaces=settings[NAMESPACES].text,
            namespaces_excluded=settings[NAMESPACES_EXCLUDED].text,
            lookback_days=settings[LOOKBACK_DAYS],
            scope=settings[PEAK_SCOPE],
            margin_pct=float(settings[MARGIN_PCT]),
            min_change_pct=float(settings[MIN_CHANGE_PCT]),
            floor_cpu_m=settings[FLOOR_CPU_M],
            floor_mem_mib=settings[FLOOR_MEM_MIB],
        )
