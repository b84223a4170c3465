"""Bringing back what stood before an operation, unless somebody has changed it since.

After a scale: the former manual count in the control table, then the former count in the cluster. After
other bounds: the former bounds. After a restart: the former pod template, in which admission may have
rewritten requests and limits; those become the expert's values first, so that admission agrees, and
Kubernetes then takes up the pods of the old ReplicaSet that are still there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.operations import expert
from kubedoor_api.operations.act_scale import autoscaler, bounds_of, move
from kubedoor_api.operations.manifests import (
    COLUMNS,
    back_patch,
    changed,
    control_value,
    differences,
    replicas_of,
    restarted_by,
    template_before,
)
from kubedoor_api.operations.rollout import Expected
from kubedoor_api.operations.scene import Done, RefusedError, Scene, Seen
from kubedoor_api.operations.wanted import BoundsBefore, BringBack, CountBefore, TemplateBefore
from kubedoor_api.services.models import ContainerEdit, ServiceEdit

if TYPE_CHECKING:
    from kubedoor_api.operations.scene import Json
    from kubedoor_core.clickhouse import Row


class CountBack:
    """The former count."""

    def __init__(self, before: CountBefore) -> None:
        self._before = before

    async def look(self, scene: Scene) -> Seen:
        """Refuse where the manual count is no longer the one that the operation made."""
        live, row = await scene.live(), await expert.registered(scene)
        standing, made = row["replicas_manual"], self._before.made
        if made is not None and standing not in {made, self._before.manual}:
            raise RefusedError(
                f"left as it is: {row['updated_by']} has made it {standing} pods since", "left_as_it_is"
            )
        seen = Seen(live, None)
        before = CountBefore(live=seen.replicas, manual=standing, made=self._before.manual)
        return Seen(live, before)

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Give the control table its former count back, then ask for the former one."""
        before = self._before

        def change(row: Row) -> ServiceEdit | None:
            standing = row["replicas_manual"] == before.made
            return ServiceEdit.model_validate({"replicas_manual": before.manual}) if standing else None

        if before.made is not None:
            await scene.edits.make(scene, change)
        replicas = before.live
        if seen.replicas != replicas:
            # Where the control table has a count, it wins over the one that happened to be there.
            replicas = await scene.scale(replicas)
        told = "" if replicas == before.live else f"admission makes it {replicas} pods, not {before.live}"
        return Done(replicas, Expected(replicas=replicas, fewer=replicas <= seen.replicas), told)


class BoundsBack:
    """The former bounds of an autoscaler."""

    def __init__(self, before: BoundsBefore) -> None:
        self._before = before

    async def look(self, scene: Scene) -> Seen:
        """Refuse where they are no longer the ones that the operation made."""
        live, found = await scene.live(), await autoscaler(scene)
        if found is None or str(found["metadata"]["name"]) != self._before.autoscaler:
            raise RefusedError(
                f"left as it is: the autoscaler {self._before.autoscaler} is gone", "left_as_it_is"
            )
        standing = bounds_of(found)
        if standing not in {self._before.made, self._before.bounds}:
            least, most = standing.min_replicas, standing.max_replicas
            raise RefusedError(
                f"left as it is: somebody has made the bounds {least} to {most} since", "left_as_it_is"
            )
        before = BoundsBefore(autoscaler=self._before.autoscaler, bounds=standing, made=self._before.bounds)
        return Seen(live, before, found)

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Move them back."""
        return await move(scene, seen, self._before.autoscaler, self._before.bounds)


class TemplateBack:
    """The former pod template.

    :param operation: whose restart it was.
    """

    def __init__(self, before: TemplateBefore, operation: str) -> None:
        self._before = before
        self._operation = operation

    async def look(self, scene: Scene) -> Seen:
        """Refuse where something else was rolled out since."""
        live = await scene.live()
        seen = Seen(live, template_before(live))
        if self._standing(seen) not in {self._operation, self._before.restarted_by}:
            raise RefusedError(
                "left as it is: something else has changed the pod template since", "left_as_it_is"
            )
        return seen

    def _standing(self, seen: Seen) -> str | None:
        return restarted_by(seen.template.get("metadata") or {})

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Make the former requests and limits the expert's, then bring the template back."""
        expected = Expected(restarted_by=self._before.restarted_by or "")
        if self._standing(seen) != self._operation:
            return Done(seen.replicas, expected)
        now = template_before(seen.live)
        edits = _edits(self._before, now)
        control, derived = await expert.rows_of(scene)
        if edits and (control or derived):
            edit = ServiceEdit.model_validate({"containers": edits})
            await scene.edits.make(scene, lambda _: edit)
        admitted = await scene.patch(back_patch(self._before, now))
        return Done(replicas_of(admitted), expected, _kept(self._before, admitted))


def _edits(before: TemplateBefore, now: TemplateBefore) -> list[ContainerEdit]:
    found = []
    for old, new in differences(before, now):
        values = {name: getattr(old, name) for name in changed(old, new)}
        numbers = {
            COLUMNS[name]: control_value(name, text) for name, text in values.items() if text is not None
        }
        if numbers:
            found.append(ContainerEdit.model_validate({"name": old.name, **numbers}))
    return found


def _kept(before: TemplateBefore, admitted: Json) -> str:
    """Say what could not be brought back: a value that was not there at all, and that admission sets."""
    left = [
        f"{name.replace('_', ' ')} of {old.name} stays {getattr(new, name)}"
        for old, new in differences(before, template_before(admitted))
        for name in changed(old, new)
    ]
    return "; ".join(left)


def way_back(wanted: BringBack) -> CountBack | BoundsBack | TemplateBack:
    """Return what brings a step's values before back."""
    before = wanted.before
    if isinstance(before, CountBefore):
        return CountBack(before)
    if isinstance(before, BoundsBefore):
        return BoundsBack(before)
    return TemplateBack(before, wanted.operation)
