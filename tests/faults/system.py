"""The running system: the demo's stack, with what can be broken between its parts."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from e2e.support.installation import NODES, node
from faults.results import eventually, must
from integration.collector.faulty import FaultyStore, before
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.settings import Settings
from kubedoor_dev.control_plane import Programs as Assets
from kubedoor_dev.control_plane import running as control_plane
from kubedoor_dev.demo.clients import Client, Json, browser, kubectl
from kubedoor_dev.demo.paths import Paths
from kubedoor_dev.demo.programs import Programs
from kubedoor_dev.demo.stack import (
    ENV,
    OWN_NAMESPACE,
    PEAK_HOURS,
    TIMEZONE,
    Company,
    Endpoints,
    Stack,
    Variant,
)
from kubedoor_dev.metrics import company
from kubedoor_dev.processes import wait_for_http
from support.proxy import Proxy

API = f"/api/v1/envs/{ENV}"
COLLECTED = ("cart", "login", "cdn-origin")
DAYS = 2
TIMEOUT = aiohttp.ClientTimeout(total=300)
"""Longer than any machine is busy: what has no answer then hangs."""
LIMIT_S = 120.0
HEALTH = {"clickhouse": "/ping", "nginx": "/nginx-health"}
SERVICES = ("collector", "webhook", "api", "nginx")


def small_company() -> Company:
    """A few of the demo's workloads, and two days: what the suite needs to collect."""
    services = tuple(one for one in company() if one.name in COLLECTED)
    dates = parse_peak_hours(PEAK_HOURS).last_finished(DAYS, ZoneInfo(TIMEZONE), datetime.now(UTC))
    return Company(services, tuple(dates))


def namespace(name: str) -> Json:
    """A namespace as it is created."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


class StackBehindStore(Stack):
    """The stack whose collector asks Prometheus through a store that may spoil answers.

    :ivar real: the programs of the real control plane that takes the place of the simulated API server.
    """

    def __init__(
        self, paths: Paths, programs: Programs, variant: Variant, store: FaultyStore, real: Assets | None
    ) -> None:
        super().__init__(paths, programs, variant)
        self._store = store
        self._real = real
        self.ends = ExitStack()

    def _start_cluster(self) -> None:
        if not self._real:
            super()._start_cluster()
            return
        plane = self.ends.enter_context(control_plane(self._real, self._paths.of("plane")))
        # Ended by its plane, after its managers: an API server waits for those that watch it.
        self._programs.adopt("kubernetes", plane.processes["kube-apiserver"], lent=True)
        found = plane.credentials.token_kubeconfig("kubernetes-admin", plane.administrators_token)
        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_bytes(found.read_bytes())
        namespaces = {service.namespace for service in self.company.services} | {OWN_NAMESPACE}
        items = [*(node(number) for number in range(NODES)), *(namespace(name) for name in namespaces)]
        made = plane.kubectl(
            "create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        )
        must(made.returncode == 0, made.stderr)

    def _scrape_configs(self) -> list[Json]:
        """Scrape nothing: a day that goes on would be another one at each collection."""
        return []

    def _start_prometheus(self) -> None:
        super()._start_prometheus()
        self._store.target = self.endpoints.prometheus


@dataclass
class System:
    """The stack, its clients, and the proxies before ClickHouse and Prometheus.

    :ivar database: ClickHouse itself, past the proxy.
    """

    paths: Paths
    programs: Programs
    stack: Stack
    proxy: Proxy
    store: FaultyStore
    console: Client
    cluster: Client
    database: ClickHouse

    @property
    def endpoints(self) -> Endpoints:
        """Where the parts are."""
        return self.stack.endpoints

    @property
    def tls(self) -> ssl.SSLContext:
        """What trusts the webhook."""
        return ssl.create_default_context(cafile=self.stack.ca_file)

    def session(self, timeout: aiohttp.ClientTimeout = TIMEOUT, **options: int) -> aiohttp.ClientSession:
        """Open connections to the webhook."""
        connector = aiohttp.TCPConnector(ssl=self.tls, **options)  # type: ignore[arg-type] # limit
        return aiohttp.ClientSession(self.endpoints.webhook, connector=connector, timeout=timeout)

    def pid(self, name: str) -> int:
        """The process of a part."""
        return self.programs.named(name).process.pid

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a part; nginx is a family of processes, which has a session of its own."""
        process = self.programs.named(name).process
        for pid in [process.pid, *children(process.pid)]:
            signal_if_there(pid, number)
        if number is signal.SIGKILL:
            process.wait()

    async def start(self, name: str, **environment: str) -> None:
        """Start a part that has ended again, with further variables, and wait until it answers."""
        program = self.programs.named(name)
        must(program.again, f"{name} can't be started again")
        if program.again:
            program.process = program.again(environment)
        await asyncio.to_thread(
            wait_for_http, self._health(name), program.process, self.log(name), LIMIT_S, self._context(name)
        )

    async def restart(self, name: str, **environment: str) -> None:
        """End a part politely and start it again, with further variables."""
        process = self.programs.named(name).process
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, LIMIT_S)
        await self.start(name, **environment)

    def _health(self, name: str) -> str:
        scheme = "https" if name in ("webhook", "kubernetes") else "http"
        return self.stack.url(name, scheme) + HEALTH.get(name, "/healthz")

    def _context(self, name: str) -> ssl.SSLContext | None:
        return self.tls if name == "webhook" else None

    def log(self, name: str) -> Path:
        """Where a part writes its log."""
        return self.paths.logs / f"{name}.log"

    async def readiness(self, name: str) -> Json:
        """What `/readyz` of a part says, with its status; 0 where it can't be asked."""
        url, context = self._health(name).replace("healthz", "readyz"), self._context(name)
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.get(url, ssl=context or False) as answer,
            ):
                return {"code": answer.status, **await answer.json(content_type=None)}
        except (aiohttp.ClientError, OSError):
            return {"code": 0}

    async def until_ready(self, *names: str) -> None:
        """Wait until parts say that they can do their job."""
        for name in names or ("api", "webhook", "collector"):

            async def ready(name: str = name) -> bool:
                return bool((await self.readiness(name))["code"] == 200)

            await eventually(f"{name} is ready", ready, LIMIT_S)

    def set_limit(self, name: str, kind: int, soft: int) -> int:
        """Set the soft limit of a running part's resource, see getrlimit(2), and return the one before."""
        pid = self.pid(name)
        was, hard = resource.prlimit(pid, kind)
        resource.prlimit(pid, kind, (soft, hard))
        return was

    def memory_kib(self, name: str, kind: str = "VmRSS") -> int:
        """How much memory a part has; `VmSize` is its address space."""
        text = Path(f"/proc/{self.pid(name)}/status").read_text()
        return int(text.split(f"{kind}:")[1].split()[0])

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a further program of ours."""
        return self.programs.environment(self.stack.settings(**more))

    async def command(self, *arguments: str, **more: str) -> tuple[int, str]:
        """Run a module of ours to its end; return its exit code and what it said."""
        return await run_command(self.environment(**more), *arguments)


async def run_command(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Run a module of ours to its end; return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(), LIMIT_S)
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, out.decode(errors="replace")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


def signal_if_there(pid: int, number: signal.Signals) -> None:
    """Send a signal to one of our processes, unless it has just ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@asynccontextmanager
async def running(root: Path, real: Assets | None = None) -> AsyncIterator[System]:
    """Start everything below a folder, and end it with the block, whatever was done to it.

    :param real: the programs of a control plane that takes the place of the simulated API server.
    """
    paths = Paths(root)
    programs = Programs(paths)
    static = paths.of("static")
    (static / "index.html").write_text("<!doctype html><title>KubeDoor</title>")
    async with Proxy(0).running() as proxy, before("") as store:
        settings = {
            "collector": {"PROMETHEUS_URL": store.url, "PROMETHEUS_TIMEOUT_S": "5", "RUN_LEASE_S": "2"},
            "webhook": {"CHECK_TIMEOUT_S": "5", "MAX_CONNECTIONS": "512"},
            "api": {
                "LEASE_DURATION_S": "3", "LEASE_RENEW_S": "2", "LEASE_RETRY_S": "1",
                "ROLLOUT_POLL_S": "0.1", "ROLLOUT_SOAK_S": "0", "WEBHOOK_TIMEOUT_S": "10",
            },
        }  # fmt: skip
        variant = Variant(small_company(), static, proxy.url, settings)
        stack = StackBehindStore(paths, programs, variant, store, real)
        proxy.target_port = int(stack.url("clickhouse").rpartition(":")[2])
        try:
            await asyncio.to_thread(stack.start)
            place = stack.endpoints
            async with (
                browser(place.console, place.user, place.password) as console,
                kubectl(Path(place.kubeconfig)) as cluster,
                connect(Settings(clickhouse_url=place.clickhouse)) as database,
            ):
                yield System(paths, programs, stack, proxy, store, console, cluster, database)
        finally:
            for program in programs.started:
                if program.process.poll() is None:
                    signal_if_there(program.process.pid, signal.SIGCONT)
            await asyncio.to_thread(programs.stop)
            await asyncio.to_thread(stack.ends.close)


def now_s() -> float:
    """The clock of the ledger, seconds."""
    return time.monotonic()
