"""What goes wrong on nodes, and what follows of it in the services that have pods there."""

from __future__ import annotations

import json

from e2e.support.asking import now
from e2e.support.local_node import placed_on
from e2e.support.troubles.of_pods import evict
from e2e.support.troubles.trouble import Found, Scene, Trouble, app

AWAY, PRESSED = "away", "node-pressed"
SERVICES = tuple(f"shop-{number}" for number in range(12))
THERE_RATHER = {
    "nodeAffinity": {
        "preferredDuringSchedulingIgnoredDuringExecution": [
            {
                "weight": 100,
                "preference": {
                    "matchExpressions": [{"key": "pool", "operator": "In", "values": ["pressed"]}]
                },
            }
        ]
    }
}


async def switched_off(scene: Scene) -> None:
    """The node is switched off already: what comes next is the cluster's own."""


async def disk_full(scene: Scene) -> None:
    """Let a node's disk fill up, so that its kubelet evicts its pods."""
    pressure = {"type": "DiskPressure", "status": "True", "reason": "KubeletHasDiskPressure"}
    condition = {**pressure, "lastHeartbeatTime": now(), "lastTransitionTime": now()}
    patch = json.dumps({"status": {"conditions": [condition]}})
    how = ("--subresource=status", "--type=strategic", "-p", patch)
    done = scene.installation.plane.kubectl("patch", "node", PRESSED, *how)
    assert done.returncode == 0, done.stderr
    for pod in scene.pods(f"--field-selector=spec.nodeName={PRESSED}"):
        evict(scene, pod)


ON_NODES = (
    Trouble(
        "node-away", switched_off,
        Found("node_not_ready", ("Node", AWAY), shown={"reason": "NodeStatusUnknown"}),
        before=[app(name, replicas=1, **placed_on(AWAY)) for name in SERVICES],
    ),
    Trouble(
        "disk-full", disk_full,
        # The pods of the node that was cordoned before may have come here.
        Found("node_pressure", ("Node", PRESSED), ("node", "node"), {"condition": "DiskPressure"}),
        before=[app(affinity=THERE_RATHER), app("pinned", nodeSelector={"pool": "pressed"})],
    ),
)  # fmt: skip
