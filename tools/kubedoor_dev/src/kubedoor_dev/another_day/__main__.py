"""`make test-dates`: the tests a year ahead and on the next 29 February: none may depend on its day.

All that `make test` runs, twice; `ONLY=tests/unit/core` runs those alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

from kubedoor_dev.another_day.clock import ClockError, ahead_by
from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.run_tests import PYTEST

A_DAY = timedelta(days=1)
HOUR = time(11, tzinfo=UTC)
"""It is that day in Shanghai too, and stays so while the tests run."""


def next_leap_day(today: date) -> date:
    """Return the next 29 February, today's included."""
    years = range(today.year, today.year + 9)  # 2100 is no leap year
    days = (date(year, 2, 29) for year in years if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return next(day for day in days if day >= today)


def clocks(now: datetime) -> dict[str, timedelta]:
    """Return the clocks that the tests run under: what each is called, and how far it is ahead."""
    leap = next_leap_day((now + A_DAY).date())
    return {"a year ahead": timedelta(days=366), f"on {leap}": datetime.combine(leap, HOUR) - now}


def run(ahead: timedelta, tests: list[str]) -> int:
    """Run tests, or all of them, under a clock that is ahead; return the exit code.

    :raises ClockError: no clock can be set ahead here.
    """
    command = [*PYTEST, *tests] if tests else [sys.executable, "-m", "kubedoor_dev.run_tests"]
    environment = {**os.environ, **ahead_by(ahead)}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def main() -> int:
    """Run them under each clock, and return 1 where a test failed."""
    tests = os.environ.get("ONLY", "").split()
    failed = []
    for name, ahead in clocks(datetime.now(UTC)).items():
        print(f"== {name}", flush=True)
        try:
            code = run(ahead, tests)
        except ClockError as error:
            sys.exit(str(error))
        if code:
            failed.append(name)
    if failed:
        print(f"Tests failed {' and '.join(failed)}: they depend on the day", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
