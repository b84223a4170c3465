"""Every command of docs/api.md, run as it stands, through nginx."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV, PASSWORD, serving
from support.nginx import nginx

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
BLOCK = re.compile(r"(?:<!-- (answers: \d+|not run: [\w ]+) -->\n)?```console\n(.*?)```", re.DOTALL)
CURL = re.compile(r"\bcurl ")
NOT_RUN = 1
PLACES = "export "
JQ = "jq() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[2][1:]])' \"$@\"; }"
"""The field of an object, where jq is not installed."""


def blocks() -> list[tuple[str, str]]:
    """The document's commands, each with its mark."""
    return [(mark, text) for mark, text in BLOCK.findall(DOCUMENT.read_text()) if not text.startswith(PLACES)]


def script() -> str:
    """All of them as one shell script, which says each answer's status and stops at a wrong one."""
    lines = ["set -euo pipefail", JQ]
    for mark, text in blocks():
        if mark.startswith("not run"):
            continue
        expected = mark.removeprefix("answers: ")
        if not expected:
            lines.append(CURL.sub("curl -sS --fail-with-body ", text))
            continue
        status = CURL.sub("curl -s -o refused.json -w '%{http_code}' ", text).rstrip()
        lines.append(f'test "$({status})" = {expected}')
        lines.append("grep -q '\"code\":' refused.json")
    return "\n".join(lines)


async def test_every_command_does_what_the_document_says(
    clickhouse: ClickHouse, settings: ApiSettings, tmp_path: Path
) -> None:
    assert clickhouse.database == settings.clickhouse_database
    async with serving(settings) as api:
        with nginx(tmp_path, f"127.0.0.1:{api.client.port}") as url:
            names = {
                "KUBEDOOR": url, "ENV": ENV, "KUBEDOOR_USER": "alice", "KUBEDOOR_PASSWORD": PASSWORD,
                "PATH": "/usr/bin:/bin",
            }  # fmt: skip
            process = await asyncio.create_subprocess_exec(
                "bash", "-xc", script(), env=names, cwd=tmp_path,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            output, trace = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, f"{output.decode()[-1500:]}\n{trace.decode()[-3000:]}"
    assert (tmp_path / "services.csv").read_text().count("\n") > 1
    row = await clickhouse.fetch_one("SELECT replicas_manual FROM control FINAL WHERE name = 'cart'")
    assert row == {"replicas_manual": 5}


def test_what_is_not_run_is_marked() -> None:
    assert sum(mark.startswith("not run") for mark, _ in blocks()) == NOT_RUN
    assert sum("curl" in text for _, text in blocks()) >= 14
