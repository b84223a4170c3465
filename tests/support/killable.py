"""An API as a process of its own, that a test may kill and start again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from kubedoor_dev.processes import free_port, stop, wait_for_http
from support.api import BASE, ENV, PASSWORD, SECRET, token, write_htpasswd

Json = dict[str, Any]


@dataclass
class ApiProcess:
    """One API's process, on a port that stays."""

    folder: Path
    settings: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def _environment(self) -> dict[str, str]:
        htpasswd = self.folder / "htpasswd"
        if not htpasswd.exists():
            write_htpasswd(htpasswd, alice=PASSWORD)
        own = {
            "KUBEDOOR_ENV": ENV,
            "KUBEDOOR_LISTEN": f"127.0.0.1:{self.port}",
            "KUBEDOOR_TIMEZONE": "Asia/Shanghai",
            "KUBEDOOR_JWT_SECRET": SECRET,
            "KUBEDOOR_HTPASSWD_FILE": str(htpasswd),
            "KUBEDOOR_LOG_FORMAT": "json",
            "KUBEDOOR_LEASE_DURATION_S": "3",
            "KUBEDOOR_LEASE_RENEW_S": "2",
            "KUBEDOOR_LEASE_RETRY_S": "1",
            "KUBEDOOR_ROLLOUT_POLL_S": "0.1",
            "KUBEDOOR_ROLLOUT_SOAK_S": "0",
        }
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KUBEDOOR_")}
        return {**plain, **own, **self.settings}

    async def start(self) -> None:
        """Start it and wait until it serves."""
        await asyncio.to_thread(self._start)

    def _start(self) -> None:
        log = self.folder / "api.log"
        with log.open("ab") as sink:
            command = [sys.executable, "-m", "kubedoor_api"]
            self.process = subprocess.Popen(command, env=self._environment(), stdout=sink, stderr=sink)
        wait_for_http(f"http://127.0.0.1:{self.port}/healthz", self.process, log)

    async def kill(self) -> None:
        """Kill it without a word."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self.process.wait)

    async def stop(self) -> None:
        """End it politely."""
        if self.process:
            await asyncio.to_thread(stop, self.process)

    def peak_memory_kib(self) -> int:
        """The largest resident memory that it has had."""
        assert self.process is not None
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmHWM:")[1].split()[0])

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """Send a request as an administrator and return the answer."""
        headers = {"Authorization": f"Bearer {token()}"}
        url = f"http://127.0.0.1:{self.port}{BASE}{path}"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, url, json=body) as response,
        ):
            answer: Json = await response.json(content_type=None)
            assert response.status < 400, answer
            return answer
