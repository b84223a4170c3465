"""`make test-dates`: the tests a year ahead and on the next 29 February: none may depend on its day.

`ONLY=tests/unit/core` runs those alone. Left out are the tests with programs that keep to the machine's
clock: Prometheus and VictoriaMetrics, which are written in Go, and the browser.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.faketime import faked
from kubedoor_dev.tools import ToolMissingError

FOLDERS = ("tests/unit", "tests/integration/api", "tests/integration/clickhouse")
EARLY = Path(__file__).parent / "early"
HOUR = "11:00:00"
"""By UTC: it is that day in Shanghai too, and stays so while the tests run."""


def next_leap_day(today: date) -> date:
    """Return the next 29 February, today's included."""
    years = range(today.year, today.year + 9)  # 2100 is no leap year
    days = (date(year, 2, 29) for year in years if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return next(day for day in days if day >= today)


def clocks(today: date) -> dict[str, str]:
    """Return the clocks that the tests run under: what each is called, and how libfaketime takes it."""
    leap = next_leap_day(today).isoformat()
    return {"a year ahead": "+366d", f"on {leap}": f"@{leap} {HOUR}"}


def run(clock: str, tests: list[str]) -> int:
    """Run tests under a clock; return pytest's exit code.

    :raises ToolMissingError: where libfaketime is not installed.
    """
    path = os.pathsep.join([str(EARLY), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, **faked(clock), "PYTHONPATH": path, "TZ": "UTC"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def main() -> int:
    """Run them under each clock, and return 1 where a test failed."""
    tests = os.environ.get("ONLY", "").split() or list(FOLDERS)
    failed = []
    for name, clock in clocks(datetime.now(UTC).date()).items():
        print(f"== {name}", flush=True)
        try:
            code = run(clock, tests)
        except ToolMissingError as error:
            sys.exit(str(error))
        if code:
            failed.append(name)
    if failed:
        print(f"Tests failed {' and '.join(failed)}: they depend on the day", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
