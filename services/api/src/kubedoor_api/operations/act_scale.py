"""Scaling a service: the control table first, then the cluster, so that admission agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.kube import workloads
from kubedoor_api.operations import expert
from kubedoor_api.operations.manifests import autoscaler_of, owner_of
from kubedoor_api.operations.rollout import Expected
from kubedoor_api.operations.scene import Done, RefusedError, Scene, Seen
from kubedoor_api.operations.wanted import Bounds, BoundsBefore, CountBefore, ToBounds, ToCount
from kubedoor_api.services.models import ServiceEdit

if TYPE_CHECKING:
    from kubedoor_api.operations.scene import Json
    from kubedoor_core.clickhouse import Row

BOUNDS_HELP = "its autoscaler owns the count; give autoscaler_bounds to move its bounds"


async def autoscaler(scene: Scene) -> Json | None:
    """Return the autoscaler that targets a service, or None.

    :raises RefusedError: several do.
    """
    step = scene.step
    found = await workloads.autoscalers(scene.context.clusters, scene.job.env, step.namespace)
    own = autoscaler_of(found, step.deployment)
    if len(own) > 1:
        names = ", ".join(str(one["metadata"]["name"]) for one in own)
        raise RefusedError(
            f"several autoscalers target {step.name}: {names}; leave it one", "several_autoscalers"
        )
    return own[0] if own else None


def refuse_autoscaled(name: str, policy: str, found: Json | None) -> None:
    """Refuse to give a count to a service whose count an autoscaler owns.

    :raises RefusedError: saying which.
    """
    if found is not None:
        which = str(found["metadata"]["name"])
        raise RefusedError(
            f"{name} is autoscaled by the HorizontalPodAutoscaler {which}: {BOUNDS_HELP}", "autoscaled"
        )
    if policy == "autoscaled":
        raise RefusedError(f"{name} is set to autoscaled in the control table: {BOUNDS_HELP}", "autoscaled")


def count_for(wanted: ToCount, row: Row, name: str) -> int:
    """Return the count that is meant.

    :raises RefusedError: the control table's is meant, and it has none.
    """
    if wanted.replicas is not None:
        return wanted.replicas
    if row["replicas"] is None:
        raise RefusedError(f"the control table has no count for {name}: give one", "no_count")
    return int(row["replicas"])


class Scale:
    """To a count."""

    def __init__(self, wanted: ToCount) -> None:
        self._wanted = wanted

    async def look(self, scene: Scene) -> Seen:
        """Find the count, and refuse what is autoscaled or not registered."""
        live = await scene.live()
        row = await expert.registered(scene)
        refuse_autoscaled(scene.step.name, row["replicas_policy"], await autoscaler(scene))
        count_for(self._wanted, row, scene.step.name)
        seen = Seen(live, None)
        before = CountBefore(live=seen.replicas, manual=row["replicas_manual"], made=self._wanted.replicas)
        return Seen(live, before)

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Make it the manual count, then ask for it."""
        if self._wanted.replicas is not None:
            edit = ServiceEdit.model_validate({"replicas_manual": self._wanted.replicas})
            await scene.edits.make(scene, lambda _: edit)
            replicas = self._wanted.replicas
        else:
            replicas = count_for(self._wanted, await expert.registered(scene), scene.step.name)
        if seen.replicas == replicas:
            expected = Expected(replicas=replicas) if scene.again else None
            return Done(replicas, expected, "" if scene.again else f"it asked for {replicas} already")
        admitted = await scene.scale(replicas)
        if admitted != replicas:
            raise RefusedError(
                f"{replicas} pods were asked for and the cluster made it {admitted}: something besides"
                " the control table changes the count at admission",
                "changed_at_admission",
            )
        return Done(replicas, Expected(replicas=replicas, fewer=replicas < seen.replicas))


class Move:
    """The bounds of the autoscaler."""

    def __init__(self, wanted: ToBounds) -> None:
        self._wanted = wanted.bounds

    async def look(self, scene: Scene) -> Seen:
        """Find the autoscaler, and refuse one that something else would set right again."""
        live, found = await scene.live(), await autoscaler(scene)
        if found is None:
            raise RefusedError(
                f"no HorizontalPodAutoscaler targets {scene.step.name}: give a count instead", "no_autoscaler"
            )
        name = str(found["metadata"]["name"])
        if owner := owner_of(found):
            raise RefusedError(
                f"the HorizontalPodAutoscaler {name} is made by {owner}: change it there", "owned_autoscaler"
            )
        before = BoundsBefore(autoscaler=name, bounds=bounds_of(found), made=self._wanted)
        return Seen(live, before, found)

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Move them."""
        if seen.autoscaler is None:
            raise RefusedError(
                f"no HorizontalPodAutoscaler targets {scene.step.name} any more", "no_autoscaler"
            )
        return await move(scene, seen, str(seen.autoscaler["metadata"]["name"]), self._wanted)


def bounds_of(found: Json) -> Bounds:
    """Return an autoscaler's bounds; a missing lower one means 1."""
    spec = found["spec"]
    least = spec.get("minReplicas")
    return Bounds(min_replicas=1 if least is None else int(least), max_replicas=int(spec["maxReplicas"]))


async def move(scene: Scene, seen: Seen, name: str, bounds: Bounds) -> Done:
    """Give an autoscaler its bounds."""
    least, most, step = bounds.min_replicas, bounds.max_replicas, scene.step
    await workloads.move_bounds(scene.context.clusters, scene.job.env, step.namespace, name, least, most)
    return Done(seen.replicas, None, f"{name} moves between {least} and {most} pods")
