"""A real nginx in front of a running API, with the configuration that the image has."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kubedoor_dev.nginx import NOWHERE, command, render
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.tools import find
from support.api import PROXY_SECRET

CHECKOUT = Path(__file__).parents[2]


@contextmanager
def nginx(
    folder: Path,
    api: str,
    grafana: str = NOWHERE,
    *,
    proxy_secret: str = PROXY_SECRET,
    trusted_proxies: Sequence[str] = (),
) -> Iterator[str]:
    """Run nginx and yield its URL.

    :param api: host:port of the API.
    :param grafana: host:port of Grafana.
    :param proxy_secret: what it shows to the API.
    :param trusted_proxies: networks whose X-Forwarded-For it believes.
    """
    listen = f"127.0.0.1:{free_port()}"
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>KubeDoor</title>")
    (static / "assets" / "app-1.js").write_text("export {}")
    conf = render(
        CHECKOUT,
        listen=listen,
        api=api,
        static_root=static,
        run_dir=folder / "nginx",
        grafana=grafana,
        proxy_secret=proxy_secret,
        trusted_proxies=trusted_proxies,
    )
    with (folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(command(str(find("nginx")), conf), stdout=log, stderr=log)
        try:
            wait_for_http(f"http://{listen}/nginx-health", process, folder / "nginx.log")
            yield f"http://{listen}"
        finally:
            stop(process)
