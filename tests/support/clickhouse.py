"""An embedded ClickHouse of one's own, to be stopped, killed and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kubedoor_dev.processes import free_port, stop, wait_for_http


@dataclass
class Server:
    """The process on a folder; the folder outlives it."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """ClickHouse's HTTP interface."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self.folder / "clickhouse.log"
        command = [sys.executable, "-m", "kubedoor_dev.clickhouse", "--port", str(self.port)]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--path", str(self.folder / "data")], stdout=output, stderr=output
            )
        wait_for_http(f"{self.url}/ping", self.process, log)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal: SIGSTOP freezes it, SIGCONT wakes it, SIGKILL ends it."""
        assert self.process is not None
        self.process.send_signal(number)
        if number is signal.SIGKILL:
            self.process.wait()

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Start it, and end it with the block, whatever was done to it."""
        self.start()
        try:
            yield self
        finally:
            if self.process and self.process.poll() is None:
                self.process.send_signal(signal.SIGCONT)
                stop(self.process)
