"""The local day that a profile is of, and its columns."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from kubedoor_collector.domain.profile import local_day
from kubedoor_collector.domain.promql import PROFILE_STEP_S


@pytest.mark.parametrize(
    ("day", "steps"),
    [
        (date(2026, 3, 8), 276),  # an hour is skipped in New York
        (date(2026, 11, 1), 300),  # an hour comes twice
        (date(2026, 7, 1), 288),
        (date(2028, 2, 29), 288),
    ],
)
def test_a_day_has_as_many_five_minutes_as_its_clocks_show(day: date, steps: int) -> None:
    whole = local_day(day, ZoneInfo("America/New_York"))
    assert whole.seconds == steps * PROFILE_STEP_S
