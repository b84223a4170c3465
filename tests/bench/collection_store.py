"""A company for the benchmark of collections: samples every 30 s, regular or jittered, as blocks."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TextIO

import numpy as np

from kubedoor_dev.metrics.pods import generated
from kubedoor_dev.tools import find

CACHE = Path(__file__).parents[2] / ".cache" / "bench"
INTERVAL_S, JITTER_S = 30, 3.0
PODS, CONTAINERS = 2, ("app", "sidecar")
BOUNDS = ("0.05", "0.25", "1")
POOLS = (("Eden", "heap"), ("Old Gen", "heap"), ("Metaspace", "nonheap"))
STATES = ("kube_pod_container_status_running", "kube_pod_container_info")


@dataclass(frozen=True)
class Company:
    """Services of two pods of two containers, and the time of which there are samples.

    :ivar counting: whether they count requests and tell of their JVMs, too, as Micrometer does.
    """

    services: int
    spans: tuple[tuple[datetime, datetime], ...]
    jittered: bool = False
    counting: bool = False

    def blocks(self) -> Path:
        """Return a folder of blocks, made now or found from before."""
        source = Path(__file__).read_bytes()
        folder = CACHE / hashlib.sha256(source + repr(self).encode()).hexdigest()[:16]
        if folder.is_dir():
            return folder
        print(f"writing blocks of {self.services} services", flush=True)
        making = folder.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        text = making / "samples.om"
        with text.open("w") as file:
            self._write(file)
        command = [
            str(find("promtool")),
            "tsdb",
            "create-blocks-from",
            "--max-block-duration=24h",
            "openmetrics",
        ]
        subprocess.run([*command, str(text), str(making)], check=True, capture_output=True)
        text.unlink()
        making.rename(folder)
        return folder

    def _write(self, file: TextIO) -> None:
        rng = np.random.default_rng(1)
        for name, labels in self._series():
            for start, end in self.spans:
                times = np.arange(start.timestamp(), end.timestamp(), INTERVAL_S) + rng.uniform(1, 25)
                times += rng.uniform(-JITTER_S, JITTER_S, times.size) * self.jittered
                values = _values(name, times.size, rng)
                pairs = zip(times.tolist(), values.tolist(), strict=True)
                file.write("".join(f"{name}{{{labels}}} {value} {time:.3f}\n" for time, value in pairs))
        file.write("# EOF\n")

    def _series(self) -> Iterator[tuple[str, str]]:
        for name in ("container_cpu_usage_seconds_total", "container_memory_working_set_bytes", *STATES):
            for place, number in self._pods():
                for container in CONTAINERS:
                    of = f'{place},container="{container}"'
                    if name in STATES:
                        yield name, f'{of},instance="10.0.0.9:8080",job="kube-state-metrics"'
                    else:
                        node = f'instance="10.0.0.{number % 40}:10250",job="kubelet"'
                        yield name, f'{of},id="/kubepods/{number}/{container}",image="r/{container}:1",{node}'
        for place, number in self._pods():
            owner = f'owner_kind="ReplicaSet",owner_name="{_set(number // PODS)}",owner_is_controller="true"'
            yield "kube_pod_owner", f"{place},{owner}"
        if self.counting:
            yield from self._counters()

    def _counters(self) -> Iterator[tuple[str, str]]:
        """Yield some thirty series a pod: as many as a small Spring Boot service has."""
        for place, number in self._pods():
            of = f'{place},container="app",instance="10.1.{number // 250}.{number % 250}:8080",job="pods"'
            for uri, status in product(("/orders", "/carts"), ("200", "500")):
                asked = f'{of},uri="{uri}",status="{status}"'
                yield "http_server_requests_seconds_count", asked
                for bound in (*BOUNDS, "+Inf"):
                    yield "http_server_requests_seconds_bucket", f'{asked},le="{bound}"'
            yield from _jvm(of)

    def _pods(self) -> Iterator[tuple[str, int]]:
        for number in range(self.services * PODS):
            pod = f"{_set(number // PODS)}-{generated(f'pod {number}', 5)}"
            yield f'namespace="team-{number // PODS // 50:03}",pod="{pod}"', number


def _jvm(of: str) -> Iterator[tuple[str, str]]:
    for (pool, area), what in product(POOLS, ("used", "max")):
        yield f"jvm_memory_{what}_bytes", f'{of},area="{area}",id="{pool}"'
    for size, what in product(("minor", "major"), ("count", "sum", "max")):
        yield f"jvm_gc_pause_seconds_{what}", f'{of},action="end of {size} GC",cause="Allocation"'
    for state in ("runnable", "waiting", "timed-waiting"):
        yield "jvm_threads_states_threads", f'{of},state="{state}"'


def _set(service: int) -> str:
    return f"service-{service:05}-{generated(f'set {service}', 10)}"


def _values(name: str, count: int, rng: np.random.Generator) -> np.typing.NDArray[np.float64]:
    if name == "container_cpu_usage_seconds_total":
        return np.round(np.cumsum(rng.uniform(0, 6, count)) + 1000, 6)
    if name.endswith(("_count", "_bucket", "_sum")):
        return np.cumsum(rng.integers(0, 90, count)).astype(np.float64) + 1000
    if name.startswith("jvm_") or name == "container_memory_working_set_bytes":
        return np.floor(rng.uniform(3e8, 4e8, count))
    return np.ones(count)
