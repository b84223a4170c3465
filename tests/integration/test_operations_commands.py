"""The python commands of docs/operations.md, run as they stand, one block after the other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kubedoor_core.clickhouse import ClickHouse

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
BLOCK = re.compile(r"(\(Needs [^\n]+\)\n\n)?```console\n(.*?)```", re.DOTALL)
OLD = """
CREATE TABLE kubedoor.k8s_resources
(
    date DateTime('Asia/Shanghai'), env String, namespace String, deployment String, pod_count UInt8,
    p95_pod_load Float32, p95_pod_wss_mb Float32, limit_pod_cpu_m Float32, limit_pod_mem_mb Float32,
    request_pod_cpu_m Float32, request_pod_mem_mb Float32
) ENGINE = MergeTree ORDER BY date;
CREATE TABLE kubedoor.k8s_res_control
(
    env String, namespace String, deployment String, pod_count_manual Int32, pod_count_ai Int32,
    request_cpu_m Int32, request_mem_mb Int32, limit_cpu_m Int32, limit_mem_mb Int32, update DateTime
) ENGINE = MergeTree ORDER BY env;
INSERT INTO kubedoor.k8s_resources VALUES
    ('2026-10-01 11:30:00', 'production', 'shop', 'cart', 3, 0.2, 300, 1000, 512, 250, 256);
INSERT INTO kubedoor.k8s_res_control VALUES
    ('production', 'shop', 'cart', 4, -1, 250, 256, 1000, 512, '2026-10-01 00:00:00')
"""
POD = {"containers": [{"name": "app"}]}
RUNNING = {
    "items": [
        {
            "metadata": {"namespace": "shop", "name": "cart"},
            "spec": {"replicas": 3, "template": {"spec": POD}},
        }
    ]
}
DATABASES = ("kubedoor", "kubedoor_restored")


def blocks() -> list[str]:
    """The blocks that can be run here, without what asks a cluster."""
    found = [text for mark, text in BLOCK.findall(DOCUMENT.read_text()) if not mark and "python -m" in text]
    return [re.sub(r"^kubectl .*\n", "", text, flags=re.MULTILINE) for text in found]


@pytest.fixture
def environment(clickhouse_server: str, tmp_path: Path) -> dict[str, str]:
    """An installation with the default names, and the interpreter as `python`."""
    (tmp_path / "python").symlink_to(sys.executable)
    settings = {"KUBEDOOR_CLICKHOUSE_URL": clickhouse_server, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    return {**settings, "PYTHONPATH": os.pathsep.join(sys.path)}


async def test_every_block_does_its_work(
    clickhouse: ClickHouse, environment: dict[str, str], tmp_path: Path
) -> None:
    default = clickhouse.in_database("default")
    shell(environment, tmp_path, "python -m kubedoor_core.migrate")
    try:
        for statement in OLD.split(";\n"):
            await default.execute(statement)
        prepare(tmp_path)
        outputs = [shell(environment, tmp_path, block) for block in blocks()]
        assert len(outputs) == 3
        assert "one chain" in outputs[1]
        assert outputs[2].rstrip().endswith("written")
        row = await clickhouse.in_database("kubedoor").fetch_one("SELECT replicas FROM effective")
        assert row == {"replicas": 4}
        shell(environment, tmp_path, "python -m kubedoor_api.cli.audit")
    finally:
        for database in DATABASES:
            await default.execute(f"DROP DATABASE IF EXISTS {database}")


def prepare(folder: Path) -> None:
    """Write what `kubectl get deployments -A -o json` would."""
    (folder / "production.json").write_text(json.dumps(RUNNING))


def shell(environment: dict[str, str], folder: Path, text: str) -> str:
    done = subprocess.run(
        ["bash", "-euc", text],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stderr[-2000:]}"
    return done.stdout
