"""KubeDoor installed by the real Helm in a real control plane, its services running as processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from e2e.support.kubelet import NAMESPACE, Kubelet
from integration.collector.stores import ZONE, not_now
from kubedoor_api.access.roles import Grant, Principal, Right, Role
from kubedoor_api.auth.token import Tokens
from kubedoor_dev.control_plane import ControlPlane
from kubedoor_dev.demo.paths import CHECKOUT
from support.api import Answer

CHART = CHECKOUT / "deploy" / "helm" / "kubedoor"
ENV = "e2e"
BASE = f"/api/v1/envs/{ENV}"
DATABASE = "kubedoor"
NODES = 3
USER = "admin"
"""The chart's own user, whose schedules run."""
Json = dict[str, Any]


def values(clickhouse_url: str, prometheus_url: str) -> Json:
    """The chart's values: what a company sets, and short waits."""
    return {
        "env": ENV,
        "clickhouse": {"mode": "external", "url": clickhouse_url, "user": "default", "database": DATABASE},
        "prometheus": {"url": prometheus_url},
        "timezone": ZONE.key,
        "collector": {"collectAt": not_now()},
        # A busy machine is no trouble of ClickHouse: what is to be fresh is fresh, however long it takes.
        "webhook": {"drainSeconds": 0, "timeoutSeconds": 30, "settings": {"CHECK_TIMEOUT_S": 7}},
        "podActions": {"logs": True, "delete": True, "isolate": True, "diagnose": True, "exec": True},
        "findings": {"watch": True},
        "nodes": {"control": True, "maxCordonedPct": 50},
        "events": {"keep": True},
        "api": {
            "replicas": 1,
            "settings": {
                "LEASE_DURATION_S": 5, "LEASE_RENEW_S": 3, "LEASE_RETRY_S": 1, "ROLLOUT_POLL_S": 0.2,
                "ROLLOUT_SOAK_S": 0,
            },
        },
    }  # fmt: skip


def node_name(number: int | str) -> str:
    """Return a node's name."""
    return f"node-{number}"


def node(number: int | str, **room: str) -> Json:
    """A node with room for what the tests make, unless less is given."""
    room = {"cpu": "128", "memory": "256Gi", "ephemeral-storage": "500Gi", "pods": "500", **room}
    name = node_name(number)
    metrics = f"/metrics/nodes/{name}/metrics/resource"
    metadata = {
        "name": name,
        "labels": {"kubernetes.io/hostname": name},
        "annotations": {"metrics.k8s.io/resource-metrics-path": metrics},
    }
    return {
        "apiVersion": "v1", "kind": "Node", "metadata": metadata,
        "status": {"capacity": room, "allocatable": room},
    }  # fmt: skip


def restricted(name: str) -> Json:
    """A namespace whose pods must hold to the strictest Pod Security Standard."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


@dataclass
class Installation:
    """What runs."""

    plane: ControlPlane
    kubelet: Kubelet
    values_file: Path
    secret: str = ""

    def helm(self, *arguments: str) -> str:
        """Run Helm on our release's namespace and return what it said."""
        done = self.plane.helm(*arguments, "--namespace", NAMESPACE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self, chart: Path = CHART) -> None:
        """Install a chart, an earlier one with the values that it knows, and run what it has made."""
        known = yaml.safe_load(self.helm("show", "values", str(chart)))
        given = {name: one for name, one in json.loads(self.values_file.read_text()).items() if name in known}
        file = str(self.values_file.with_name("given.json"))
        Path(file).write_text(json.dumps(given))
        self.helm("install", "kubedoor", str(chart), "--values", file, "--wait", "--timeout", "180s")
        self.kubelet.run("webhook")
        self.kubelet.run("api")
        pod = self.kubelet.pod("api")
        variables = self.kubelet.environment(pod, self.kubelet.folder / "look")
        mounted = variables.get("KUBEDOOR_JWT_SECRET_FILE")  # charts before 0.1.0 have it in the environment
        self.secret = Path(mounted).read_text() if mounted else variables["KUBEDOOR_JWT_SECRET"]

    def helm_upgrade(self, *arguments: str) -> None:
        """Upgrade the release to this chart, keeping the values that were given."""
        waiting = ("--wait", "--timeout", "180s")
        self.helm("upgrade", "kubedoor", str(CHART), "--reset-then-reuse-values", *waiting, *arguments)

    def uninstall(self) -> None:
        """Uninstall the release, its hooks included, and end what ran."""
        for document in yaml.safe_load_all(self.helm("get", "hooks", "kubedoor")):
            if "pre-delete" in document["metadata"]["annotations"]["helm.sh/hook"]:
                self.kubelet.run_to_its_end(document["spec"]["template"]["spec"])
        self.helm("uninstall", "kubedoor", "--wait", "--timeout", "180s")
        for component in list(self.kubelet.running):
            self.kubelet.end(component)

    def create(self, *objects: Json) -> None:
        """Create objects as an administrator."""
        document = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        made = self.plane.kubectl("create", "-f", "-", stdin=json.dumps(document))
        assert made.returncode == 0, made.stderr

    @contextlib.asynccontextmanager
    async def api(self, instance: int = 0) -> AsyncIterator[Client]:
        """Return a client of one of the api's instances, signed in as an administrator with every right."""
        url = f"http://127.0.0.1:{self.kubelet.running['api'][instance].port}"
        principal = Principal(USER, (Grant(role=Role.ADMIN, may=frozenset(Right)),))
        token = Tokens((self.secret,), 86_400).issue(principal)
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(url, headers=headers) as session:
            yield Client(session)


@dataclass
class Client:
    """The api over HTTP."""

    session: aiohttp.ClientSession

    async def send(self, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
        """Send a request below the env, and return the answer."""
        async with self.session.request(method, f"{BASE}{path}", json=body, headers=headers) as response:
            return Answer(response.status, response.headers.copy(), await response.text())

    async def text(self, path: str) -> str:
        """Return the text of what must be there."""
        answer = await self.send("GET", path)
        assert answer.status == 200, answer.text
        return answer.text

    async def get(self, path: str) -> Any:
        """Return the JSON of what must be there."""
        return json.loads(await self.text(path))

    async def change(self, method: str, path: str, body: Json | None = None, version: str = "") -> Any:
        """Make a change that must succeed, and return its JSON."""
        headers = {"If-Match": f'"{version}"'} if version else {}
        answer = await self.send(method, path, body, **headers)
        assert answer.status < 300, answer.text
        return answer.json if answer.text else None

    async def set(self, key: str, value: Any) -> None:
        """Set a setting of the env."""
        (found,) = [one for one in (await self.get("/settings"))["items"] if one["key"] == key]
        await self.change("PUT", f"/settings/{key}", {"value": value}, found["version"])

    async def reset(self, key: str) -> None:
        """Forget a stored setting of the env."""
        (found,) = [one for one in (await self.get("/settings"))["items"] if one["key"] == key]
        await self.change("DELETE", f"/settings/{key}", version=found["version"])

    async def switch(self, mode: str, namespace: str = "") -> None:
        """Switch admission of the env, or of one of its namespaces."""
        version = (await self.get("/mode"))["version"]
        if namespace:
            found = {one["namespace"]: one for one in (await self.get("/mode"))["namespaces"]}
            version = found.get(namespace, {"version": "0"})["version"]
        path = f"/namespaces/{namespace}/mode" if namespace else "/mode"
        await self.change("PUT", path, {"mode": mode}, version)


def migrate(environment: dict[str, str]) -> None:
    """Do what the chart's Job does: its pod only seems to run."""
    command = [sys.executable, "-m", "kubedoor_core.migrate"]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def installed(
    plane: ControlPlane, folder: Path, clickhouse_url: str, prometheus_url: str
) -> Iterator[Installation]:
    """Install KubeDoor into a namespace that holds to Pod Security `restricted`, and run its services."""
    file = folder / "values.json"
    file.write_text(json.dumps(values(clickhouse_url, prometheus_url)), encoding="utf-8")
    kubelet = Kubelet(plane, folder)
    found = Installation(plane, kubelet, file)
    found.create(*(node(number) for number in range(NODES)), restricted(NAMESPACE))
    migrate({"KUBEDOOR_CLICKHOUSE_URL": clickhouse_url, "KUBEDOOR_CLICKHOUSE_DATABASE": DATABASE})
    try:
        found.install()
        yield found
    finally:
        kubelet.stop()
