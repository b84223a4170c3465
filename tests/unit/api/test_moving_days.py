"""The old table's times: ends of windows, on either side of midnight, in whichever zone they were kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kubedoor_api.cli.legacy_import.control import Running, read
from kubedoor_api.cli.legacy_import.daily import Moved, Old, move_days
from kubedoor_api.cli.legacy_import.queries import OldDay
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.errors import BadValueError

SHANGHAI = ZoneInfo("Asia/Shanghai")
RUNNING = {"prod": {("shop", "cart"): Running(("app",), 3)}}
FIGURES = ("p95_pod_wss_mb", "limit_pod_cpu_m", "limit_pod_mem_mb", "request_pod_cpu_m", "request_pod_mem_mb")


def row(at: datetime, wall: str | None = None, **values: Any) -> OldDay:
    text = wall or at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    names = {"env": "prod", "namespace": "shop", "name": "cart", "pod_count": 3, "p95_pod_load": 0.1}
    return OldDay(**{**names, **dict.fromkeys(FIGURES, 100), "at": at, "wall": text, **values})


def moved(hours: str, *rows: OldDay) -> Moved:
    return move_days(rows, RUNNING, Old(parse_peak_hours(hours).windows[0], SHANGHAI), {})


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    (made,) = moved("22:00-01:00", row(datetime(2026, 10, 2, 1, tzinfo=SHANGHAI))).rows
    assert (made.date, made.window_end - made.window_start) == (
        date(2026, 10, 1),
        timedelta(hours=3),
    )


def test_a_window_until_midnight() -> None:
    (made,) = moved("22:00-24:00", row(datetime(2026, 10, 2, tzinfo=SHANGHAI))).rows
    assert made.date == date(2026, 10, 1)


def test_local_time_that_was_kept_as_utc_is_read_as_local() -> None:
    result = moved("10:00-11:30", row(datetime(2026, 10, 1, 11, 30, tzinfo=UTC), "2026-10-01 11:30:00"))
    assert result.rows[0].window_end == datetime(2026, 10, 1, 3, 30, tzinfo=UTC)
    assert [note.outcome for note in result.notes] == ["corrected", "taken"]


def test_the_same_day_from_both_readings_is_one_day() -> None:
    right = row(datetime(2026, 10, 1, 11, 30, tzinfo=SHANGHAI))
    shifted = row(datetime(2026, 10, 1, 11, 30, tzinfo=UTC), "2026-10-01 11:30:00")
    assert len(moved("10:00-11:30", right, shifted).rows) == 1


@pytest.mark.parametrize("bad", [-1, -1000, float("nan"), float("inf"), None, "x"])
def test_what_is_no_figure_is_unknown(bad: object) -> None:
    (made,) = moved("10:00-11:30", row(datetime(2026, 10, 1, 11, 30, tzinfo=SHANGHAI), p95_pod_load=bad)).rows
    assert (made.p95_cpu_m, made.cpu_pct, made.p95_mem_mib) == (None, None, 100)


def test_a_version_below_any_collection() -> None:
    (made,) = moved("10:00-11:30", row(datetime(2026, 10, 1, 11, 30, tzinfo=SHANGHAI))).rows
    assert made.collected_at == made.window_end, "a day is collected after its window only"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"items": 1}', '{"items": [{"metadata": {}}]}', "x"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(BadValueError, match="kubectl get deployments"):
        read(tmp_path / "file")
