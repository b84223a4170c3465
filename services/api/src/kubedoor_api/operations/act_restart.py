"""Restarting a service: admission gives the new pods what the control table says."""

from __future__ import annotations

from kubedoor_api.operations.manifests import (
    replicas_of,
    restart_patch,
    restarted_by,
    template_before,
    template_of,
)
from kubedoor_api.operations.rollout import Expected
from kubedoor_api.operations.scene import Done, RefusedError, Scene, Seen


class Replace:
    """All pods, as the Deployment's strategy says."""

    async def look(self, scene: Scene) -> Seen:
        """Refuse a paused Deployment: nothing would roll out."""
        live = await scene.live()
        if live["spec"].get("paused"):
            name = scene.step.name
            raise RefusedError(
                f"{name} is paused (kubectl rollout pause): resume it, then restart it", "paused"
            )
        return Seen(live, template_before(live))

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Write the operation's id into the pod template, unless it is there."""
        job = scene.job
        expected = Expected(restarted_by=job.id)
        if restarted_by(seen.template.get("metadata") or {}) == job.id:
            return Done(seen.replicas, expected)
        admitted = await scene.patch(restart_patch(job.id, job.started_at or job.requested_at))
        if restarted_by(template_of(admitted).get("metadata") or {}) != job.id:
            raise RefusedError(
                "the cluster took the restart out again: something changes it at admission",
                "changed_at_admission",
            )
        replicas = replicas_of(admitted)
        return Done(replicas, expected, "" if replicas else "it has no pods to restart")
