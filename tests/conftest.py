"""Fixtures that every suite shares: a real ClickHouse engine, and a database of its own per test."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.settings import Settings
from kubedoor_dev.processes import free_port, stop, wait_for_http
from support.databases import Databases
from support.memory import quick_folder

# The same examples each time, however long they take: none fails a build because the machine is busy.
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running embedded ClickHouse."""
    port = free_port()
    folder = tmp_path_factory.mktemp("clickhouse")
    command = [sys.executable, "-m", "kubedoor_dev.clickhouse", "--port", str(port), "--path"]
    with quick_folder(folder) as data, (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, str(data)], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_http(f"{url}/ping", process, folder / "log")
            yield url
        finally:
            stop(process)


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Migrated databases, for one test after the other."""
    return Databases()


@pytest.fixture
def clickhouse_settings(
    clickhouse_server: str, databases: Databases, request: pytest.FixtureRequest
) -> dict[str, str]:
    """Environment variables of a service that uses this test's own database.

    Without the fixture `clickhouse`, there is no such database yet.
    """
    migrated = "clickhouse" in request.fixturenames
    name = databases.name() if migrated else f"kubedoor_{uuid.uuid4().hex[:12]}"
    return {"KUBEDOOR_CLICKHOUSE_URL": clickhouse_server, "KUBEDOOR_CLICKHOUSE_DATABASE": name}


@pytest.fixture
async def clickhouse(clickhouse_settings: dict[str, str], databases: Databases) -> AsyncIterator[ClickHouse]:
    """A connection to a migrated, empty database."""
    name = clickhouse_settings["KUBEDOOR_CLICKHOUSE_DATABASE"]
    settings = Settings(clickhouse_url=clickhouse_settings["KUBEDOOR_CLICKHOUSE_URL"])
    async with connect(settings) as client:
        yield await databases.prepare(client.in_database("default"), name)
    databases.used.append(name)
