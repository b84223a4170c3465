"""What goes wrong in pods: they crash, run out of memory, have no image, never become ready, are evicted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from e2e.support.asking import now
from e2e.support.troubles.trouble import FAIL, NAME, Cause, Found, Json, Scene, Trouble, app, container

NEW_IMAGE = "registry.example/app:2"
BY_IMAGE: Cause = ("rollout", "image")
EVICTED = {
    "phase": "Failed",
    "reason": "Evicted",
    "message": "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.",
}


ON_ONE: Json = {"nodeSelector": {"kubernetes.io/hostname": "node-0"}}
"""No other node has anything to do with it."""


def new_image(fail: str) -> Callable[[Scene], Awaitable[None]]:
    """Roll out an image whose pods fail."""

    async def make(scene: Scene) -> None:
        scene.roll_out(fail, containers=container(image=NEW_IMAGE))

    return make


async def migration_crashes(scene: Scene) -> None:
    """Roll out an init container, which crashes before the service runs."""
    migrate = {"name": "migrate", "image": NEW_IMAGE, "command": ["migrate"]}
    scene.roll_out("init", initContainers=[migrate])


def of_kind(kind: str, fail: str) -> Callable[[Scene], Awaitable[None]]:
    """Deploy a workload of another kind, whose pods fail from the start."""

    async def make(scene: Scene) -> None:
        made = {**app(**ON_ONE), "kind": kind}
        made["spec"]["template"]["metadata"]["annotations"] = {FAIL: fail}
        own = {"replicas", "progressDeadlineSeconds"} if kind == "DaemonSet" else {"progressDeadlineSeconds"}
        made["spec"] = {name: one for name, one in made["spec"].items() if name not in own}
        scene.place.deploy(made)

    return make


async def evicted(scene: Scene) -> None:
    """Let a kubelet evict a pod that has filled its disk."""
    evict(scene, scene.pods()[0])


def evict(scene: Scene, pod: str) -> None:
    """Tell of a pod what a kubelet does that has evicted it."""
    ready: Json = {"type": "Ready", "status": "False", "reason": "PodFailed", "lastTransitionTime": now()}
    scene.tell(pod, {**EVICTED, "conditions": [ready]})


IN_PODS = (
    Trouble(
        "crashes", new_image("crashloop"),
        Found("crash_loop", cause=BY_IMAGE, shown={"reason": "Error", "exit_code": 1}, container=NAME),
        before=[app()],
    ),
    Trouble(
        "no-image", new_image("image"),
        Found(
            "image", cause=BY_IMAGE, shown={"reason": "ImagePullBackOff", "image": NEW_IMAGE}, container=NAME
        ),
        before=[app()],
    ),
    Trouble(
        "probe-fails", new_image("unready"),
        Found("probe_failing", cause=BY_IMAGE, shown={"allowed_s": 3}, container=NAME),
        before=[app()],
    ),
    Trouble(
        "stuck", new_image("creating"),
        Found("rollout_stuck", cause=BY_IMAGE, shown={"desired": 2, "updated": 1}),
        before=[app(deadline_s=10)],
    ),
    Trouble(
        "migration-crashes", migration_crashes,
        Found("crash_loop", cause=("rollout", "template"), shown={"exit_code": 1}, container="migrate"),
        before=[app()],
    ),
    Trouble(
        "stateful-crashes", of_kind("StatefulSet", "crashloop"),
        Found("crash_loop", ("StatefulSet", NAME), shown={"exit_code": 1}, container=NAME),
    ),
    Trouble(
        "agent-out-of-memory", of_kind("DaemonSet", "oom"),
        Found("oom", ("DaemonSet", NAME), shown={"reason": "OOMKilled", "exit_code": 137}, container=NAME),
    ),
    Trouble("evicted", evicted, Found("evicted"), before=[app(**ON_ONE)]),
)  # fmt: skip
