"""The scrapes of a day: in its peak windows, with a margin before for rates to start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np

from kubedoor_dev.metrics.model import Floats, Millis, Scenario

AFTER_MIN = 3


@dataclass(frozen=True, eq=False)
class Clock:
    """The scrapes of one day.

    :param seconds: when each scrape is due, seconds since the epoch; each source has its own offset.
    :param from_start: minutes since the first instant of the window that each belongs to, with fractions.
    :param of_day: minutes of the local day, beyond 1440 after midnight.
    :param length_min: length of the first window.
    :param scrape_s: seconds between two scrapes.
    """

    day: date
    index: int
    seconds: Millis
    from_start: Floats
    of_day: Floats
    length_min: float
    scrape_s: int

    @property
    def steps_s(self) -> Floats:
        """Return the seconds since the scrape before."""
        return np.diff(self.seconds, prepend=self.seconds[0] - self.scrape_s).astype(float)


def clock_of(scenario: Scenario, day: date) -> Clock:
    """Return the scrapes of a date."""
    windows = [hours.window(day, scenario.zone) for hours in scenario.peak.on(day)]
    midnight = datetime.combine(day, time(), tzinfo=scenario.zone).astimezone(UTC).timestamp()
    seconds, from_start = [], []
    for window in windows:
        first = int(window.start.timestamp())
        after = np.arange(
            -60 * scenario.margin_min, window.seconds + 60 * AFTER_MIN + 1, scenario.scrape_s, dtype=np.int64
        )
        seconds.append(first + after)
        from_start.append(after / 60)
    every, index = np.unique(np.concatenate(seconds), return_index=True)
    relative = np.concatenate(from_start)[index]
    of_day = (every - midnight) / 60
    length_min = windows[0].seconds / 60
    return Clock(day, scenario.dates.index(day), every, relative, of_day, length_min, scenario.scrape_s)
