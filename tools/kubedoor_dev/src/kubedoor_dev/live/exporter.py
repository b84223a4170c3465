"""Tells a store that scrapes what a cluster's exporters would tell at that moment."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kubedoor_dev.live.model import Cluster
from kubedoor_dev.live.told import HOUR_S, samples

SCRAPE_S = 15


def scrape_config(port: int) -> dict[str, Any]:
    """Return how Prometheus scrapes it: what is told names its own pods and nodes."""
    return {
        "job_name": "live",
        "scrape_interval": f"{SCRAPE_S}s",
        "honor_labels": True,
        "static_configs": [{"targets": [f"127.0.0.1:{port}"]}],
    }


def page(cluster: Cluster, at_s: float, began_s: float) -> str:
    """Return what is told at an instant, in Prometheus' text format: the samples of a name together."""
    return "\n".join(_lines(cluster, at_s, began_s)) + "\n"


def _lines(cluster: Cluster, at_s: float, began_s: float) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for labels, value in samples(cluster, at_s, began_s):
        name, *rest = labels.items()
        pairs = ",".join(f"{key}={json.dumps(text, ensure_ascii=False)}" for key, text in rest)
        found.setdefault(name[1], []).append(f"{name[1]}{{{pairs}}} {value!r}")
    for lines in found.values():
        yield from lines


def serve(cluster: Cluster, port: int) -> ThreadingHTTPServer:
    """Serve it on 127.0.0.1, in a thread that ends with the process."""
    began_s = time.time() - HOUR_S

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page(cluster, time.time(), began_s).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Prometheus asks often."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, name="live", daemon=True).start()
    return server
