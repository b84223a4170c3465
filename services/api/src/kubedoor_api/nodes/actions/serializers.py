"""Actions on nodes as answers and as events of a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from kubedoor_api.nodes.actions.action import OPEN, NodeAction
from kubedoor_api.nodes.actions.models import ActedPodView, NodeActionView, NodeStepView
from kubedoor_api.nodes.actions.repository import load
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.following import follow_versions

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context

OWN = [name for name in ActedPodView.model_fields if name != "pod"]


def view_of(action: NodeAction) -> NodeActionView:
    """Return an action."""
    return NodeActionView(
        id=action.id,
        kind=action.kind,
        node=action.node,
        why=action.parameters["reason"],
        timeout_s=action.parameters["timeout_s"],
        state=action.state,
        reason=action.reason,
        detail=action.detail,
        steps=[NodeStepView(name=step.name, at=step.at) for step in action.steps],
        pods=[
            ActedPodView.model_validate({"pod": one.name, **{name: getattr(one, name) for name in OWN}})
            for one in action.pods
        ],
        requested_at=action.requested_at,
        requested_by=action.requested_by,
        cancelled_by=action.cancelled_by,
        started_at=action.started_at,
        finished_at=action.finished_at,
    )


def progress(context: Context, action: NodeAction) -> AsyncIterator[str]:
    """Tell an action as it stands, then each change, until it has ended."""
    look = partial(load, context, action.env, action.id)
    key = ("node_action", action.env, action.id)
    return follow_versions(context[Polls], key, action, look, view_of, lambda one: one.state in OPEN)
