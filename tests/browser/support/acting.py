"""A console whose env has a cluster: the simulated one, with Deployments to act on."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser.support.stack import Stack, running
from kubedoor_dev.processes import free_port, stop, wait_for_http

TOKEN = "only-for-this-test"
NAMESPACE = "orders"
NAMES = ("cart", "checkout", "refund")


@dataclass(frozen=True)
class Kubernetes:
    """The simulated cluster, asked as an administrator."""

    url: str

    def ask(self, path: str, body: object = None) -> dict[str, Any]:
        """Read, or create where there is a body."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def replicas(self, name: str) -> int:
        """How many pods a Deployment asks for."""
        return int(self.ask(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/{name}")["spec"]["replicas"])

    def pods(self, name: str) -> list[str]:
        """The names of a Deployment's pods."""
        found = self.ask(f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector=app%3D{name}")["items"]
        return sorted(pod["metadata"]["name"] for pod in found)

    def begin(self, pod: str, folder: Path, argv: Sequence[str], path: str = "/usr/bin:/bin") -> None:
        """Let a pod's container be a program of this machine.

        :param folder: its home.
        :param path: of its image, as in PATH.
        """
        asked = {"namespace": NAMESPACE, "pod": pod, "container": "app", "folder": str(folder)}
        self.ask("/_sim/containers", {**asked, "argv": argv, "path": path})

    def say(self, pod: str, *lines: str, previous: bool = False) -> None:
        """Let a pod's container write lines.

        :param previous: of the container before its last restart.
        """
        said = {"namespace": NAMESPACE, "pod": pod, "container": "app", "lines": lines, "previous": previous}
        self.ask("/_sim/logs", said)

    def run(self, name: str, *, replicas: int = 2, fail: str = "") -> None:
        """Make a Deployment.

        :param fail: how its pods fail, as the simulated cluster takes it; empty for not at all.
        """
        labels = {"app": name}
        container = {"name": "app", "image": f"{name}:1"}
        failing = {"annotations": {"kubedoor.dev/fail": fail}} if fail else {}
        spec = {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels, **failing}, "spec": {"containers": [container]}},
        }
        made = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}
        self.ask(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments", made)


@contextmanager
def _cluster(folder: Path) -> Iterator[Kubernetes]:
    port, log = free_port(), folder / "cluster.log"
    command = [sys.executable, "-m", "kubedoor_dev.cluster", "--port", str(port), "--token", TOKEN]
    places = ["--namespace", NAMESPACE, "--namespace", "kubedoor", "--rollout-s", "0.2"]
    kubeconfig = ["--kubeconfig", str(folder / "kubeconfig")]
    with log.open("wb") as out:
        process = subprocess.Popen([*command, *places, *kubeconfig], stdout=out, stderr=out)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_http(f"{url}/version", process, log)
            yield Kubernetes(url)
        finally:
            stop(process)


@contextmanager
def acting(folder: Path, **settings_of_api: str) -> Iterator[tuple[Stack, Kubernetes]]:
    """Start the console with a cluster in which some of its services run.

    :param settings_of_api: further environment variables of the API.
    """
    with _cluster(folder) as kubernetes:
        for name in NAMES:
            kubernetes.run(name)
        settings = {
            "KUBEDOOR_KUBECONFIG": str(folder / "kubeconfig"),
            "KUBEDOOR_OWN_NAMESPACE": "kubedoor",
            "KUBEDOOR_ROLLOUT_POLL_S": "0.1",
            "KUBEDOOR_ROLLOUT_SOAK_S": "0",
            **settings_of_api,
        }
        with running(folder, **settings) as stack:
            yield stack, kubernetes
