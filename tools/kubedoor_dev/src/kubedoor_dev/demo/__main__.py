"""`python -m kubedoor_dev.demo`: start everything, do the main job, stay up until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from kubedoor_dev.demo.clients import StepFailedError
from kubedoor_dev.demo.console import ConsoleBuildError
from kubedoor_dev.demo.job import main_job
from kubedoor_dev.demo.paths import Paths
from kubedoor_dev.demo.programs import Programs
from kubedoor_dev.demo.stack import Endpoints, Stack
from kubedoor_dev.demo.talk import say
from kubedoor_dev.metrics.traces import TraceError
from kubedoor_dev.processes import StartError
from kubedoor_dev.tools import ToolMissingError

EXPECTED = (
    StepFailedError, ConsoleBuildError, StartError, ToolMissingError, TraceError, TimeoutError,
    subprocess.CalledProcessError,
)  # fmt: skip


class Interrupted(KeyboardInterrupt):
    """Somebody ends the demo: Ctrl-C or SIGTERM."""


class Signals:
    """Ctrl-C and SIGTERM: the first ends the demo in order, a further one at once."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._ending = False
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs start with SIGINT ignored
            signal.signal(number, self._heard)

    def end(self) -> None:
        """Clean up: from now on a signal interrupts nothing."""
        self._ending = True

    def _heard(self, *_: object) -> None:
        if self._ending:
            self._programs.kill()
            return
        self._ending = True
        raise Interrupted


def _where_to_look(endpoints: Endpoints, paths: Paths) -> None:
    say(f"""
  Where to look:

    console      {endpoints.console}   (user {endpoints.user}, password {endpoints.password})
    kubernetes   kubectl --kubeconfig {endpoints.kubeconfig} get deployments -A
    prometheus   {endpoints.prometheus}
    clickhouse   {endpoints.clickhouse}
    all of it    {paths.endpoints}
    logs         {paths.logs}
""")


def _stay(programs: Programs) -> NoReturn:
    say("  Ctrl-C ends it.")
    while True:
        time.sleep(1)
        for said in programs.revive():
            say(f"  {said}")


def run(paths: Paths, programs: Programs, *, once: bool) -> int:
    """Start, do the main job, tell where to look, and stay unless it is for once. Returns the exit code."""
    stack = Stack(paths, programs)
    say("KubeDoor on this machine:\n")
    stack.start()
    asyncio.run(main_job(stack.endpoints, stack.company))
    say("\n  Everything held.")
    if once:
        return 0
    _where_to_look(stack.endpoints, paths)
    _stay(programs)


@contextmanager
def _alone(paths: Paths) -> Iterator[None]:
    """Hold the folder, emptied; two demos in one would end each other."""
    paths.root.mkdir(parents=True, exist_ok=True)
    with (paths.root.with_suffix(".lock")).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit(f"A demo is already running in {paths.root}: end it first")
        shutil.rmtree(paths.root)
        yield


def main() -> int:
    """Run the demo; leave nothing running, whatever happens."""
    parser = argparse.ArgumentParser(prog="kubedoor_dev.demo", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Paths().root, help="where it keeps what it makes")
    paths = Paths(parser.parse_args().folder.resolve())
    with _alone(paths):
        return _guarded(paths)


def _guarded(paths: Paths) -> int:
    tempfile.tempdir = str(paths.of("tmp"))
    programs = Programs(paths)
    signals = Signals(programs)
    try:
        return run(paths, programs, once=os.environ.get("DEMO_ONCE") == "1")
    except EXPECTED as error:
        say(f"\n\n  The demo did not hold: {error}\n  Logs are in {paths.logs}")
        return 1
    except KeyboardInterrupt:
        say("\n  ending ...")
        return 0
    finally:
        signals.end()
        programs.stop()


if __name__ == "__main__":
    sys.exit(main())
