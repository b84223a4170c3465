"""What the cluster's name server does, for Services whose pods are processes on 127.0.0.1.

The API server reaches Services by their cluster IP, through a proxy (`service_proxy`), and our own processes
find them by name; both read the file that is kept here.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kubedoor_dev.processes import StartError, stop

NAMES_VARIABLE = "E2E_SERVICES"
"""Names that file to tests/e2e/support/names/sitecustomize.py, which each of our processes loads."""
START_TIMEOUT_S = 60.0


@dataclass
class Services:
    """Ports on 127.0.0.1 by `host:port` of a Service, its host being a cluster IP or a name."""

    folder: Path
    ports: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the API server connects to."""
        return self.folder / "egress.sock"

    @property
    def file(self) -> Path:
        """The ports as JSON, for other processes."""
        return self.folder / "services.json"

    def lead(self, address: str, *ports: int) -> None:
        """Let a Service lead to these ports from now on; to none: connections are refused."""
        self.ports[address] = ports
        self._write()

    def _write(self) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.ports), encoding="utf-8")
        part.replace(self.file)

    @contextlib.contextmanager
    def serving(self) -> Iterator[Services]:
        """Run the API server's proxy while the block lasts: a process by itself, as tests keep this one busy.

        :raises StartError: when it does not come up.
        """
        self._write()
        proxy = (sys.executable, "-m", "kubedoor_dev.control_plane.service_proxy")
        process = subprocess.Popen((*proxy, str(self.path), str(self.file)))
        try:
            self._wait(process)
            yield self
        finally:
            stop(process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise StartError("the proxy to Services did not come up")
            time.sleep(0.05)
