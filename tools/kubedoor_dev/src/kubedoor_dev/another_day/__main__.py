"""`make test-dates`: the tests a year ahead and on the next 29 February: none may depend on its day.

`ONLY=tests/unit/core` runs those alone. Left out are the tests with programs that keep to the machine's
clock: Prometheus and VictoriaMetrics, which are written in Go, and the browser.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.faketime import faked
from kubedoor_dev.tools import ToolMissingError

FOLDERS = ("tests/unit", "tests/integration/api", "tests/integration/clickhouse")
A_DAY = timedelta(days=1)
EARLY = Path(__file__).parent / "early"
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
    """Run tests under a clock that is ahead; return pytest's exit code.

    :raises ToolMissingError: where libfaketime is not installed.
    """
    path = os.pathsep.join([str(EARLY), *filter(None, [os.environ.get("PYTHONPATH")])])
    clock = faked(f"{ahead // timedelta(seconds=1):+d}")
    environment = {**os.environ, **clock, "PYTHONPATH": path, "TZ": "UTC"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def main() -> int:
    """Run them under each clock, and return 1 where a test failed."""
    tests = os.environ.get("ONLY", "").split() or list(FOLDERS)
    failed = []
    for name, ahead in clocks(datetime.now(UTC)).items():
        print(f"== {name}", flush=True)
        try:
            code = run(ahead, tests)
        except ToolMissingError as error:
            sys.exit(str(error))
        if code:
            failed.append(name)
    if failed:
        print(f"Tests failed {' and '.join(failed)}: they depend on the day", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
