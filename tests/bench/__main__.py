"""`make bench`: every suite, or the one that ONLY names; a table at the end, the figures in `.bench/`.

`SHORT=1` takes tiny sizes, `PROFILE=1` profiles the Python hot paths: neither is kept. `WRITE_DOCS=1` makes
`docs/benchmarks.md` at the end. Each suite has a limit of time; one that is not over by then is told.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import cast

from bench import document, profiling
from bench.bounded import LIMIT_S, OverTimeError, within
from bench.results import Result, table
from bench.rounds import SHORT, load_at_start, too_noisy
from kubedoor_dev.control_plane import AssetsError

SUITES = tuple(
    name
    for name in (
        "admission", "collection", "scan", "api", "console", "growth", "packing", "numbers", "advice",
        "alerts", "now", "fleet", "nodes",
    )
    if Path(__file__).with_name(f"{name}.py").exists()
)  # fmt: skip


def wanted(only: str | None) -> tuple[str, ...]:
    """Return the suites to run: all, or the one asked for."""
    if only is None:
        return SUITES
    if only not in SUITES:
        sys.exit(f"ONLY={only}: there is no such suite; there are {', '.join(SUITES)}")
    return (only,)


def measured(name: str) -> list[Result]:
    """Run one suite.

    :raises OverTimeError: it took too long.
    :raises AssetsError: a program that it needs is not there.
    """
    print(f"== {name}", flush=True)
    suite = importlib.import_module(f"bench.{name}")
    with within(LIMIT_S):
        return cast("list[Result]", suite.main())


def main() -> None:
    """Run the suites one after the other."""
    names = wanted(os.environ.get("ONLY") or None)
    at_start = load_at_start()
    results, unfinished = [at_start], list[str]()
    for name in names:
        try:
            found = measured(name)
        except AssetsError as error:
            if names == (name,):
                sys.exit(str(error))
            print(f"{name} is left out: {error}", flush=True)
            continue
        except OverTimeError as error:
            unfinished.append(f"{name} is {error}")
            print(unfinished[-1], flush=True)
            continue
        except Exception as error:  # noqa: BLE001 the other suites are measured all the same
            traceback.print_exc()
            unfinished.append(f"{name} failed: {type(error).__name__}: {error}")
            continue
        results += found
        if not (profiling.PROFILE or SHORT):
            print(f"written to {document.keep(name, [at_start, *found])}", flush=True)
    _tell(results, unfinished)


def _tell(results: list[Result], unfinished: list[str]) -> None:
    print(f"\n{table(results)}\n")
    for trouble in filter(None, [too_noisy(results), *unfinished]):
        print(f"{trouble}\n")
    if profiling.PROFILE:
        print("Profiled, so the figures above don't count:", *profiling.tell(), sep="\n")
        return
    if SHORT:
        print("SHORT=1: the sizes are tiny, so the figures above don't count and are not kept.")
        sys.exit(bool(unfinished))
    if os.environ.get("WRITE_DOCS") == "1":
        document.main()
    sys.exit(bool(unfinished) or any(result["met"] is False for result in results))


if __name__ == "__main__":
    main()
