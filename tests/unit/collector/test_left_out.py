"""What was left out, as a run's row tells it: words for every reason, a fair share of each day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import get_args

from kubedoor_collector.domain.leaving_out import WORDS, LeftOut, shortened
from kubedoor_collector.runs import MOST_LEFT_OUT, Run
from kubedoor_core.domain.left_out import LeftOutReason

DAYS = (date(2026, 3, 2), date(2026, 3, 3))


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(get_args(LeftOutReason))


def test_what_is_too_much_to_name_is_counted_by_reason() -> None:
    found = [LeftOut("no_owner", "shop", f"pod-{n}", n) for n in (1, 2, 3)]
    found.append(LeftOut("not_running", "shop", "cart"))
    assert shortened(found, 4) == found
    rest = [LeftOut("no_owner", "", "", 5), LeftOut("not_running", "", "", 1)]
    assert shortened(found, 1) == [found[0], *rest]


def test_a_run_with_much_left_out_tells_of_each_of_its_days() -> None:
    every = [LeftOut("no_owner", "shop", f"pod-{n}") for n in range(MOST_LEFT_OUT)]
    left_out = tuple((day, one) for day in DAYS for one in every)
    run = Run("run-1", "test", "daily", DAYS, "tester", datetime(2026, 3, 4, tzinfo=UTC), left_out=left_out)
    row = run.row()
    told = list(zip(row["left_out.date"], row["left_out.name"], row["left_out.count"], strict=True))
    half = MOST_LEFT_OUT // 2
    for day in DAYS:
        names = [(name, count) for one, name, count in told if one == day.isoformat()]
        assert names == [*((f"pod-{n}", 1) for n in range(half)), ("", half)]
