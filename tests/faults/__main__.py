"""`make faults`: every fault, or those that ONLY names; a table at the end and `.faults/results.json`."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from faults.catalogue import FAULTS, Fault
from faults.load import Load
from faults.results import NotHeldError, Result, document, merged, put_into, read, table, write
from faults.scale import SHORT, WHOLE, Scale
from faults.system import running

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / ".faults"
MOST_CHARS = 500
RESULTS = FOLDER / "results.json"
DOCUMENT = CHECKOUT / "docs" / "faults.md"


def chosen(only: str) -> list[Fault]:
    """Return the faults whose name holds one of the words."""
    words = [word.strip() for word in only.split(",") if word.strip()]
    found = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    if not found:
        sys.exit(f"ONLY={only}: there is no such fault; there are {', '.join(f.name for f in FAULTS)}")
    return found


async def attempt(fault: Fault, load: Load, scale: Scale) -> Result:
    """Make one fault; whatever is raised is a fault that was not held, with its reason."""
    began_s = time.monotonic()
    held, detail = await _tried(fault, load, scale)
    return Result(fault=fault.name, held=held, detail=detail, took_s=round(time.monotonic() - began_s))


async def _tried(fault: Fault, load: Load, scale: Scale) -> tuple[bool, str]:
    try:
        async with asyncio.timeout(fault.limit_s):
            return True, await fault.make(load, scale)
    except NotHeldError as error:
        return False, str(error)
    except TimeoutError:
        return False, f"not over within {fault.limit_s:.0f} s"
    except Exception as error:  # noqa: BLE001 whatever came between is told, and the next fault is made
        return False, f"could not be made or looked at: {error!r}"


async def run(faults: list[Fault], scale: Scale, folder: Path) -> list[Result]:
    """Make the faults one after the other on one running system."""
    results: list[Result] = []
    try:
        async with running(folder) as system:
            load = Load(system)
            await load.prepare()
            for fault in faults:
                result = await attempt(fault, load, scale)
                results.append(result)
                mark = "held" if result["held"] else "NOT HELD"
                print(f"  {fault.name}: {mark}, {result['took_s']} s: {result['detail']}", flush=True)
    except Exception as error:  # noqa: BLE001 a system that does not come up, or go, fails what was to be tried
        left, reason = faults[len(results) :], f"the system did not come up: {error!r}"[:MOST_CHARS]
        results += [Result(fault=fault.name, held=False, detail=reason, took_s=0) for fault in left]
    return results


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the suite; exit 0 only if everything held."""
    signal.signal(signal.SIGTERM, _interrupt)
    short = os.environ.get("SHORT") == "1"
    only = os.environ.get("ONLY", "")
    faults = chosen(only)
    folder = FOLDER / "system"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    tempfile.tempdir = str(folder / "tmp")
    began = datetime.now(UTC)
    results = asyncio.run(run(faults, SHORT if short else WHOLE, folder))
    every = merged([fault.name for fault in FAULTS], read(RESULTS) if only else [], results)
    write(every, RESULTS)
    if os.environ.get("WRITE_DOCS") == "1":
        put_into(DOCUMENT, document(every, short=short, on=began.date()))
    took_s = (datetime.now(UTC) - began).total_seconds()
    print(f"\n{table(results)}\n\n{took_s:.0f} s; written to {RESULTS}; logs in {folder}/logs")
    sys.exit(not all(result["held"] for result in results))


if __name__ == "__main__":
    main()
