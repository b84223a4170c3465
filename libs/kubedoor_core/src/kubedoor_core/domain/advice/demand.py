"""What a container's pods must be able to do together: the most of any day, with growth and skew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from kubedoor_core.domain.advice.history import ContainerHistory, ServiceHistory
from kubedoor_core.domain.advice.trend import theil_sen
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.arrays import Floats, median, some

WEEK_DAYS = 7


@dataclass(frozen=True, eq=False)
class Demand:
    """A container's demand.

    :ivar daily_m: by the day, the larger of the peak hours' P95 x pods and the whole day's P99, millicores.
    :ivar most_m: the largest of these, on the day ``most_on``; ``whole_day`` says which of the two it is.
    :ivar growth: in a week, as a share.
    :ivar skew: how much more than the mean the hottest pod uses.
    """

    daily_m: Floats
    most_m: float
    most_on: date
    whole_day: bool
    growth: float
    skew: float

    @property
    def cpu_m(self) -> float:
        """What is to be reckoned with, millicores."""
        return self.most_m * (1 + self.growth)


def demand_of(history: ServiceHistory, container: ContainerHistory, policy: AdvicePolicy) -> Demand | None:
    """Return a container's demand; None where no day that counts tells its cpu."""
    at_peak = history.pods * container.cpu_m
    daily = np.where(history.counted, np.fmax(at_peak, container.day_cpu_m), np.nan)
    known = np.isfinite(daily)
    if not some(known):
        return None
    index = int(np.argmax(np.where(known, daily, -np.inf)))
    whole_day = not at_peak[index] >= daily[index]
    return Demand(
        daily,
        float(daily[index]),
        history.dates[index],
        whole_day,
        _growth(daily[known], history.number[known], policy),
        _skew(history, container, policy),
    )


def _growth(daily: Floats, number: Floats, policy: AdvicePolicy) -> float:
    slope, usual = theil_sen(number, daily), median(daily)
    if slope is None or usual <= 0:
        return 0.0
    return min(max(WEEK_DAYS * slope / usual, 0.0), policy.growth_most)


def _skew(history: ServiceHistory, container: ContainerHistory, policy: AdvicePolicy) -> float:
    known = history.counted & (container.cpu_m > 0) & np.isfinite(container.hot_cpu_m)
    if not some(known):
        return 1.0
    usual = median(container.hot_cpu_m[known] / container.cpu_m[known])
    return min(max(usual, 1.0), policy.skew_most)
