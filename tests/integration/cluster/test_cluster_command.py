"""`python -m kubedoor_dev.cluster`: a process of its own, over TLS, with a kubeconfig."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from kubernetes_asyncio import client, config

from integration.cluster.kube import Kube
from kubedoor_dev.processes import stop

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "kubedoor_dev.cluster", "--port", "0"]


def _started(options: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE)


@pytest.mark.parametrize("tls", [True, False])
async def test_it_serves_what_its_kubeconfig_says(tmp_path: Path, *, tls: bool) -> None:
    path = tmp_path / "kubeconfig"
    options = ["--kubeconfig", str(path), "--namespace", "shop", *(["--tls"] if tls else [])]
    process = _started(options)
    try:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        assert line.startswith("Kubernetes API server (simulated) on http" + ("s" if tls else ":"))
        assert path.stat().st_mode & 0o077 == 0
        configuration = client.Configuration()
        await config.load_kube_config(str(path), client_configuration=configuration)
        async with client.ApiClient(configuration) as api:
            found = await Kube(api).core.list_namespace()
            assert "shop" in {one.metadata.name for one in found.items}
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    finally:
        stop(process)
        assert process.stdout is not None
        process.stdout.close()


def test_a_service_that_cannot_be_read_is_told() -> None:
    done = subprocess.run(
        [*COMMAND, "--service", "webhook=127.0.0.1"], capture_output=True, check=False, timeout=180
    )
    assert done.returncode == 2
    assert b"'webhook=127.0.0.1' is not namespace/name:port=host:port" in done.stderr
