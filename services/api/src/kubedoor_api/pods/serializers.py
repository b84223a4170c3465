"""Actions on pods as answers and as events of a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from kubedoor_api.pods.action import OPEN
from kubedoor_api.pods.models import ActionParameters, PodActionView, StepView
from kubedoor_api.pods.repository import load
from kubedoor_api.web.concurrency import Polls
from kubedoor_core.errors import UnavailableError

if TYPE_CHECKING:
    from kubedoor_api.pods.action import PodAction
    from kubedoor_api.web.endpoint import Context

POLL_S = 0.5
BEAT_S = 15.0
BEAT = ": still here\n\n"


def view_of(action: PodAction) -> PodActionView:
    """Return an action."""
    return PodActionView(
        id=action.id,
        kind=action.kind,
        namespace=action.namespace,
        pod=action.pod,
        uid=action.uid,
        parameters=ActionParameters.model_validate(action.parameters),
        state=action.state,
        reason=action.reason,
        detail=action.detail,
        blocked_by=action.result.get("blocked_by", []),
        steps=[StepView(name=step.name, at=step.at, after_ms=step.after_ms) for step in action.steps],
        can_undo=action.isolates,
        expires_at=action.expires_at,
        undone_by=action.undone_by,
        requested_at=action.requested_at,
        requested_by=action.requested_by,
        finished_at=action.finished_at,
    )


def _message(event: str, action: PodAction) -> str:
    return f"event: {event}\nid: {action.version}\ndata: {view_of(action).model_dump_json()}\n\n"


async def progress(context: Context, action: PodAction) -> AsyncIterator[str]:
    """Tell an action as it stands, then each change, until it has ended."""
    sent, quiet_s = -1, 0.0
    while True:
        if action.version != sent:
            yield _message("progress" if action.state in OPEN else "end", action)
            sent, quiet_s = action.version, 0.0
        if action.state not in OPEN:
            return
        quiet_s += POLL_S
        if quiet_s >= BEAT_S:
            yield BEAT
            quiet_s = 0.0
        try:
            key = ("pod_action", action.env, action.id)
            look = partial(load, context, action.env, action.id)
            action = await context[Polls].next(key, POLL_S, look)
        except UnavailableError:
            yield BEAT  # the stream is older than the trouble, and may outlive it
