"""The demo's programs: started in order, each waited for, ended in reverse."""

from __future__ import annotations

import ctypes
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from kubedoor_dev.demo.paths import CHECKOUT, Paths
from kubedoor_dev.processes import kill, stop, wait_for_http

PR_SET_PDEATHSIG = 1
MOST_RESTARTS = 3


@dataclass
class Program:
    """A program that runs, and how to start it again, with further variables; None: it can't be.

    :ivar lent: whoever started it ends it too.
    :ivar forgets: what is gone when it ends; empty for nothing.
    :ivar restarts: how often it was started again because it had ended by itself.
    :ivar given_up: whether it has ended for good.
    """

    name: str
    process: subprocess.Popen[bytes]
    again: Callable[[Mapping[str, str]], subprocess.Popen[bytes]] | None = None
    lent: bool = False
    forgets: str = ""
    restarts: int = 0
    given_up: bool = False


def _end_with_parent() -> None:
    """Ask Linux to end this process when the demo dies, even if it is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Programs:
    """What was started, oldest first."""

    paths: Paths
    started: list[Program] = field(default_factory=list)

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return a program's variables, without the user's own of KubeDoor."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("KUBEDOOR_")}
        return {**own, "TMPDIR": str(self.paths.of("tmp")), "PYTHONUNBUFFERED": "1", **extra}

    def start(
        self,
        name: str,
        command: list[str],
        url: str,
        *,
        environment: Mapping[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Start a program and wait until a URL of it answers.

        :raises kubedoor_dev.processes.StartError: with the end of its log.
        """
        self.paths.logs.mkdir(parents=True, exist_ok=True)
        log = self.paths.logs / f"{name}.log"
        log.write_bytes(b"")

        def launch(more: Mapping[str, str]) -> subprocess.Popen[bytes]:
            with log.open("ab") as output:
                return subprocess.Popen(
                    command,
                    cwd=CHECKOUT,
                    env=self.environment({**(environment or {}), **more}),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,  # Ctrl-C is for the demo, which then ends the others in order
                    preexec_fn=_end_with_parent,  # noqa: PLW1509 nothing but one system call
                )

        program = Program(name, launch({}), launch)
        self.started.append(program)
        wait_for_http(url, program.process, log, context=context)

    def module(self, name: str, url: str, *arguments: str, **options: object) -> None:
        """Start a Python module of ours."""
        self.start(name, [sys.executable, "-m", *arguments], url, **options)  # type: ignore[arg-type] # passed on

    def adopt(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        again: Callable[[], subprocess.Popen[bytes]] | None = None,
        *,
        lent: bool = False,
    ) -> None:
        """Take over a process that somebody else has started, to end it unless it is only lent."""
        self.started.append(Program(name, process, (lambda _: again()) if again else None, lent))

    def named(self, name: str) -> Program:
        """Return the program of a name."""
        return next(program for program in self.started if program.name == name)

    def revive(self) -> list[str]:
        """Start again whatever has ended by itself, a few times; return what is to be said of each."""
        return [
            self._revived(one) for one in self.started if not one.given_up and one.process.poll() is not None
        ]

    def _revived(self, program: Program) -> str:
        said = f"{program.name} has ended by itself (exit code {program.process.returncode})"
        if program.again is None or program.restarts >= MOST_RESTARTS:
            program.given_up = True
            return f"{said}; the others go on without it. Logs are in {self.paths.logs}"
        program.restarts += 1
        program.process = program.again({})
        lost = f" without {program.forgets}" if program.forgets else ""
        return f"{said} and was started again{lost}"

    def kill(self) -> None:
        """End everything at once; from a signal's handler, while `stop` waits."""
        for program in self.started:
            if not program.lent:
                kill(program.process)

    def stop(self) -> None:
        """End everything but what is lent, newest first."""
        while self.started:
            if not self.started[-1].lent:
                stop(self.started[-1].process)
            self.started.pop()
