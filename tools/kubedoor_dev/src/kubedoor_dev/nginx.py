"""Fills in the console's nginx configuration, as the image does with envsubst."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

TEMPLATE = "frontend/nginx/nginx.conf.template"
NOWHERE = "127.0.0.1:9"
"""The discard port: where Grafana is when there is none."""


def secret_map(secret: str) -> str:
    """Return the file that tells nginx the secret by which the API knows it."""
    return f"default {secret};\n"


def render(
    checkout: Path,
    *,
    listen: str,
    api: str,
    static_root: Path,
    run_dir: Path,
    grafana: str = NOWHERE,
    proxy_secret: str = "",
    trusted_proxies: Sequence[str] = (),
) -> Path:
    """Write `nginx.conf` into the folder that nginx may write to, and return it.

    :param listen: address and port to serve on.
    :param api: host:port of the API.
    :param grafana: host:port of Grafana, the host as an address.
    :param proxy_secret: the API's `KUBEDOOR_PROXY_SECRET`.
    :param trusted_proxies: networks whose X-Forwarded-For is believed.
    """
    values = {
        "KUBEDOOR_LISTEN": listen,
        "KUBEDOOR_API_UPSTREAM": api,
        "KUBEDOOR_GRAFANA_UPSTREAM": grafana,
        "KUBEDOOR_RESOLVER": "127.0.0.1",
        "KUBEDOOR_TRUSTED_PROXIES": " ".join(f"set_real_ip_from {network};" for network in trusted_proxies),
        "KUBEDOOR_PROXY_DIR": str(run_dir),
        "KUBEDOOR_STATIC_ROOT": str(static_root),
        "KUBEDOOR_RUN_DIR": str(run_dir),
    }
    run_dir.mkdir(parents=True, exist_ok=True)
    if proxy_secret:
        (run_dir / "proxy-secret.map").write_text(secret_map(proxy_secret), "utf-8")
    text = (checkout / TEMPLATE).read_text(encoding="utf-8")
    path = run_dir / "nginx.conf"
    path.write_text(re.sub(r"\$\{(KUBEDOOR_\w+)\}", lambda found: values[found.group(1)], text), "utf-8")
    return path


def command(nginx: str, conf: Path) -> list[str]:
    """Return the command that runs nginx in the foreground.

    Run by root, its workers stay root: another user could not read the checkout of root's.
    """
    directives = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    return [nginx, "-e", "stderr", "-p", str(conf.parent), "-c", str(conf), "-g", directives]
