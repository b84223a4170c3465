"""An nginx before a store of metrics, with its own defaults for the length of addresses and bodies."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kubedoor_dev.nginx import command
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.tools import find

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
"""Below `/` as it is installed; below the others what else stands before stores."""


@contextmanager
def nginx_before(upstream: str, folder: Path) -> Iterator[str]:
    """Run it while the block lasts, and yield its address."""
    folder.mkdir(parents=True, exist_ok=True)
    listen = f"127.0.0.1:{free_port()}"
    conf = folder / "nginx.conf"
    conf.write_text(CONF.format(folder=folder, listen=listen, upstream=upstream))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command(str(find("nginx")), conf), stdout=log, stderr=log)
    try:
        wait_for_http(f"http://{listen}/nginx-health", process, folder / "log")
        yield f"http://{listen}"
    finally:
        stop(process)
