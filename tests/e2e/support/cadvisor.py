"""What each node's cAdvisor would tell of kwok's pods: they are real, and only their load is made up.

A pod's annotations `kwok.x-k8s.io/usage-cpu` and `kwok.x-k8s.io/usage-memory` say what each of its containers
uses, here as for metrics-server. Samples carry the time at which they were taken, as cAdvisor's do.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import ssl
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kubedoor_core.domain.quantity import parse
from kubedoor_dev.control_plane import ControlPlane

Json = dict[str, Any]
USE = {"cpu": ("kwok.x-k8s.io/usage-cpu", "1m"), "memory": ("kwok.x-k8s.io/usage-memory", "1Mi")}
NANO = 1_000_000_000
PATH = "/nodes/{}/metrics/cadvisor"
CPU, MEMORY = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"
HEADER = f"# TYPE {CPU} counter\n# TYPE {MEMORY} gauge\n"


@dataclass
class Exporter:
    """The pods of a cluster, and how much cpu each container has used up."""

    plane: ControlPlane
    counted: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """By a pod's uid and a container: when last looked, and the core-seconds used until then."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def text(self, node: str) -> str:
        """Return a node's metrics as Prometheus reads them."""
        pods = self._pods(node)
        with self.lock:
            return HEADER + "".join(line for pod in pods for line in self._lines(pod))

    def _pods(self, node: str) -> list[Json]:
        context = ssl.create_default_context(cafile=self.plane.credentials.ca_file)
        context.load_cert_chain(*self._certificate())
        url = f"{self.plane.credentials.server}/api/v1/pods?fieldSelector=spec.nodeName%3D{node}"
        with urllib.request.urlopen(url, timeout=30, context=context) as answer:
            items: list[Json] = json.load(answer)["items"]
        return items

    def _certificate(self) -> tuple[str, str]:
        folder = self.plane.folder
        if not (folder / "cadvisor.crt").exists():
            self.plane.credentials.client("cadvisor", ("system:masters",)).write(folder, "cadvisor")
        return str(folder / "cadvisor.crt"), str(folder / "cadvisor.key")

    def _lines(self, pod: Json) -> Iterator[str]:
        """Yield a row for each container that runs, and one for the pod."""
        now, cpu, memory = round(time.time(), 3), 0.0, 0.0
        for status in pod["status"].get("containerStatuses", []):
            if started := status["state"].get("running", {}).get("startedAt"):
                used = self._used(pod, status["name"], started, now), use(pod, "memory")
                cpu, memory = cpu + used[0], memory + used[1]
                yield from _rows(pod, status, now, *used)
        if cpu:
            yield from _rows(pod, None, now, cpu, memory)

    def _used(self, pod: Json, container: str, started: str, now: float) -> float:
        key = (pod["metadata"]["uid"], container)
        before, counted = self.counted.get(key, (datetime.fromisoformat(started).timestamp(), 0.0))
        self.counted[key] = (now, counted + max(0.0, now - before) * use(pod, "cpu"))
        return self.counted[key][1]


def use(pod: Json, resource: str) -> float:
    """Return what each container of a pod uses: cores, or bytes."""
    annotation, usual = USE[resource]
    return parse(pod["metadata"].get("annotations", {}).get(annotation, usual)) / NANO


def _rows(pod: Json, status: Json | None, now: float, cpu: float, memory: float) -> Iterator[str]:
    group = f"/kubepods/burstable/pod{pod['metadata']['uid']}"
    name = status["name"] if status else ""
    labels = {
        "container": name,
        "id": f"{group}/{name}" if name else group,
        "image": status["image"] if status else "",
        "name": f"{pod['metadata']['uid']}-{name}" if name else "",
        "namespace": pod["metadata"]["namespace"],
        "pod": pod["metadata"]["name"],
    }
    at_ms = round(now * 1000)
    yield f"{CPU}{_braces({**labels, 'cpu': 'total'})} {cpu!r} {at_ms}\n"
    yield f"{MEMORY}{_braces(labels)} {memory!r} {at_ms}\n"


def _braces(labels: dict[str, str]) -> str:
    return "{" + ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"


@contextlib.contextmanager
def exporting(plane: ControlPlane) -> Iterator[str]:
    """Serve every node's metrics below `PATH` while the block lasts; yields `host:port`."""
    exporter = Exporter(plane)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exporter.text(self.path.split("/")[2]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
