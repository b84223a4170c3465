"""A node whose pods are programs of this machine: it does for them what a kubelet does.

It takes the pods that the scheduler binds to it, runs each container in namespaces of its own, tells the API
server their state, and serves it `exec` and logs. It acts with a node's own rights. What differs from a
kubelet is said here: a container that has ended is not started again, nothing is limited, and a pod is ready
once something listens at its port, whatever its probes are; at once where it has none.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from e2e.support.asking import ask, now
from e2e.support.local_pods import LocalPods, Made
from e2e.support.node_server import serving
from kubedoor_dev.control_plane import ControlPlane
from kubedoor_dev.control_plane.plane import OWN_NODE

Json = dict[str, Any]
BEAT_S, LEASE_S = 10.0, 40
LOOK_S = 0.3
ROOM = {"cpu": "16", "memory": "32Gi", "ephemeral-storage": "100Gi", "pods": "110"}
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
STARTS_IN_S = 60.0


@dataclass
class LocalNode:
    """One node, as long as its block lasts: then it is as if switched off, and nobody is told.

    :ivar number: its pods' addresses are 10.77.NUMBER.x.
    :ivar images: what containers run, by the names of their images.
    """

    plane: ControlPlane
    name: str
    number: int
    folder: Path
    images: Mapping[str, Made]
    ready: threading.Event = field(default_factory=threading.Event)

    async def live(self, off: asyncio.Event) -> None:
        """Be a node until it is switched off."""
        async with self._session() as api, asyncio.TaskGroup() as group:
            pods = LocalPods(self.plane, self.name, self.number, self.folder, self.images, api)
            async with serving(self.plane.credentials, pods) as port:
                self.plane.services.lead(f"127.0.0.1:{port}", port)
                await ask(api, "POST", "/api/v1/nodes", self._node(port))
                await ask(api, "POST", LEASES, self._lease())
                self.ready.set()
                tasks = [
                    group.create_task(every(BEAT_S, lambda: self._beat(api))),
                    group.create_task(every(LOOK_S, pods.look)),
                ]
                await off.wait()
                for task in tasks:
                    task.cancel()
                await pods.end()

    def _session(self) -> aiohttp.ClientSession:
        credentials = self.plane.credentials
        context = ssl.create_default_context(cafile=credentials.ca_file)
        user = credentials.client(f"system:node:{self.name}", ("system:nodes",))
        context.load_cert_chain(*user.write(self.folder, "node"))
        connector = aiohttp.TCPConnector(ssl=context)
        return aiohttp.ClientSession(credentials.server, connector=connector)

    def _node(self, port: int) -> Json:
        labels = {"kubernetes.io/hostname": self.name, OWN_NODE: self.name}
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": self.name, "labels": labels},
            "spec": {"taints": [{"key": OWN_NODE, "value": self.name, "effect": "NoSchedule"}]},
            "status": {
                "capacity": ROOM,
                "allocatable": ROOM,
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
                "declaredFeatures": ["ExtendWebSocketsToKubelet"],
                "conditions": [{**ready, "lastHeartbeatTime": now(), "lastTransitionTime": now()}],
            },
        }

    def _lease(self) -> Json:
        spec = {
            "holderIdentity": self.name,
            "leaseDurationSeconds": LEASE_S,
            "renewTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        metadata = {"name": self.name, "namespace": "kube-node-lease"}
        return {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}

    async def _beat(self, api: aiohttp.ClientSession) -> None:
        await ask(api, "PATCH", f"{LEASES}/{self.name}", self._lease())


async def every(pause_s: float, act: Callable[[], Awaitable[None]]) -> None:
    """Do something again and again."""
    while True:
        await act()
        await asyncio.sleep(pause_s)


def placed_on(name: str) -> Json:
    """Return what in a pod's spec sends it to such a node, and to no other."""
    toleration = {"key": OWN_NODE, "operator": "Equal", "value": name, "effect": "NoSchedule"}
    return {"nodeSelector": {OWN_NODE: name}, "tolerations": [toleration]}


@contextlib.contextmanager
def local_node(
    plane: ControlPlane, name: str, number: int, folder: Path, images: Mapping[str, Made]
) -> Iterator[LocalNode]:
    """Run a node while the block lasts, in a thread of its own."""
    node, off = LocalNode(plane, name, number, folder, images), asyncio.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_run, args=(loop, node.live(off)))
    thread.start()
    try:
        assert node.ready.wait(STARTS_IN_S), f"{name} did not start"
        yield node
    finally:
        loop.call_soon_threadsafe(off.set)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, living: Coroutine[Any, Any, None]) -> None:
    """Run a node in this thread."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(living)
