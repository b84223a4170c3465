"""`docs/benchmarks.md` holds what each suite measured last, and says when the machine was too busy."""

from __future__ import annotations

import json
from pathlib import Path

from bench import document
from bench.results import at_most
from bench.rounds import MACHINE


def test_a_suite_that_is_measured_again_takes_nothing_from_the_others(tmp_path: Path) -> None:
    document.keep("api", [at_most("api", "memory", 140, "MB", 250)], tmp_path)
    document.keep("admission", [at_most("admission", "memory", 170, "MB", 150)], tmp_path)
    document.keep("admission", [at_most("admission", "memory", 143, "MB", 150)], tmp_path)
    text = document.render([json.loads(path.read_text()) for path in sorted(tmp_path.iterdir())])
    assert "| memory | 140 MB | <= 250 | met |" in text
    assert "| memory | 143 MB | <= 150 | met |" in text
    assert "170" not in text
    assert text.index("## admission") < text.index("## api")


def test_a_busy_machine_is_said_at_the_suite_that_it_spoilt(tmp_path: Path) -> None:
    document.keep("admission", [at_most(MACHINE, "noise: load", 4, "per core", 0.5)], tmp_path)
    document.keep("api", [at_most(MACHINE, "noise: load", 0.1, "per core", 0.5)], tmp_path)
    text = document.render([json.loads(path.read_text()) for path in sorted(tmp_path.iterdir())])
    assert "too noisy" in text.partition("## api")[0]
    assert "too noisy" not in text.partition("## api")[2]
