"""The tests run on other days too: which those are, and that each program and what it starts believe it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kubedoor_dev.another_day import clock
from kubedoor_dev.another_day.__main__ import clocks, next_leap_day, run
from kubedoor_dev.another_day.clock import ClockError, ahead_by, library, passed_on


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


def buildable() -> None:
    try:
        library()
    except ClockError as error:
        pytest.skip(f"NOT RUN: {error}")


PROGRAMS = {
    "Python": [sys.executable, "-c", "import datetime; print(datetime.date.today())"],
    "ClickHouse's engine": [sys.executable, "-c", "import chdb; print(chdb.query('SELECT today()', 'TSV'))"],
    "Node": ["node", "-e", "console.log(new Date().toISOString())"],
    "date": ["date", "--iso-8601"],
    "what it starts": ["bash", "-c", "date --iso-8601 | cat"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_has_that_day(program: str) -> None:
    """ClickHouse reads the clock past the C library: what libfaketime does is not enough for it."""
    buildable()
    noon = datetime.now(UTC).replace(hour=12) + timedelta(days=400)
    environment = {**os.environ, **ahead_by(noon - datetime.now(UTC)), "TZ": "UTC"}
    told = subprocess.run(PROGRAMS[program], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip()[:10] == noon.date().isoformat()


WAITS = """
import ctypes, errno, time
libc = ctypes.CDLL(None)
condition, mutex = ctypes.create_string_buffer(64), ctypes.create_string_buffer(64)
until = (ctypes.c_long * 2)(int(time.time()) + 1, 0)
libc.pthread_mutex_lock(mutex)
assert libc.pthread_cond_timedwait(condition, mutex, until) == errno.ETIMEDOUT
"""


def test_who_waits_until_a_time_on_the_wall_waits_no_longer() -> None:
    """ClickHouse's engine does; by the kernel's clock it would wait for more than a year."""
    buildable()
    environment = {**os.environ, **ahead_by(timedelta(days=400))}
    subprocess.run([sys.executable, "-c", WAITS], env=environment, check=True, timeout=120)


PROBE = """
import os, time
from datetime import date
from kubedoor_dev.another_day.clock import passed_on
def test_probe():
    assert date.today().isoformat() == os.environ["TODAY"]
    began = time.monotonic()
    time.sleep(0.05)
    assert time.monotonic() > began
    assert set(passed_on()) == {"LD_PRELOAD", "CLOCK_AHEAD_S"}
"""


@pytest.mark.parametrize(("wrong_by", "code"), [(0, 0), (1, 1)])
def test_a_test_has_that_day_and_fails_where_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong_by: int, code: int
) -> None:
    buildable()
    now = datetime.now(UTC)
    noon = now.replace(hour=12) + timedelta(days=400)
    probe = tmp_path / "test_probe.py"
    probe.write_text(PROBE)
    monkeypatch.setenv("TODAY", (noon.date() + timedelta(days=wrong_by)).isoformat())
    monkeypatch.setenv("TZ", "UTC")
    assert run(noon - now, [str(probe)]) == code


def test_a_machine_that_can_not_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    with pytest.raises(ClockError, match="C compiler is needed"):
        library(tmp_path)
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    with pytest.raises(ClockError, match="x86-64 alone"):
        library(tmp_path)


def test_without_it_nothing_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in clock.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert passed_on() == {}
