"""A wrong setting stops a service at start, with one line that names it; what is away is waited for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from kubedoor_core.settings import EXIT_BAD_SETTING
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.processes import free_port, stop
from support.api import PASSWORD, SECRET, write_htpasswd
from support.waiting import until

NOBODY = "http://127.0.0.1:9"
Settings = dict[str, str]


@pytest.fixture
def good(tmp_path: Path) -> dict[str, Settings]:
    """Settings with which each service starts."""
    cert_file, key_file = make_authority().server().write(tmp_path)
    htpasswd = write_htpasswd(tmp_path / "htpasswd", alice=PASSWORD)
    common = {
        "CLICKHOUSE_URL": NOBODY,
        "ENV": "test",
        "LOG_FORMAT": "json",
        "LISTEN": f"127.0.0.1:{free_port()}",
    }
    return {
        "collector": {**common, "PROMETHEUS_URL": NOBODY},
        "webhook": {
            **common,
            "TLS_CERT_FILE": str(cert_file),
            "TLS_KEY_FILE": str(key_file),
            "DRAIN_SECONDS": "0",
        },
        "api": {**common, "HTPASSWD_FILE": str(htpasswd), "JWT_SECRET": SECRET},
    }


def command(service: str) -> list[str]:
    return [sys.executable, "-m", f"kubedoor_{service}"]


def environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KUBEDOOR_")}
    return {**kept, **{f"KUBEDOOR_{name}": value for name, value in settings.items()}}


BAD = [
    ("collector", "CLICKHOUSE_URL", None, "is not set"),
    ("collector", "CLICKHOUSE_URL", "localhost:8123", "must be an http"),
    ("collector", "PROMETHEUS_URL", None, "is not set"),
    ("collector", "PEAK_HOURS", "25:00-26:00", "25"),
    ("collector", "PEAK_HOURS", "10:00-10:00", "10:00"),
    ("collector", "TIMEZONE", "Mars/Olympus", "is not a time zone"),
    ("collector", "COLLECT_AT", "7", "HH:MM"),
    ("collector", "NAMESPACES", "(", "is not a regular expression"),
    ("collector", "PROMETHEUS_HEADERS", "A=b\nX-Scope-OrgID: s3cret", "line 2 is not `name=value`"),
    ("collector", "PROMETHEUS_ENV_LABEL", "cluster=~x", "not as a regular expression"),
    ("api", "PROMETHEUS_ENV_LABEL", "a=b,c=d", "more than one label"),
    ("api", "PROMETHEUS_HEADERS", "s3cret", "line 1 is not `name=value`"),
    ("webhook", "ENV", None, "is not set"),
    ("webhook", "TLS_CERT_FILE", "/nowhere/tls.crt", "there is no file"),
    ("webhook", "LISTEN", "8443", "must be host:port"),
    ("webhook", "ON_STALE", "maybe", "allow"),
    ("webhook", "MAX_STALENESS", "-1", "greater than 0"),
    ("api", "JWT_SECRET", None, "is not set"),
    ("api", "JWT_SECRET", "short", "32 characters"),
    ("api", "ENV", "prod/eu", "can stand in an address"),
    ("api", "MARGIN_PCT", "-1", "greater than or equal to 0"),
    ("api", "CURRENCY", "euro", "pattern"),
    ("api", "LOG_LEVEL", "loud", "debug"),
]


@pytest.mark.parametrize(
    ("service", "name", "value", "reason"), BAD, ids=[f"{b[0]}-{b[1]}-{b[2]}" for b in BAD]
)
def test_one_line_names_it(
    good: dict[str, Settings], service: str, name: str, value: str | None, reason: str
) -> None:
    settings = {key: text for key, text in {**good[service], name: value}.items() if text is not None}
    done = subprocess.run(
        command(service), env=environment(settings), capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == EXIT_BAD_SETTING, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert f"KUBEDOOR_{name}" in done.stderr
    assert reason in done.stderr
    assert value is None or name != "JWT_SECRET" or value not in done.stderr
    assert "s3cret" not in done.stderr


def test_a_secret_is_read_from_a_file_and_a_missing_one_is_named(
    good: dict[str, Settings], tmp_path: Path
) -> None:
    settings = {**good["api"], "JWT_SECRET_FILE": str(tmp_path / "nowhere")}
    del settings["JWT_SECRET"]
    done = subprocess.run(
        command("api"), env=environment(settings), capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == EXIT_BAD_SETTING
    assert "KUBEDOOR_JWT_SECRET_FILE" in done.stderr


@contextmanager
def started(service: str, settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command(service), env=environment(settings), stdout=output, stderr=output)
    try:
        yield process
    finally:
        stop(process)


@pytest.mark.parametrize("service", ["collector", "webhook"])
async def test_clickhouse_that_is_away_is_waited_for_with_a_message(
    good: dict[str, Settings], tmp_path: Path, service: str
) -> None:
    log = tmp_path / "log"
    with started(service, good[service], log) as process:

        async def told() -> bool:
            assert process.poll() is None, log.read_text()
            return "ClickHouse can't be" in log.read_text()

        await until(told)
        assert all("exception" not in json.loads(line) for line in log.read_text().splitlines())


async def test_the_api_says_that_clickhouse_is_away_and_goes_on(
    good: dict[str, Settings], tmp_path: Path
) -> None:
    url = f"http://{good['api']['LISTEN']}"
    with started("api", good["api"], tmp_path / "log"):
        async with aiohttp.ClientSession(url) as session:

            async def answer() -> tuple[int, str] | None:
                try:
                    async with session.get("/readyz") as response:
                        return response.status, await response.text()
                except aiohttp.ClientConnectionError:
                    return None

            status, text = await until(answer)
            assert status == 503
            assert "ClickHouse can't be reached" in text
            async with session.get("/healthz") as response:
                assert response.status == 200
