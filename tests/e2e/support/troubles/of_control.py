"""What goes wrong by what is governed: limits that we lowered, quotas, LimitRanges, admission."""

from __future__ import annotations

from e2e.support.acting import target
from e2e.support.troubles.trouble import AS_DEPLOYED, NAME, Found, Json, Scene, Shown, Trouble, app, container

LOWERED_MIB = 384
BY_LIMIT = "limit_mem_mib lowered"
OUT_OF_MEMORY: Shown = {"reason": "OOMKilled", "exit_code": 137}
BIG = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "1Gi"}}


def bound(kind: str, spec: Json) -> Json:
    """Return what bounds a namespace."""
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "team"}, "spec": spec}


def out_of_memory(scene: Scene) -> None:
    """Let pods run out of the memory that they have from now on."""
    scene.roll_out("oom")
    assert scene.place.resources(NAME)["limits"]["memory"] == f"{LOWERED_MIB}Mi"


async def edited(scene: Scene) -> None:
    """Lower a limit by hand: the first edit of the service."""
    path = f"/services/{scene.place.name}/{NAME}"
    version = (await scene.api.get(path))["version"]
    values = {"name": NAME, "limit_mem_mib": LOWERED_MIB}
    await scene.api.change("PATCH", path, {"containers": [values]}, version)
    out_of_memory(scene)


async def collected(scene: Scene) -> None:
    """Let the collector derive a lower limit."""
    await scene.place.register(NAME, replicas=2, app=(*AS_DEPLOYED[:3], LOWERED_MIB))
    out_of_memory(scene)


async def more_than_the_quota(scene: Scene) -> None:
    """Scale to more pods than the namespace may have."""
    asked = target(scene.place, NAME, replicas=4)
    await scene.api.change(
        "POST", "/operations", {"kind": "scale", "targets": [asked], "wait_rollout": False}
    )


async def over_the_limit_range(scene: Scene) -> None:
    """Roll out a limit that the namespace does not allow."""
    scene.roll_out(containers=container(resources=BIG))


async def stranger_refused(scene: Scene) -> None:
    """Enforce admission over what nobody has registered, and change it."""
    await scene.api.switch("enforce", scene.place.name)
    refused = scene.place.try_("set", "image", f"deployment/{NAME}", f"{NAME}=registry.example/app:2")
    assert "is not registered in KubeDoor" in refused.stderr


BY_CONTROL = (
    Trouble(
        "limit-edited", edited,
        Found("oom", cause=("edit", BY_LIMIT), shown=OUT_OF_MEMORY, container=NAME),
        before=[app()], governed=True,
    ),
    Trouble(
        "limit-derived", collected,
        Found("oom", cause=("derived", BY_LIMIT), shown=OUT_OF_MEMORY, container=NAME),
        before=[app()], governed=True,
    ),
    Trouble(
        "quota", more_than_the_quota,
        Found(
            "quota", ("ResourceQuota", "team"), cause=("operation", "replicas raised"),
            shown={"resource": "pods", "hard": 2},
        ),
        before=[bound("ResourceQuota", {"hard": {"pods": "2"}}), app()], governed=True,
    ),
    Trouble(
        "limit-range", over_the_limit_range,
        Found("pods_refused", cause=("rollout", "limit_mem_mib raised")),
        before=[bound("LimitRange", {"limits": [{"type": "Container", "max": {"memory": "512Mi"}}]}), app()],
    ),
    Trouble(
        "refused", stranger_refused,
        Found("admission_refused", cause=("setting", "mode"), shown={"user": "administrator"}),
        before=[app()],
    ),
)  # fmt: skip
