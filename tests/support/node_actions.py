"""Drains and moves, as a client asks for them and waits for their end, and pods that are put on nodes."""

from __future__ import annotations

from typing import Any

from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import PODS
from support.api import BASE, Answer, Api
from support.waiting import until

Json = dict[str, Any]
ACTIONS = f"{BASE}/node-actions"


async def in_state(api: Api, action: str, *states: str) -> Json:
    """Wait until an action is in one of some states."""

    async def look() -> Json | None:
        found: Json = (await api.get(f"{ACTIONS}/{action}")).json
        return found if found["state"] in states else None

    found: Json = await until(look)
    return found


async def ended(api: Api, begun: Answer) -> Json:
    """Wait until an action has ended."""
    assert begun.status == 202, begun.text
    return await in_state(api, begun.json["id"], "done", "failed", "cancelled")


async def make_pod(
    cluster: Cluster,
    name: str,
    node: str,
    owner: str = "",
    *,
    namespace: str = "shop",
    labels: Json | None = None,
    **spec: Any,
) -> Json:
    """Make a pod on a node, of a controller or of none."""
    owners = [
        {"apiVersion": "apps/v1", "kind": owner, "name": "agent", "uid": "of-agent", "controller": True}
    ]
    metadata: Json = {"name": name, "namespace": namespace, "labels": labels or {}}
    metadata |= {"ownerReferences": owners} if owner else {}
    body = {"nodeName": node, "containers": [{"name": "app", "image": "app:1"}], **spec}
    obj = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": body}
    return await cluster.create(Target(PODS, namespace, name), obj)


def evictions(cluster: Cluster) -> list[str]:
    """Return the names of the pods that were asked to go, in order."""
    return [call.name for call in cluster.calls if call.resource == "pods/eviction"]
