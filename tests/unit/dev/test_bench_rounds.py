"""What the benchmarks make of their rounds: medians, spread, noise, and the document."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import rounds
from bench.document import Circumstances, Measured, render
from bench.growth import Size, tenfold
from bench.results import Result, at_most, seen

TESTS = Path(__file__).parents[2]
MADE = Circumstances(date="2026-01-02", cores=2, memory_gib=7.5, cpu="A CPU", python="3.11.7")


def test_a_median_is_told_with_its_spread() -> None:
    value, spread = rounds.median_at_least("s", "rate", [1.0, 4.0, 2.0], "ratio", 1.5)
    assert (value["value"], value["goal"], value["met"]) == (2.0, ">= 1.5", True)
    assert (spread["name"], spread["value"], spread["met"]) == ("rate: spread of 3 rounds", 150.0, None)


def test_sides_take_turns_in_being_first() -> None:
    order: list[str] = []

    def side(name: str) -> str:
        order.append(name)
        return name

    pairs = rounds.by_turns(lambda: side("bare"), lambda: side("ours"), 4)
    assert pairs == [("bare", "ours")] * 4
    assert order == ["bare", "ours", "ours", "bare", "bare", "ours", "ours", "bare"]


def test_a_restless_bare_figure_is_noise() -> None:
    calm, restless = rounds.quiet("a", [100, 104, 108]), rounds.quiet("b", [100, 80, 130])
    assert rounds.too_noisy([calm, seen("a", "x", 1, "s")]) is None
    told = rounds.too_noisy([calm, restless])
    assert told
    assert "b, spread of the bare figure" in told
    assert "a, spread" not in told


def _size(services: int, derivation_s: float) -> Size:
    return Size(services, derivation_s, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(("largest_s", "met"), [(10 + 0.001 * 50_000, True), (10 + 0.0012 * 50_000, False)])
def test_what_is_there_without_services_hides_no_growth(largest_s: float, met: bool) -> None:
    figures = [10 + 0.001 * 100, 10 + 0.001 * 5000, largest_s]
    sizes = [_size(*pair) for pair in zip((100, 5000, 50_000), figures, strict=True)]
    assert tenfold("derivation", sizes, figures)["met"] is met


def test_the_document_tells_machine_date_noise_and_misses() -> None:
    rows: list[Result] = [rounds.quiet("a", [100, 80, 130]), at_most("a", "p99", 3, "ratio", 2)]
    text = render([Measured(suite="a", made=MADE, results=rows)])
    assert "Measured on 2026-01-02 with Python 3.11.7 on 2 cores (A CPU) and 7.5 GiB of memory." in text
    assert "| p99 | 3 ratio | <= 2 | **missed** |" in text
    assert "**The machine was too noisy" in text


def test_an_unknown_suite_says_which_there_are() -> None:
    environ = {**os.environ, "ONLY": "nonsense", "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        [sys.executable, "-m", "bench"], env=environ, cwd=TESTS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        "there is no such suite; there are admission, collection, scan, api, console, growth" in done.stderr
    )
