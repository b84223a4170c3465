"""A suite of the benchmarks that hangs or fails is ended and told, and takes nothing from the others."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import __main__ as bench
from bench import document
from bench.bounded import OverTimeError, within
from bench.results import Result, seen


async def hang() -> None:
    await asyncio.sleep(3600)


def test_what_takes_too_long_is_ended_whatever_it_waits_for() -> None:
    with pytest.raises(OverTimeError, match=r"not over within 0\.05 s"), within(0.05):
        time.sleep(3600)
    with pytest.raises(OverTimeError), within(0.05):
        asyncio.run(hang())


def test_what_is_over_in_time_hears_nothing() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with within(3600):
        pass
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_suite_that_hangs_or_fails_is_told_and_the_others_are_measured_and_documented(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suites = {
        "bench.slow": SimpleNamespace(main=lambda: time.sleep(3600)),
        "bench.stale": SimpleNamespace(main=lambda: 1 / 0),
        "bench.quick": SimpleNamespace(main=lambda: [seen("quick", "a figure", 1, "s")]),
    }
    for name, suite in suites.items():
        monkeypatch.setitem(sys.modules, name, suite)
    kept: list[str] = []

    def keep(name: str, _: list[Result]) -> Path:
        kept.append(name)
        return tmp_path

    monkeypatch.setattr(bench, "SUITES", ("slow", "stale", "quick"))
    monkeypatch.setattr(bench, "LIMIT_S", 0.05)
    monkeypatch.setattr(bench, "SHORT", False)
    monkeypatch.setattr(document, "keep", keep)
    monkeypatch.setattr(document, "main", lambda: kept.append("the document"))
    monkeypatch.delenv("ONLY", raising=False)
    monkeypatch.setenv("WRITE_DOCS", "1")
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code is True
    assert kept == ["quick", "the document"]
    said = capsys.readouterr().out
    assert "slow is not over within 0.05 s" in said
    assert "stale failed: ZeroDivisionError" in said
    assert "a figure" in said
