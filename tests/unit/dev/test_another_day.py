"""The tests run on other days too: which those are, and that a program and what it starts believe it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kubedoor_dev.another_day.__main__ import EARLY, FOLDERS, clocks, next_leap_day, run
from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.tools import ToolMissingError, find


@pytest.mark.parametrize(
    ("today", "leap"),
    [
        (date(2026, 11, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2032, 2, 29)),
        (date(2096, 3, 1), date(2104, 2, 29)),
    ],
)
def test_the_next_29_february(today: date, leap: date) -> None:
    assert next_leap_day(today) == leap


def test_the_clocks_are_a_year_ahead_and_on_the_leap_day() -> None:
    now = datetime(2026, 11, 28, 18, 40, 1, tzinfo=UTC)
    ahead = clocks(now)
    assert now + ahead["a year ahead"] == datetime(2027, 11, 29, 18, 40, 1, tzinfo=UTC)
    assert now + ahead["on 2028-02-29"] == datetime(2028, 2, 29, 11, 0, tzinfo=UTC)


def test_what_it_runs_is_there() -> None:
    assert all((CHECKOUT / folder).is_dir() for folder in FOLDERS)


PROBE = """
import os, subprocess, sys, time
from datetime import date
def test_probe():
    assert date.today().isoformat() == os.environ["TODAY"]
    began = time.monotonic()
    time.sleep(0.05)
    assert time.monotonic() > began
    code = "from datetime import date; import time; time.sleep(0.01); print(date.today())"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.strip() == os.environ["SAID"]
"""


@pytest.mark.parametrize(("wrong_by", "code"), [(0, 0), (1, 1)])
def test_a_test_and_what_it_starts_have_that_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong_by: int, code: int
) -> None:
    now = datetime.now(UTC)
    noon = now.replace(hour=12) + timedelta(days=400)
    try:
        find("faketime")
    except ToolMissingError:
        pytest.skip("NOT RUN: faketime is not installed here")
    probe = tmp_path / "test_probe.py"
    probe.write_text(PROBE)
    monkeypatch.setenv("TODAY", noon.date().isoformat())
    monkeypatch.setenv("SAID", (noon.date() + timedelta(days=wrong_by)).isoformat())
    assert run(noon - now, ["-p", "no:randomly", str(probe)]) == code


def test_nothing_else_takes_its_sleep() -> None:
    """The folder of `sitecustomize` is in no path but what `make test-dates` sets."""
    code = "import time; print(time.sleep)"
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", code], env=plain, check=True, capture_output=True, text=True)
    assert "built-in" in done.stdout
    assert (EARLY / "sitecustomize.py").is_file()
