"""The whole console on 127.0.0.1: embedded ClickHouse, the API, nginx with the production build."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bcrypt

from browser.support import company
from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from kubedoor_dev import nginx
from kubedoor_dev.demo.console import build_console
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.tools import find
from support.memory import quick_folder

CHECKOUT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse battery staple"
PROXY_SECRET = "what-nginx-shows-to-the-api-in-tests"
ADMIN, VIEWER, BOUNDED = "li.wei", "guest", "wang.orders"
"""The last may see one namespace alone."""
ROWS_AT_ONCE = 1000
"""Less than 1 MiB of JSON, above which the HTTP client warns."""


@dataclass(frozen=True)
class Stack:
    """Where the console is, and who may sign in."""

    url: str
    clickhouse_url: str
    user: str = ADMIN
    viewer: str = VIEWER
    password: str = PASSWORD

    def insert(self, table: str, *rows: dict[str, Any]) -> None:
        """Write rows as another service would."""
        lines = "\n".join(json.dumps(row) for row in rows)
        statement = f"INSERT INTO kubedoor.{table} FORMAT JSONEachRow\n{lines}"
        with urllib.request.urlopen(self.clickhouse_url, statement.encode(), timeout=120):
            pass

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> dict[str, Any]:
        """Send a request to the API as the administrator, through nginx, as a script would."""
        credentials = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Basic {credentials}", "Content-Type": "application/json", **headers},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def _program(command: Sequence[str], ready: str, log: Path, env: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **env})
        try:
            wait_for_http(ready, process, log)
            yield
        finally:
            stop(process)


async def _insert(clickhouse: ClickHouse, table: str, rows: list[company.Row]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        await clickhouse.insert(table, rows[start : start + ROWS_AT_ONCE])


async def _fill(settings: Settings) -> None:
    small, large = company.small(), company.large()
    async with connect(settings) as clickhouse:
        await migrate(clickhouse)
        await _insert(clickhouse, "resource_daily", company.daily_rows(small))
        await _insert(clickhouse, "resource_daily", company.daily_rows(large, company.LARGE_ENV, days=2))
        await _insert(clickhouse, "derived", company.derived_rows(small))
        await _insert(clickhouse, "admission_log", company.admission_rows(small))
        await _insert(clickhouse, "derived", company.derived_rows(large, company.LARGE_ENV, 1_000_000))


def _accounts(folder: Path) -> dict[str, str]:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4)).decode()
    (folder / "htpasswd").write_text("".join(f"{name}:{hashed}\n" for name in (ADMIN, VIEWER, BOUNDED)))
    bounded = {"role": "viewer", "namespace": "orders"}
    roles = {"users": {ADMIN: "admin", VIEWER: "viewer", BOUNDED: bounded}}
    (folder / "roles.json").write_text(json.dumps(roles))
    return {
        "KUBEDOOR_HTPASSWD_FILE": str(folder / "htpasswd"),
        "KUBEDOOR_ROLES_FILE": str(folder / "roles.json"),
        "KUBEDOOR_JWT_SECRET": "only-for-this-test-" * 3,
        "KUBEDOOR_PROXY_SECRET": PROXY_SECRET,
    }


@contextmanager
def running(folder: Path, **settings_of_api: str) -> Iterator[Stack]:
    """Start everything, with two companies' rows in the tables; end it on leaving.

    :param settings_of_api: further environment variables of the API.
    """
    static_root = build_console()
    ports = [free_port() for _ in range(3)]
    database, api, web = (f"127.0.0.1:{port}" for port in ports)
    settings = Settings(clickhouse_url=f"http://{database}", clickhouse_database="kubedoor")
    engine = [sys.executable, "-m", "kubedoor_dev.clickhouse", "--port", str(ports[0]), "--path"]
    environment = {
        "KUBEDOOR_CLICKHOUSE_URL": f"http://{database}",
        "KUBEDOOR_ENV": company.ENV,
        "KUBEDOOR_LISTEN": api,
        **_accounts(folder),
        **settings_of_api,
    }
    conf = nginx.render(
        CHECKOUT,
        listen=web,
        api=api,
        static_root=static_root,
        run_dir=folder / "nginx",
        proxy_secret=PROXY_SECRET,
    )
    api_command = [sys.executable, "-m", "kubedoor_api"]
    web_command = nginx.command(str(find("nginx")), conf)
    logs = [folder / f"{name}.log" for name in ("clickhouse", "api", "nginx")]
    with ExitStack() as stack:
        data = stack.enter_context(quick_folder(folder))
        stack.enter_context(_program([*engine, str(data)], f"http://{database}/ping", logs[0], {}))
        asyncio.run(_fill(settings))
        stack.enter_context(_program(api_command, f"http://{api}/readyz", logs[1], environment))
        stack.enter_context(_program(web_command, f"http://{web}/nginx-health", logs[2], {}))
        yield Stack(f"http://{web}", f"http://{database}")
