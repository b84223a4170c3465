"""The edits of the control table that operations make: versioned and audited like a person's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from kubedoor_api.audit.entry import Entry
from kubedoor_api.operations import queries
from kubedoor_api.operations.scene import RefusedError
from kubedoor_api.services import queries as services
from kubedoor_api.services.edit import apply_edit, empty_row
from kubedoor_api.services.merge import merge

if TYPE_CHECKING:
    from kubedoor_api.operations.scene import Scene
    from kubedoor_api.services.models import ServiceEdit
    from kubedoor_core.clickhouse import Row

ACTION = "changeService"
STAMPS = ("version", "updated_at", "updated_by")


async def rows_of(scene: Scene) -> tuple[Row | None, Row | None]:
    """Return the expert's and the derived row of a service, both None where it is not registered."""
    clickhouse, step = scene.context.clickhouse, scene.step
    where = {"env": scene.job.env, "namespace": step.namespace, "deployment": step.deployment}
    control, derived = await asyncio.gather(
        services.control_row(clickhouse, **where), services.derived_row(clickhouse, **where)
    )
    if control is not None and control["deleted"]:
        return None, None
    return control, derived


async def registered(scene: Scene) -> Row:
    """Return what holds for a service: the expert's values over the derived ones.

    :raises RefusedError: it is not registered.
    """
    found = merge(*await rows_of(scene), None)
    if found is None:
        name, env = scene.step.name, scene.job.env
        raise RefusedError(f"{name} is not registered in {env}: register it in the console, under Services")
    return found


async def edit(scene: Scene, change: Callable[[Row], ServiceEdit | None]) -> None:
    """Change the expert's row in the name of who asked for the operation.

    An operation changes a service's row once, however often its step is begun.

    :param change: tells the edit of the row that stands; None: leave it.
    :raises RefusedError: the service is not registered any more.
    """
    job, step = scene.job, scene.step
    entries: list[Entry] = []

    async def prepare() -> list[Row]:
        entries.clear()
        await registered(scene)
        if scene.again and await queries.edited(
            scene.context.clickhouse, job.env, step.namespace, step.deployment, job.id
        ):
            return []
        control, _ = await rows_of(scene)
        standing = control or empty_row(job.env, step.namespace, step.deployment)
        wanted = change(standing)
        if wanted is None or _plain(apply_edit(standing, wanted)) == _plain(standing):
            return []
        row = {**apply_edit(standing, wanted), "operation_id": job.id}
        entries.append(_entry(scene, control, row))
        return [row]

    await scene.context.writer.commit("control", job.requested_by, prepare)
    for entry in entries:
        await scene.context.recorder.record(entry)


def _plain(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in STAMPS}


def _entry(scene: Scene, before: Row | None, after: Row) -> Entry:
    job, step = scene.job, scene.step
    return Entry(
        actor=job.requested_by,
        role="",
        remote="",
        request_id=job.id,
        action=ACTION,
        outcome="succeeded",
        env=job.env,
        namespace=step.namespace,
        deployment=step.deployment,
        before=json.dumps(before, ensure_ascii=False, default=str) if before else "",
        after=json.dumps(after, ensure_ascii=False, default=str),
    )
