"""Actions on pods as answers and as events of a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from kubedoor_api.pods.action import FILES, GOING_ON, OWN, Json, PodAction
from kubedoor_api.pods.models import PodActionView
from kubedoor_api.pods.repository import POD_ACTIONS
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.stream import follow_versions

OF_RESULT: Json = {
    "blocked_by": [], "jvm": None, "jvms": [], "way": "", "ways": [], "deadlocks": [], "terminal": None,
    "top_events": [], "places": [],
}  # fmt: skip
"""What is answered of what came of an action, and what where that says nothing of it."""


def view_of(action: PodAction) -> PodActionView:
    """Return an action."""
    own = {name: getattr(action, name) for name in OWN if name in PodActionView.model_fields}
    told = {name: action.result.get(name, untold) for name, untold in OF_RESULT.items()}
    return PodActionView.model_validate(
        {
            **own,
            **told,
            "isolated_by": action.before.get("isolated_by", ""),
            "through_fifo": bool(action.result.get("file", {}).get("fifo")),
            "has_file": action.file_waits if action.kind in FILES else action.bytes is not None,
            "service": action.before.get("service") or None,
            "labels": action.before.get("labels", {}),
            "kept": "kept" in action.result,
            "can_undo": action.isolates,
        }
    )


def progress(context: Context, action: PodAction) -> AsyncIterator[str]:
    """Tell an action as it stands, then each change, until it has ended."""
    look = partial(POD_ACTIONS.load, context, action.env, action.id)
    key = ("pod_action", action.env, action.id)
    return follow_versions(context[Polls], key, action, look, view_of, lambda one: one.state in GOING_ON)
