"""What governs a collection: the settings from the environment, with the stored ones over them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kubedoor_core.domain.derivation.exceptions import NO_EXCEPTIONS, RuleBook, RuleExceptions
from kubedoor_core.domain.derivation.rules import AS_ANNOUNCED, HpaRequests, Rule
from kubedoor_core.domain.env_policy import (
    HPA_REQUESTS,
    NAMESPACES,
    NAMESPACES_EXCLUDED,
    PEAK_HOURS,
    RULE_EXCEPTIONS,
    EnvPolicy,
    rule_of,
)
from kubedoor_core.domain.peak import PeakSchedule


@dataclass(frozen=True)
class Policy:
    """The rules of one run.

    :ivar rule: how requests follow from the daily rows, but for services of another.
    :ivar hpa_requests: what becomes of a request by whose utilisation an autoscaler steers.
    :ivar namespaces_excluded: those among ``namespaces`` that are left out; empty: none.
    """

    env: str
    zone: ZoneInfo
    peak: PeakSchedule
    namespaces: str
    rule: Rule = AS_ANNOUNCED
    hpa_requests: HpaRequests = "divide"
    namespaces_excluded: str = ""
    exceptions: RuleExceptions = NO_EXCEPTIONS

    @property
    def lookback_days(self) -> int:
        """Days that are looked back on, by the rule that does so furthest."""
        return self.rules.lookback_days

    @property
    def rules(self) -> RuleBook:
        """The rule of each service."""
        return RuleBook(self.rule, self.exceptions)

    @classmethod
    def of(cls, env: str, zone: ZoneInfo, settings: EnvPolicy) -> Policy:
        """Return the rules by the settings that hold."""
        return cls(
            env=env,
            zone=zone,
            peak=settings[PEAK_HOURS],
            namespaces=settings[NAMESPACES].text,
            rule=rule_of(settings),
            hpa_requests=settings[HPA_REQUESTS],
            namespaces_excluded=settings[NAMESPACES_EXCLUDED].text,
            exceptions=settings[RULE_EXCEPTIONS],
        )
