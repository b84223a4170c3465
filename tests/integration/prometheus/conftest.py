"""Real stores with a few thousand samples, alone and behind an nginx as it is installed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from integration.collector.stores import prometheus_with_series
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.nginx import command
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from kubedoor_dev.tools import find

END = datetime(2026, 3, 2, 12, tzinfo=UTC)
START = END - timedelta(hours=1)
STEP_S = 60
NAMESPACES = 40


def samples() -> list[Series]:
    """One series a namespace, a sample a minute: its number, and nothing finite in the last two."""
    times = np.arange(int(START.timestamp()), int(END.timestamp()) + 1, STEP_S) * 1000
    odd = {NAMESPACES - 2: np.nan, NAMESPACES - 1: np.inf}
    return [
        Series(
            {"__name__": "load", "namespace": f"team-{number:02}"},
            times,
            np.full(len(times), odd.get(number, float(number))),
        )
        for number in range(NAMESPACES)
    ]


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus with the samples."""
    with prometheus_with_series(samples(), tmp_path_factory.mktemp("prometheus")) as url:
        yield url


@pytest.fixture(scope="session")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A VictoriaMetrics with the finite ones."""
    with running(start_victoria_metrics(tmp_path_factory.mktemp("victoria"))) as store:
        fill_victoria_metrics(store, samples()[:-2])
        yield store.url


CONF = """
events {{}}
pid {folder}/pid;
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  gzip on;
  gzip_types application/json;
  server {{
    listen {listen};
    location / {{ proxy_pass {upstream}; }}
    location /tenants/ {{
      if ($http_x_scope_orgid = "") {{ return 401 "no org id"; }}
      proxy_pass {upstream}/;
    }}
    location /moved/ {{ return 301 {upstream}/api/v1/query?token=s3cret; }}
    location /kept/ {{ return 307 {upstream}$request_uri; }}
    location /small/ {{ client_max_body_size 1k; proxy_pass {upstream}/; }}
    location /nginx-health {{ return 200; }}
  }}
}}
"""


@pytest.fixture(scope="session")
def nginx(prometheus: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An nginx before the Prometheus, with its own defaults for the length of addresses and bodies."""
    folder = tmp_path_factory.mktemp("nginx")
    listen = f"127.0.0.1:{free_port()}"
    conf = folder / "nginx.conf"
    conf.write_text(CONF.format(folder=folder, listen=listen, upstream=prometheus))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command(str(find("nginx")), conf), stdout=log, stderr=log)
    try:
        wait_for_http(f"http://{listen}/nginx-health", process, folder / "log")
        yield f"http://{listen}"
    finally:
        stop(process)
