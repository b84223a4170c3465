"""The demo's programs: started in order, each waited for, ended in reverse."""

from __future__ import annotations

import ctypes
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from kubedoor_dev.demo.paths import CHECKOUT, Paths
from kubedoor_dev.processes import stop, wait_for_http

PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """Ask Linux to end this process when the demo dies, even if it is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Programs:
    """What was started, oldest first."""

    paths: Paths
    started: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

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
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=self.environment(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the demo, which then ends the others in order
                preexec_fn=_end_with_parent,  # noqa: PLW1509 nothing but one system call
            )
        self.adopt(name, process)
        wait_for_http(url, process, log, context=context)

    def module(self, name: str, url: str, *arguments: str, **options: object) -> None:
        """Start a Python module of ours."""
        self.start(name, [sys.executable, "-m", *arguments], url, **options)  # type: ignore[arg-type] # passed on

    def adopt(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Take over a process that somebody else has started."""
        self.started.append((name, process))

    def died(self) -> str | None:
        """Return the name of a program that has ended by itself."""
        return next((name for name, process in self.started if process.poll() is not None), None)

    def stop(self) -> None:
        """End everything, newest first."""
        while self.started:
            stop(self.started.pop()[1])
