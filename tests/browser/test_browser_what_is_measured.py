"""The benchmark of the console still finds in the pages what it measures; its figures are not looked at."""

from __future__ import annotations

import pytest

from bench import console


def test_the_benchmark_finds_what_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "ROUNDS", 1)
    found = console.main()
    assert len(found) == 5
    assert all(one["value"] > 0 for one in found)
