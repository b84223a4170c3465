"""Fixtures that every suite shares: a real ClickHouse engine, and a database of its own per test."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev.processes import free_port, stop, wait_for_http

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
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, str(folder / "data")], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_http(f"{url}/ping", process, folder / "log")
            yield url
        finally:
            stop(process)


@pytest.fixture
def clickhouse_settings(clickhouse_server: str) -> dict[str, str]:
    """Environment variables of a service that uses this test's own database."""
    return {
        "KUBEDOOR_CLICKHOUSE_URL": clickhouse_server,
        "KUBEDOOR_CLICKHOUSE_DATABASE": f"kubedoor_{uuid.uuid4().hex[:12]}",
    }


@pytest.fixture
async def clickhouse(clickhouse_settings: dict[str, str]) -> AsyncIterator[ClickHouse]:
    """A connection to a migrated, empty database that is dropped afterwards."""
    settings = Settings(
        clickhouse_url=clickhouse_settings["KUBEDOOR_CLICKHOUSE_URL"],
        clickhouse_database=clickhouse_settings["KUBEDOOR_CLICKHOUSE_DATABASE"],
    )
    async with connect(settings) as client:
        await migrate(client)
        yield client
        await client.in_database("default").execute(f"DROP DATABASE {client.database}")
