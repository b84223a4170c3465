"""What `make test` runs: all tests in parts, one more at once than cores: each mostly waits for its servers.

The longest parts come first, so that the workers end at about the same time. What a part says is shown once
it is through, under how long it took and how much of the processor, its servers included; at the end the sum.
Fails if one of them does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kubedoor_dev.demo.console import ConsoleBuildError, build_console
from kubedoor_dev.demo.paths import CHECKOUT

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
DURATIONS = ("--durations=25", "--durations-min=1")
DOCUMENT = "tests/integration/api/test_api_schemathesis.py"
"""One test, which takes as long as a hundred others."""
MOST_AT_ONCE = 4
SHOWING = threading.Lock()


@dataclass(frozen=True)
class Part:
    """Tests that run in one process.

    :ivar tests: what pytest is given; none where the part is no pytest's.
    """

    name: str
    command: tuple[str, ...]
    tests: tuple[str, ...] = ()
    folder: Path = CHECKOUT


def _part(name: str, *tests: str) -> Part:
    return Part(name, (*PYTEST, *DURATIONS, *tests), tests)


def _files(folder: str) -> list[str]:
    return sorted(path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / folder).glob("test_*.py"))


def _halves(name: str, folder: str, apart: str = "") -> list[Part]:
    """Return the tests of a folder that has so many as two parts.

    :param apart: a file that is a part by itself.
    """
    files = [file for file in _files(folder) if file != apart]
    return [_part(f"{name}, one half", *files[::2]), _part(f"{name}, the other half", *files[1::2])]


def parts() -> list[Part]:
    """Return all parts, the longest first."""
    others = ("cluster", "clickhouse", "deploy", "prometheus")
    return [
        *_halves("api", "tests/integration/api", DOCUMENT),
        _part("api, against its document", DOCUMENT),
        *_halves("browser", "tests/browser"),
        _part("collector", "tests/integration/collector"),
        _part("several services together", *_files("tests/integration")),
        _part("unit", "tests/unit"),
        _part("webhook", "tests/integration/webhook"),
        _part("engine, stores, cluster, chart", *(f"tests/integration/{name}" for name in others)),
        Part("the console's own", ("npm", "run", "--silent", "test"), folder=CHECKOUT / "frontend"),
    ]


@dataclass(frozen=True)
class Outcome:
    """How a part went.

    :ivar processor_s: of the part and of all that it started and waited for.
    """

    passed: bool
    took_s: float
    processor_s: float


def _followed(command: Sequence[str], folder: Path, said: IO[bytes]) -> Outcome:
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Outcome(process.returncode == 0, time.monotonic() - began, used.ru_utime + used.ru_stime)


def _times(took_s: float, processor_s: float) -> str:
    return f"{took_s:.0f} s, {processor_s:.0f} s of processor"


def run(part: Part) -> Outcome:
    """Run a part, show what it said, and tell how it went."""
    with tempfile.TemporaryFile() as said:
        outcome = _followed(part.command, part.folder, said)
        said.seek(0)
        with SHOWING:
            print(f"== {part.name}: {_times(outcome.took_s, outcome.processor_s)}", flush=True)
            sys.stdout.buffer.write(said.read())
            sys.stdout.flush()
    return outcome


def run_all(listed: Sequence[Part], at_once: int) -> list[str]:
    """Run parts, some at once, and show their sum; return the names of those in which a test failed."""
    began = time.monotonic()
    with ThreadPoolExecutor(at_once) as workers:
        outcomes = list(workers.map(run, listed))
    took_s, processor_s = time.monotonic() - began, sum(outcome.processor_s for outcome in outcomes)
    print(f"== all parts: {_times(took_s, processor_s)}", flush=True)
    return [part.name for part, outcome in zip(listed, outcomes, strict=True) if not outcome.passed]


def main() -> int:
    """Run all parts, and return 1 if a test failed."""
    try:
        build_console()  # here, as two parts need it, and would build it at the same time
    except ConsoleBuildError as error:
        sys.exit(f"the console can't be built: {error}")
    cores = len(os.sched_getaffinity(0))
    failed = run_all(parts(), min(cores + 1, MOST_AT_ONCE))
    if failed:
        print(f"Tests failed: {'; '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
