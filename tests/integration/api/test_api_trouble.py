"""ClickHouse away: 503 with Retry-After, and back by itself; a wrong setting stops the API with one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.clickhouse.conditions import WORDS, Condition
from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from support.api import BASE, SECRET, SERVICES, Api, api_settings, serving, write_htpasswd
from support.clickhouse import Server
from support.waiting import until


async def test_clickhouse_may_go_and_come_back(tmp_path: Path) -> None:
    server = Server(tmp_path)
    write_htpasswd(tmp_path / "htpasswd", alice="x")
    settings = api_settings(tmp_path, {"KUBEDOOR_CLICKHOUSE_URL": server.url})
    async with serving(settings) as api:
        for path in (SERVICES, f"{BASE}/overview", "/api/v1/audit", f"{BASE}/mode"):
            away = await api.get(path)
            assert (away.status, away.headers["Retry-After"]) == (503, "2"), path
        change = await api.change("PUT", f"{SERVICES}/shop/cart", {})
        assert change.status == 503
        assert (await api.get("/readyz")).status == 503
        assert (await api.get("/healthz")).status == 200
        assert (await api.get("/api/v1/me")).status == 200
        with server.running():
            async with connect(Settings(clickhouse_url=server.url)) as clickhouse:
                await migrate(clickhouse)
            assert (await api.change("PUT", f"{SERVICES}/shop/cart", {})).status == 201
            assert (await api.get("/readyz")).status == 200

            async def told() -> bool:
                rows = (await api.get("/api/v1/audit")).json["items"]
                return {row["outcome"] for row in rows} == {"failed", "succeeded"}

            assert await until(told)
        metrics = (await api.get("/metrics")).text
        assert 'route="/api/v1/envs/{env}/services/{namespace}/{name}",status="201"} 1.0' in metrics


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JWT_SECRET", "short"),
        ("JWT_SECRET", ""),
        ("HTPASSWD_FILE", ""),
        ("AUTH_MODE", "none"),
        ("AUTH_MODE", "ldap"),
        ("ROLES_FILE", "/nowhere"),
        ("CLUSTERS_FILE", "/nowhere"),
        ("KUBECONFIG", "/nowhere"),
        ("NOTIFY_URLS", "nonsense"),
        ("WEBHOOK_URL", "http://plain"),
        ("LISTEN", "here"),
        ("TIMEZONE", "Mars/Olympus"),
        ("NAMESPACES", "("),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    write_htpasswd(tmp_path / "htpasswd", alice="x")
    settings = {
        "KUBEDOOR_CLICKHOUSE_URL": "http://127.0.0.1:1",
        "KUBEDOOR_ENV": "test",
        "KUBEDOOR_JWT_SECRET": SECRET,
        "KUBEDOOR_HTPASSWD_FILE": str(tmp_path / "htpasswd"),
        "KUBEDOOR_LISTEN": "127.0.0.1:0",
        "KUBEDOOR_LOG_LEVEL": "error",
        f"KUBEDOOR_{name}": value,
    }
    run = subprocess.run(
        [sys.executable, "-m", "kubedoor_api"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.returncode == 78, run.stderr
    assert len(run.stderr.splitlines()) == 1, run.stderr
    expected = {"AUTH_MODE": "AUTH_MODE" if value == "none" else "LDAP_URL"}.get(name, name)
    assert f"KUBEDOOR_{expected}" in run.stderr


async def test_a_full_disk_is_told_and_over_when_there_is_space(api: Api, clickhouse: ClickHouse) -> None:
    """Also too many parts, and too little memory: the real engine's own exceptions."""
    troubles = {
        "min_free_disk_bytes_to_perform_insert = 4611686018427387904": "disk_full",
        "parts_to_throw_insert = 1, parts_to_delay_insert = 1": "overloaded",
    }
    await clickhouse.execute(f"SYSTEM STOP MERGES {clickhouse.database}.commit_log")
    assert (await api.change("PUT", f"{SERVICES}/shop/first", {})).status == 201
    for trouble, condition in troubles.items():
        await clickhouse.execute(f"ALTER TABLE commit_log MODIFY SETTING {trouble}")
        refused = await api.change("PUT", f"{SERVICES}/shop/{condition[:4]}", {})
        assert (refused.status, refused.headers["Retry-After"]) == (503, "2"), refused.text
        assert refused.json["parameters"] == {"part": "clickhouse", "condition": condition}
        assert refused.json["detail"].startswith(WORDS[Condition(condition)])
        assert (await api.get(SERVICES)).status == 200, "reading goes on"
        names = ", ".join(part.partition(" ")[0] for part in trouble.split(", "))
        await clickhouse.execute(f"ALTER TABLE commit_log RESET SETTING {names}")
        assert (await api.change("PUT", f"{SERVICES}/shop/{condition[:4]}", {})).status == 201


async def test_too_little_memory_is_told(clickhouse: ClickHouse) -> None:
    with pytest.raises(ClickHouseUnavailableError, match="ClickHouse is out of memory"):
        await clickhouse.fetch(
            "SELECT groupArray(number) FROM numbers(10000000) SETTINGS max_memory_usage = 1000000"
        )
