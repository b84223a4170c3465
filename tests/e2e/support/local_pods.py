"""The pods of a node of this machine: started when they are bound to it, ended when they are deleted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from e2e.support.asking import ask, now
from kubedoor_dev.cluster.podlogs import PodLogs
from kubedoor_dev.containers.local import Containers, Image, running
from kubedoor_dev.control_plane import ControlPlane
from kubedoor_dev.processes import free_port

Json = dict[str, Any]
Made = Callable[[Path, int], Image]
"""Makes what a container runs, in a folder of its own; what it serves is at that port of 127.0.0.1."""
APP_PORT = 8080
"""What that port is in the cluster."""
AGAIN_S = 0.1
LATER = ("ContainersReady", "Ready")
CONDITIONS = ("PodReadyToStartContainers", "Initialized", *LATER)


@dataclass
class LocalPods:
    """Those of one node.

    :ivar number: their addresses are 10.77.NUMBER.x.
    :ivar images: what containers run, by the names of their images.
    :ivar known: by namespace and name, as the API server has told them last.
    """

    plane: ControlPlane
    node: str
    number: int
    folder: Path
    images: Mapping[str, Made]
    api: aiohttp.ClientSession
    containers: Containers = field(default_factory=Containers)
    logs: PodLogs = field(default_factory=PodLogs)
    known: dict[tuple[str, str], Json] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    started: int = 0

    async def look(self) -> None:
        """Start what is new on the node, and end what is to go."""
        listed = await ask(self.api, "GET", f"/api/v1/pods?fieldSelector=spec.nodeName%3D{self.node}")
        pods = {one["metadata"]["uid"]: one for one in listed["items"]}
        self.known = {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in pods.values()}
        for uid in [uid for uid in self.tasks if uid not in pods]:
            await self._stop(uid)
        for uid, pod in pods.items():
            if pod["metadata"].get("deletionTimestamp"):
                await self._stop(uid)
                await self._forget(pod)
            elif uid not in self.tasks:
                self.tasks[uid] = asyncio.create_task(self._run(pod))

    async def end(self) -> None:
        """End them all, and tell nobody."""
        for uid in list(self.tasks):
            await self._stop(uid)

    async def _stop(self, uid: str) -> None:
        if task := self.tasks.pop(uid, None):
            task.cancel()
            await asyncio.wait({task})

    async def _forget(self, pod: Json) -> None:
        """Let the API server forget a pod that has ended."""
        uid = {"uid": pod["metadata"]["uid"]}
        body = {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0, "preconditions": uid}
        await ask(self.api, "DELETE", path_of(pod), body, may_be_gone=True)

    async def _run(self, pod: Json) -> None:
        """Run a pod until it is to end."""
        self.started += 1
        address, port = f"10.77.{self.number}.{self.started}", free_port()
        self.plane.services.lead(f"{address}:{APP_PORT}", port)
        async with contextlib.AsyncExitStack() as stack:
            for one in pod["spec"]["containers"]:
                await stack.enter_async_context(self._container(pod, one, port))
            began = now()
            await self._tell(pod, address, began, ready=False)
            if any(one.get("ports") for one in pod["spec"]["containers"]):
                await listening(port)
            await self._tell(pod, address, began, ready=True)
            await asyncio.Event().wait()

    @contextlib.asynccontextmanager
    async def _container(self, pod: Json, spec: Json, port: int) -> AsyncIterator[None]:
        metadata = pod["metadata"]
        place = (metadata["namespace"], metadata["name"], spec["name"])
        folder = self.folder / metadata["uid"] / spec["name"]
        folder.mkdir(parents=True)

        async def say(line: str) -> None:
            await self.logs.say(*place, line)

        made = self.images[spec["image"]](folder, port)
        image = replace(made, environment={**made.environment, "HOSTNAME": metadata["name"]})
        async with running(image, folder, say) as self.containers.by_place[place]:
            yield

    async def _tell(self, pod: Json, address: str, began: str, *, ready: bool) -> None:
        """Tell the API server how a pod is."""
        states = {kind: "True" if ready or kind not in LATER else "False" for kind in CONDITIONS}
        status = {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "startTime": began,
            "conditions": [
                {"type": "PodScheduled", "status": "True", "lastTransitionTime": began},
                *(
                    {"type": kind, "status": state, "lastTransitionTime": now()}
                    for kind, state in states.items()
                ),
            ],
            "containerStatuses": [
                {
                    "name": one["name"], "image": one["image"], "imageID": "", "ready": ready,
                    "started": ready, "restartCount": 0, "state": {"running": {"startedAt": began}},
                }
                for one in pod["spec"]["containers"]
            ],
        }  # fmt: skip
        await ask(self.api, "PATCH", f"{path_of(pod)}/status", {"status": status}, may_be_gone=True)


def path_of(pod: Json) -> str:
    """Return where the API server has a pod."""
    metadata = pod["metadata"]
    return f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"


async def listening(port: int) -> None:
    """Wait until something listens at a port of 127.0.0.1."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(AGAIN_S)
