"""Actions on pods as answers and as events of a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from kubedoor_api.pods.action import FILES, GOING_ON
from kubedoor_api.pods.models import ActedService, ActionParameters, PodActionView, StepView
from kubedoor_api.pods.repository import load
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.following import follow_versions

if TYPE_CHECKING:
    from kubedoor_api.pods.action import PodAction
    from kubedoor_api.web.endpoint import Context


def view_of(action: PodAction) -> PodActionView:
    """Return an action."""
    return PodActionView(
        id=action.id,
        kind=action.kind,
        namespace=action.namespace,
        pod=action.pod,
        uid=action.uid,
        container=action.container,
        parameters=ActionParameters.model_validate(action.parameters),
        state=action.state,
        reason=action.reason,
        detail=action.detail,
        blocked_by=action.result.get("blocked_by", []),
        jvm=action.result.get("jvm"),
        jvms=action.result.get("jvms", []),
        way=action.result.get("way", ""),
        ways=action.result.get("ways", []),
        deadlocks=action.result.get("deadlocks", []),
        bytes=action.bytes,
        sha256=action.sha256,
        terminal=action.result.get("terminal"),
        isolated_by=action.before.get("isolated_by", ""),
        through_fifo=bool(action.result.get("file", {}).get("fifo")),
        top_events=action.result.get("top_events", []),
        places=action.result.get("places", []),
        has_file=action.file_waits if action.kind in FILES else action.bytes is not None,
        service=ActedService.model_validate(service) if (service := action.before.get("service")) else None,
        labels=action.before.get("labels", {}),
        kept="kept" in action.result,
        steps=[StepView(name=step.name, at=step.at, after_ms=step.after_ms) for step in action.steps],
        can_undo=action.isolates,
        expires_at=action.expires_at,
        undone_by=action.undone_by,
        requested_at=action.requested_at,
        requested_by=action.requested_by,
        finished_at=action.finished_at,
    )


def progress(context: Context, action: PodAction) -> AsyncIterator[str]:
    """Tell an action as it stands, then each change, until it has ended."""
    look = partial(load, context, action.env, action.id)
    key = ("pod_action", action.env, action.id)
    return follow_versions(context[Polls], key, action, look, view_of, lambda one: one.state in GOING_ON)
