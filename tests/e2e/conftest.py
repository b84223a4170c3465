"""One control plane per run, with KubeDoor in it; each test has namespaces of its own."""

from __future__ import annotations

import signal
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest

from e2e.support.cadvisor import exporting
from e2e.support.company import Company
from e2e.support.company import running as company_running
from e2e.support.installation import DATABASE, Client, Installation, installed
from e2e.support.place import Namespace, Place
from e2e.support.scraping import scrape_configs
from e2e.support.telling import LINES
from integration.collector.stores import Loaded, prometheus_with, scenario_of, some_services
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.settings import Settings
from kubedoor_dev.control_plane import ControlPlane, programs, running
from kubedoor_dev.control_plane.metrics import start_kube_state_metrics, start_metrics_server


def pytest_configure() -> None:
    """Let SIGTERM end a run as Ctrl-C does: nothing that it has started is left running."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_report_header() -> list[str]:
    """Say which versions are tried."""
    found = programs()
    asked = {"kube-apiserver": "--version", "etcd": "--version", "kwok": "--version", "helm": "version"}
    told = (
        subprocess.run([found[name], flag], capture_output=True, text=True, check=True)
        for name, flag in asked.items()
    )
    return [one.stdout.splitlines()[0] for one in told]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the figures of the run."""
    for line in LINES:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real control plane, RBAC on."""
    with running(programs(), tmp_path_factory.mktemp("plane")) as found:
        yield found


@pytest.fixture(scope="session")
def prometheus(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A Prometheus with the last peak of one service, which scrapes the cluster from now on."""
    scenario = scenario_of(some_services("checkout"))
    folder = tmp_path_factory.mktemp("prometheus")
    with exporting(plane) as cadvisor:
        scraped = scrape_configs(start_kube_state_metrics(plane), cadvisor)
        with prometheus_with(scenario, folder, scrape_configs=scraped) as found:
            yield found


@pytest.fixture(scope="session")
def installation(
    plane: ControlPlane,
    clickhouse_server: str,
    prometheus: Loaded,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """KubeDoor, installed by Helm."""
    folder = tmp_path_factory.mktemp("kubedoor")
    with installed(plane, folder, clickhouse_server, prometheus.url) as found:
        yield found


@pytest.fixture(scope="session")
def collector(installation: Installation) -> None:
    """The collector runs, until the end."""
    installation.kubelet.run("collector")


@pytest.fixture(scope="session")
def metrics_server(plane: ControlPlane) -> None:
    """Autoscalers are told what pods use, until the end."""
    start_metrics_server(plane)


@pytest.fixture(scope="session", autouse=True)
def company(installation: Installation) -> Iterator[Company]:
    """Pods of a known load, whose peak passes while the other tests run."""
    with company_running(Namespace(installation, "company")) as found:
        yield found


@pytest.fixture
async def clickhouse(installation: Installation, clickhouse_server: str) -> AsyncIterator[ClickHouse]:
    """The database that the services use."""
    settings = Settings(clickhouse_url=clickhouse_server, clickhouse_database=DATABASE)
    async with connect(settings) as client:
        yield client


@pytest.fixture
async def api(installation: Installation) -> AsyncIterator[Client]:
    """The api, signed in as an administrator; the cluster asks the webhook."""
    async with installation.api() as client:
        if (await client.get("/mode"))["mode"] == "off":
            await client.switch("observe")
        yield client


@pytest.fixture
async def place(installation: Installation, api: Client, clickhouse: ClickHouse) -> AsyncIterator[Place]:
    """A namespace in which admission is enforced; afterwards it goes, and leaves room on the nodes."""
    made = Place(installation, f"shop-{uuid.uuid4().hex[:8]}", clickhouse)
    made.create()
    await api.switch("enforce", made.name)
    yield made
    made.remove()
