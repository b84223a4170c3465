"""What drains and moves have in common while an instance does them: kept, cancelled, bounded in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.nodes.actions.action import NodeAction, StepName
from kubedoor_api.nodes.actions.repository import NODE_ACTIONS

if TYPE_CHECKING:
    from kubedoor_api.nodes.actions.action import ActedPod
    from kubedoor_api.web.endpoint import Context


class ActionCancelledError(Exception):
    """Somebody has cancelled the action."""


class Work:
    """One action under way in this instance.

    :ivar action: as it stands; what was saved of it may be older.
    """

    def __init__(self, context: Context, action: NodeAction) -> None:
        self.context = context
        self.action = action
        self._saved = action

    @property
    def env(self) -> str:
        """The env that it is in."""
        return self.action.env

    async def step(self, name: StepName) -> None:
        """Note a step, and return when it stands in ClickHouse."""
        self.action = self.action.with_step(name, datetime.now(UTC))
        await self.keep()

    def put(self, *pods: ActedPod) -> None:
        """Change pods; others can read it once it is kept."""
        for pod in pods:
            self.action = self.action.with_pod(pod)

    async def keep(self) -> None:
        """Save what has changed, and hear whether somebody has cancelled it meanwhile.

        :raises DeposedError: another instance has taken it over.
        """
        keep = NODE_ACTIONS.heard if self.action == self._saved else NODE_ACTIONS.save
        self.action = self._saved = await keep(self.context, self.action)

    def check_cancelled(self) -> None:
        """Stop where it was cancelled.

        :raises ActionCancelledError: it was.
        """
        if self.action.cancelled_by:
            raise ActionCancelledError

    def over(self, timeout_s: float) -> bool:
        """Tell whether it has taken longer than it may, also before a death."""
        began = self.action.started_at or datetime.now(UTC)
        return datetime.now(UTC) >= began + timedelta(seconds=timeout_s)
