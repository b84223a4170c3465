"""All troubles at once, each in a namespace of its own, with services that are well beside them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from e2e.support.installation import Client, Installation
from e2e.support.place import Place
from e2e.support.telling import tell
from e2e.support.troubles.trouble import AS_DEPLOYED, NAME, Scene, Trouble, app
from kubedoor_core.clickhouse import ClickHouse
from support.waiting import until

Json = dict[str, Any]
CALM = "trouble-none"
WITHIN_S = 300.0
"""What is found later is a failure on any machine."""


@dataclass(frozen=True)
class Scenes:
    """The namespaces of some troubles."""

    installation: Installation
    api: Client
    clickhouse: ClickHouse
    troubles: Sequence[Trouble]

    def of(self, namespace: str) -> Scene:
        """Return the place of a trouble."""
        return Scene(Place(self.installation, namespace, self.clickhouse), self.api)

    async def well(self) -> None:
        """Deploy what is there before, and wait until all of it runs."""
        names = [*(one.namespace for one in self.troubles), CALM]
        kind = {"apiVersion": "v1", "kind": "Namespace"}
        self.installation.create(*({**kind, "metadata": {"name": name}} for name in names))
        for one in self.troubles:
            if one.governed:
                place = self.of(one.namespace).place
                await place.register(NAME, replicas=2, app=AS_DEPLOYED)
                await self.api.switch("enforce", place.name)
        made = [inside(one.namespace, each) for one in self.troubles for each in one.before]
        self.installation.create(*made, *(inside(CALM, each) for each in calm()))
        await until(self._all_run, WITHIN_S)

    async def _all_run(self) -> bool:
        return all(
            one["status"].get("availableReplicas", 0) == one["spec"]["replicas"]
            and one["status"].get("observedGeneration") == one["metadata"]["generation"]
            for one in self._deployments()
        )

    def _deployments(self) -> Iterator[Json]:
        """Yield the Deployments of all scenes."""
        asked = self.installation.plane.kubectl("get", "deployments", "-A", "-o", "json")
        for one in json.loads(asked.stdout)["items"]:
            if one["metadata"]["namespace"].startswith("trouble-"):
                yield one

    async def make(self) -> None:
        """Bring all troubles about; beside them there goes on what goes on every day."""
        for one in self.troubles:
            await one.make(self.of(one.namespace))
        place = self.of(CALM).place
        place.kubectl("rollout", "restart", "deployment/restarted")
        place.kubectl("scale", "deployment/scaled", "--replicas=5")
        place.kubectl("delete", "deployment/deleted", "--wait=false")

    async def found(self) -> list[Json]:
        """Wait until each is found, and for two looks more; return all that was found."""

        async def all_found() -> bool:
            await asyncio.sleep(1)
            listed = await self._findings()
            return all(of_trouble(one, listed) for one in self.troubles)

        await until(all_found, WITHIN_S)
        looks = {await self._looked_at()}

        async def looked() -> bool:
            looks.add(await self._looked_at())
            return len(looks) > 2

        await until(looked, WITHIN_S)
        return await self._findings()

    async def _findings(self) -> list[Json]:
        """Return what was found here and of nodes, over or not."""
        found: list[Json] = (await self.api.get("/findings?state=all&limit=500"))["items"]
        return [one for one in found if one["namespace"].startswith("trouble-") or one["object"] == "Node"]

    async def _looked_at(self) -> str:
        return str((await self.api.get("/findings?limit=1"))["watch"]["looked_at"])

    def remove(self) -> None:
        """Remove it all."""
        names = [*(one.namespace for one in self.troubles), CALM]
        kubectl = self.installation.plane.kubectl
        kubectl("delete", "namespace", *names, "--wait=false")


def inside(namespace: str, made: Json) -> Json:
    """Return an object, in a namespace."""
    return {**made, "metadata": {**made["metadata"], "namespace": namespace}}


def calm() -> list[Json]:
    """Return what is well, and stays so: a Job that ends, and services that people work on."""
    template = {
        "spec": {"restartPolicy": "Never", "containers": [{"name": NAME, "image": "registry.example/job:1"}]}
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "job"},
        "spec": {"template": template},
    }
    return [app("restarted", 4), app("scaled"), app("deleted"), app("left-alone"), job]


def of_trouble(trouble: Trouble, findings: Sequence[Json]) -> list[Json]:
    """Return what was found of a trouble's kind about what it is about."""
    kind, name = trouble.found.object
    namespace = "" if kind == "Node" else trouble.namespace
    about = (trouble.found.kind, kind, namespace, name)
    return [one for one in findings if (one["kind"], one["object"], one["namespace"], one["name"]) == about]


def tell_how_soon(findings: Sequence[Mapping[str, Any]]) -> None:
    """Tell how long each was there before it was found, as far as Kubernetes tells when it began."""
    took = sorted(
        (datetime.fromisoformat(one["opened_at"]) - datetime.fromisoformat(one["began_at"])).total_seconds()
        for one in findings
    )
    tell(f"{len(took)} troubles, found after {took[len(took) // 2]:.0f} s (the last after {took[-1]:.0f} s)")
