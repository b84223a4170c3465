"""`make test` runs every test once, and fails where one does."""

from __future__ import annotations

import collections
import re
import sys
from pathlib import Path

import pytest

from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.run_tests import Part, parts, run, run_all

RUN = ("unit", "integration", "browser")
"""What `make test` runs of `tests`; e2e, faults and bench have commands of their own."""


def test_each_file_of_tests_is_in_one_part() -> None:
    given = [CHECKOUT / test for part in parts() for test in part.tests]
    files = [file for path in given for file in ([path] if path.is_file() else path.rglob("test_*.py"))]
    there = [file for folder in RUN for file in (CHECKOUT / "tests" / folder).rglob("test_*.py")]
    assert collections.Counter(files) == collections.Counter(there)


def test_the_consoles_own_are_among_them() -> None:
    assert [part.folder.name for part in parts() if not part.tests] == ["frontend"]


def _python(name: str, code: str) -> Part:
    return Part(name, (sys.executable, "-c", code), folder=Path(sys.prefix))


def test_what_failed_is_named_and_the_others_run_all_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    listed = [
        _python("good", "print('one is well')"),
        _python("bad", "import sys; print('one is not', file=sys.stderr); sys.exit(1)"),
        _python("last", "print('another is well')"),
    ]
    assert run_all(listed, 2) == ["bad"]
    shown = capfd.readouterr().out
    assert all(words in shown for words in ("one is well", "one is not", "another is well", "== bad: "))


def test_a_part_tells_the_processor_time_of_what_it_started_and_no_other_parts(
    capfd: pytest.CaptureFixture[str],
) -> None:
    burning = "import time\nwhile time.process_time() < 0.5: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burning!r}])"
    listed = [_python("burner", child), _python("idle", "pass")]
    outcomes = [run(part) for part in listed]
    assert outcomes[0].processor_s >= 0.5
    assert outcomes[1].processor_s < outcomes[0].processor_s
    assert run_all(listed, 2) == []
    shown = re.findall(r"== (.+): \d+ s, (\d+) s of processor", capfd.readouterr().out)
    assert collections.Counter(name for name, _ in shown) == {"burner": 2, "idle": 2, "all parts": 1}
