"""A namespace of one test: what is registered and deployed in it, and what stands there then."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from e2e.support.installation import ENV, Installation
from kubedoor_core.clickhouse import ClickHouse
from support.rows import containers, control_row, derived_row

Json = dict[str, Any]
Values = tuple[int | None, int | None, int | None, int | None]
"""request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib."""
GOVERNED: Values = (250, 500, 256, 512)
ROLLOUT = "--timeout=120s"


@dataclass(frozen=True)
class Namespace:
    """A namespace, as its team sees it."""

    installation: Installation
    name: str

    def create(self) -> None:
        """Create the namespace."""
        metadata = {"name": self.name}
        self.installation.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    def remove(self) -> None:
        """Begin to remove the namespace with all that is in it."""
        gone = self.installation.plane.kubectl("delete", "namespace", self.name, "--wait=false")
        assert gone.returncode == 0, gone.stderr

    def try_(self, *arguments: str, stdin: Json | None = None) -> subprocess.CompletedProcess[str]:
        """Run kubectl in the namespace, whatever becomes of it."""
        text = None if stdin is None else json.dumps(stdin)
        return self.installation.plane.kubectl(*arguments, "--namespace", self.name, stdin=text)

    def kubectl(self, *arguments: str, stdin: Json | None = None) -> str:
        """Run kubectl in the namespace, and return all that it said."""
        done = self.try_(*arguments, stdin=stdin)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout + done.stderr

    def deploy(self, manifest: Json, how: str = "create") -> str:
        """Create (or `apply`, `replace`) a manifest."""
        return self.kubectl(how, "-f", "-", stdin=manifest)

    def autoscale(self, name: str, least: int, most: int) -> None:
        """Run `kubectl autoscale` for 60 % of the cpu, whose flag has another name before 1.34."""
        bounds = (f"--min={least}", f"--max={most}")
        flag = "--cpu=60%" if "--cpu=" in self.kubectl("autoscale", "--help") else "--cpu-percent=60"
        self.kubectl("autoscale", f"deployment/{name}", *bounds, flag)

    def knows_resources_of_pods(self) -> bool:
        """Tell whether the cluster knows resources of a whole pod, past our webhook: from 1.34 on."""
        made = manifest("probe")
        made["spec"]["template"]["spec"]["resources"] = {"limits": {"cpu": "5"}}
        dry = ("create", "--dry-run=server", "-n", "kube-system", "-o", "json", "-f", "-")
        done = self.installation.plane.kubectl(*dry, stdin=json.dumps(made))
        assert done.returncode == 0, done.stderr
        return "resources" in json.loads(done.stdout)["spec"]["template"]["spec"]

    def rolled_out(self, name: str) -> None:
        """Wait until a Deployment's rollout is through."""
        self.kubectl("rollout", "status", f"deployment/{name}", ROLLOUT)

    def live(self, name: str, kind: str = "deployment") -> Json:
        """Return an object as it stands."""
        found: Json = json.loads(self.kubectl("get", kind, name, "-o", "json"))
        return found

    def replicas(self, name: str) -> int:
        """Return the count that a Deployment asks for."""
        found: int = self.live(name)["spec"]["replicas"]
        return found

    def resources(self, name: str, container: str = "app") -> Json:
        """Return a container's resources, init containers included."""
        spec = self.live(name)["spec"]["template"]["spec"]
        every = [*spec["containers"], *spec.get("initContainers", [])]
        (found,) = [one for one in every if one["name"] == container]
        resources: Json = found.get("resources", {})
        return resources


@dataclass(frozen=True)
class Place(Namespace):
    """A namespace, with what KubeDoor knows of its services."""

    clickhouse: ClickHouse

    async def register(self, name: str, replicas: int = 3, **of: Values) -> None:
        """Register a service as the collector derives it; without containers, one `app`."""
        values = containers(**(of or {"app": GOVERNED}))
        row = derived_row(ENV, self.name, name, replicas_observed=replicas, **values)
        await self.clickhouse.insert("derived", [row])

    async def edit(self, name: str, **columns: Any) -> None:
        """Write an expert's row for a service."""
        await self.clickhouse.insert("control", [control_row(ENV, self.name, name, **columns)])

    async def forget(self, name: str) -> None:
        """Remove a service as the console does: a tombstone hides it."""
        await self.clickhouse.insert("control", [{**control_row(ENV, self.name, name), "deleted": True}])


def manifest(name: str, replicas: int = 10, **resources: Json) -> Json:
    """A Deployment of one container `app` that asks for too much, unless `requests` or `limits` are given."""
    asked = resources or {"requests": {"cpu": "2", "memory": "4Gi"}, "limits": {"cpu": "4", "memory": "8Gi"}}
    labels = {"app": name}
    container = {"name": "app", "image": "registry.example/app:1", "resources": asked}
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
    }
    metadata = {"name": name}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
