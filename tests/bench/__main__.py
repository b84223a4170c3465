"""`make bench`: every suite, or the one that ONLY names; a table at the end, the figures in `.bench/`.

`SHORT=1` takes tiny sizes, `PROFILE=1` profiles the Python hot paths: neither is kept.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import cast

from bench import document, profiling
from bench.results import Result, table
from bench.rounds import SHORT, load_at_start, too_noisy
from kubedoor_dev.control_plane import AssetsError

SUITES = tuple(
    name for name in ("admission", "collection", "api", "console", "growth", "numbers", "packing")
    if Path(__file__).with_name(f"{name}.py").exists()
)  # fmt: skip


def wanted(only: str | None) -> tuple[str, ...]:
    """Return the suites to run: all, or the one asked for."""
    if only is None:
        return SUITES
    if only not in SUITES:
        sys.exit(f"ONLY={only}: there is no such suite; there are {', '.join(SUITES)}")
    return (only,)


def main() -> None:
    """Run the suites one after the other."""
    names = wanted(os.environ.get("ONLY") or None)
    at_start = load_at_start()
    results = [at_start]
    for name in names:
        print(f"== {name}", flush=True)
        suite = importlib.import_module(f"bench.{name}")
        try:
            measured = cast("list[Result]", suite.main())
        except AssetsError as error:
            if names == (name,):
                sys.exit(str(error))
            print(f"{name} is left out: {error}", flush=True)
            continue
        results += measured
        if not (profiling.PROFILE or SHORT):
            print(f"written to {document.keep(name, [at_start, *measured])}", flush=True)
    print(f"\n{table(results)}\n")
    if noise := too_noisy(results):
        print(f"{noise}\n")
    if profiling.PROFILE:
        print("Profiled, so the figures above don't count:", *profiling.tell(), sep="\n")
        return
    if SHORT:
        print("SHORT=1: the sizes are tiny, so the figures above don't count and are not kept.")
        return
    sys.exit(any(result["met"] is False for result in results))


if __name__ == "__main__":
    main()
