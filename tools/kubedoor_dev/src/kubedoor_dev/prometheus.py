"""A real Prometheus or VictoriaMetrics on 127.0.0.1, with samples from the past."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubedoor_dev.metrics.export import import_lines
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_dev.tools import find

RETENTION = "10y"
IMPORT_BATCH = 2_000


@dataclass(frozen=True)
class Store:
    """A running store of metrics.

    :ivar again: starts it once more, on what it has stored.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    again: Callable[[], subprocess.Popen[bytes]]


def start_prometheus(
    blocks: Path,
    folder: Path,
    port: int | None = None,
    *options: str,
    scrape_configs: Sequence[Mapping[str, Any]] = (),
    program: str | None = None,
) -> Store:
    """Start Prometheus in a folder of its own on a copy (hard links) of some blocks; wait until it answers.

    :param options: further flags, such as `--query.max-samples=1000`.
    :param scrape_configs: what it scrapes besides.
    :param program: which Prometheus; the one that is found where none is named.
    :raises kubedoor_dev.processes.StartError: it did not come up.
    """
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    for block in sorted(path.parent for path in blocks.glob("*/meta.json")):
        shutil.copytree(block, data / block.name, copy_function=_link)
    config = folder / "prometheus.yml"
    document = {"global": {"scrape_interval": "1m"}, "scrape_configs": list(scrape_configs)}
    config.write_text(json.dumps(document), encoding="utf-8")
    port = port or free_port()
    command = [
        program or str(find("prometheus")), f"--config.file={config}", f"--storage.tsdb.path={data}",
        f"--storage.tsdb.retention.time={RETENTION}", f"--web.listen-address=127.0.0.1:{port}", *options,
    ]  # fmt: skip
    return _start(command, f"http://127.0.0.1:{port}", "/-/ready", folder)


def start_victoria_metrics(folder: Path, port: int | None = None) -> Store:
    """Start an empty VictoriaMetrics and wait until it answers.

    :raises kubedoor_dev.processes.StartError: it did not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    command = [
        str(find("victoria-metrics")), f"-storageDataPath={folder / 'data'}", "-retentionPeriod=10y",
        f"-httpListenAddr=127.0.0.1:{port}", "-search.latencyOffset=0s", "-search.disableCache",
    ]  # fmt: skip
    return _start(command, f"http://127.0.0.1:{port}", "/health", folder)


def fill_victoria_metrics(store: Store, series: Iterable[Series]) -> None:
    """Import series, and wait until they can be queried."""
    batch: list[bytes] = []
    for line in import_lines(series):
        batch.append(line)
        if len(batch) == IMPORT_BATCH:
            _post(f"{store.url}/api/v1/import", b"".join(batch))
            batch.clear()
    _post(f"{store.url}/api/v1/import", b"".join(batch))
    _post(f"{store.url}/internal/force_flush", b"")


@contextmanager
def running(store: Store) -> Iterator[Store]:
    """End the store's process on leaving."""
    try:
        yield store
    finally:
        stop(store.process)


def _start(command: list[str], url: str, ready: str, folder: Path) -> Store:
    log = folder / "log"
    log.write_bytes(b"")

    def launch() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for whoever has started it, and ends it
            )

    process = launch()
    try:
        wait_for_http(url + ready, process, log)
    except BaseException:
        stop(process)
        raise
    return Store(url, process, log, launch)


def _link(source: str, target: str) -> str:
    """Hard-link a file, or copy it where links don't reach. Blocks are never changed in place."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)
    return target


def _post(url: str, body: bytes) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=300) as answer:  # noqa: S310 loopback
        answer.read()
