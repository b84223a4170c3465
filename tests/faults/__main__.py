"""`make faults`: every fault, or those that ONLY names; a table at the end and `.faults/results.json`."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from faults.catalogue import FAULTS, ON_REAL, Fault
from faults.load import Load
from faults.results import NotHeldError, Result, document, merged, put_into, read, table, write
from faults.scale import SHORT, SHORT_ON_REAL, WHOLE, Scale
from faults.system import running
from kubedoor_dev.control_plane import Programs, programs_there

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / ".faults"
MOST_CHARS = 500
RESULTS = FOLDER / "results.json"
DOCUMENT = CHECKOUT / "docs" / "faults.md"


def chosen(only: str) -> list[Fault]:
    """Return the faults whose name holds one of the words."""
    words = [word.strip() for word in only.split(",") if word.strip()]
    found = [fault for fault in (*FAULTS, *ON_REAL) if not words or any(word in fault.name for word in words)]
    if not found:
        sys.exit(
            f"ONLY={only}: there is no such fault; there are {', '.join(f.name for f in (*FAULTS, *ON_REAL))}"
        )
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


async def _told(fault: Fault, load: Load, scale: Scale) -> Result:
    result = await attempt(fault, load, scale)
    mark = "held" if result["held"] else "NOT HELD"
    print(f"  {fault.name}: {mark}, {result['took_s']} s: {result['detail']}", flush=True)
    return result


def at_once(faults: Sequence[Fault]) -> list[list[Fault]]:
    """Put those that are apart and stand together into one group, and each other one into its own."""
    groups: list[list[Fault]] = []
    for fault in faults:
        if fault.apart and groups and groups[-1][-1].apart:
            groups[-1].append(fault)
        else:
            groups.append([fault])
    return groups


async def run(
    faults: Sequence[Fault], scale: Scale, folder: Path, real: Programs | None = None
) -> list[Result]:
    """Make the faults on one running system, one after the other but for those that are apart.

    :param real: the programs of the control plane that it is to run with.
    """
    results: list[Result] = []
    try:
        async with running(folder, real) as system:
            load = Load(system, scale.targets)
            await load.prepare()
            for group in at_once(faults):
                results += await asyncio.gather(*(_told(fault, load, scale) for fault in group))
    except Exception as error:  # noqa: BLE001 a system that does not come up, or go, fails what was to be tried
        left, reason = faults[len(results) :], f"the system did not come up: {error!r}"[:MOST_CHARS]
        results += [Result(fault=fault.name, held=False, detail=reason, took_s=0) for fault in left]
    return results


async def run_both(faults: Sequence[Fault], scale: Scale, folder: Path) -> list[Result]:
    """Make the faults with the simulated API server, and then those of a real one where it is there."""
    simulated, on_real = ([one for one in faults if one in which] for which in (FAULTS, ON_REAL))
    results = await run(simulated, scale, folder / "simulated") if simulated else []
    if not on_real:
        return results
    if not (real := programs_there()):
        print(
            "  No fault was made on a real control plane: its programs are not there; see `make kube-assets`"
        )
        return results
    return [*results, *await run(on_real, SHORT_ON_REAL if scale is SHORT else scale, folder / "real", real)]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def cpu_s() -> float:
    """How long processors have worked for this process and those that it has ended, seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


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
    results = asyncio.run(run_both(faults, SHORT if short else WHOLE, folder))
    every = merged([fault.name for fault in (*FAULTS, *ON_REAL)], read(RESULTS) if only else [], results)
    write(every, RESULTS)
    if os.environ.get("WRITE_DOCS") == "1":
        put_into(DOCUMENT, document(every, short=short, on=began.date()))
    took_s = (datetime.now(UTC) - began).total_seconds()
    used = f"{took_s:.0f} s, {cpu_s():.0f} s of processors, load average {os.getloadavg()[1]:.1f}"
    print(f"\n{table(results)}\n\n{used}; written to {RESULTS}; logs below {folder}")
    sys.exit(not all(result["held"] for result in results))


if __name__ == "__main__":
    main()
