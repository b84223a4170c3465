"""nginx as the chart configures it for a cluster with IPv6: it answers by both families."""

from __future__ import annotations

import subprocess
from pathlib import Path

from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.nginx import command, render
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.tools import find
from support.rendering import of_kind


def listens() -> str:
    """Return what the chart's configuration says after `listen`."""
    maps = of_kind("two families of addresses", "ConfigMap")
    text = next(each["data"]["nginx.conf"] for each in maps if "nginx.conf" in each["data"])
    (found,) = [line.strip() for line in text.splitlines() if line.strip().startswith("listen ")]
    return str(found.removeprefix("listen ").removesuffix(";"))


def test_nginx_answers_by_both_families(tmp_path: Path) -> None:
    port = free_port()
    conf = render(
        CHECKOUT,
        listen=listens().replace(":8080", f":{port}"),
        api=f"127.0.0.1:{free_port()}",
        static_root=tmp_path,
        run_dir=tmp_path / "nginx",
    )
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command(str(find("nginx")), conf), stdout=output, stderr=output)
    try:
        for host in ("127.0.0.1", "[::1]"):
            wait_for_http(f"http://{host}:{port}/nginx-health", process, log)
    finally:
        stop(process)
