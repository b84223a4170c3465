"""`make bench`: every suite, or the one that ONLY names; a table at the end and `.bench/results.json`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import cast

from bench.results import Result, table, write

SUITES = ("admission", "collection", "api", "console", "growth")
RESULTS = Path(__file__).parents[2] / ".bench" / "results.json"


def wanted(only: str | None) -> list[str]:
    """Return the suites to run: those that are there, or the one asked for."""
    there = [name for name in SUITES if importlib.util.find_spec(f"bench.{name}")]
    if only is None:
        return there
    if only not in there:
        sys.exit(f"ONLY={only}: there is no such suite; there are {', '.join(there)}")
    return [only]


def main() -> None:
    """Run the suites one after the other."""
    results: list[Result] = []
    for name in wanted(os.environ.get("ONLY") or None):
        print(f"== {name}", flush=True)
        suite = importlib.import_module(f"bench.{name}")
        results += cast("list[Result]", suite.main())
    write(results, RESULTS)
    print(f"\n{table(results)}\n\nwritten to {RESULTS}")
    sys.exit(any(result["met"] is False for result in results))


if __name__ == "__main__":
    main()
