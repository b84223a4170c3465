"""What a step works with, what it finds, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from kubedoor_api.kube import workloads
from kubedoor_api.operations.manifests import replicas_of, template_of
from kubedoor_core.errors import KubeDoorError

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.operations.expert import Edits
    from kubedoor_api.operations.job import Job, Step
    from kubedoor_api.operations.models import Reason
    from kubedoor_api.operations.rollout import Expected
    from kubedoor_api.operations.wanted import BoundsBefore, CountBefore, TemplateBefore

    Before = CountBefore | BoundsBefore | TemplateBefore

Json = dict[str, Any]


class RefusedError(KubeDoorError):
    """A service can't be acted on; the message says why and what would help, the reason in one word."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Scene:
    """One step of one operation.

    :ivar edits: makes the operation's edits of the control table.
    :ivar again: whether it was begun before, by an API that died or is no longer the leader.
    """

    context: Context
    job: Job
    step: Step
    edits: Edits
    again: bool = False

    async def live(self) -> Json:
        """Return the Deployment.

        :raises AskingError: 404 where there is none.
        :raises RefusedError: it is being deleted.
        """
        step = self.step
        found = await workloads.read(self.context.clusters, self.job.env, step.namespace, step.deployment)
        if found["metadata"].get("deletionTimestamp"):
            raise RefusedError(f"{step.name} is being deleted", "being_deleted")
        return found

    async def patch(self, body: Json) -> Json:
        """Lay a patch over the Deployment."""
        step = self.step
        return await workloads.patch(
            self.context.clusters, self.job.env, step.namespace, step.deployment, body
        )

    async def scale(self, replicas: int) -> int:
        """Ask for a count and return the admitted one."""
        step = self.step
        return await workloads.scale(
            self.context.clusters, self.job.env, step.namespace, step.deployment, replicas
        )


@dataclass(frozen=True)
class Seen:
    """What a step found before it changed anything."""

    live: Json
    before: Before | None
    autoscaler: Json | None = None

    @property
    def replicas(self) -> int:
        """The count that the Deployment asks for."""
        return replicas_of(self.live)

    @property
    def template(self) -> Json:
        """The pod template."""
        return template_of(self.live)


@dataclass(frozen=True)
class Done:
    """What came of a step.

    :ivar replicas: the count that the Deployment asks for since.
    :ivar expected: what its rollout is to come to; None where there is none to watch.
    """

    replicas: int | None
    expected: Expected | None = None
    detail: str = ""


class Act(Protocol):
    """One way to act on a service. `look` changes nothing; `do` may be done again after a death."""

    async def look(self, scene: Scene) -> Seen:
        """Find out what stands, and refuse what can't be done.

        :raises RefusedError, AskingError: saying why.
        """

    async def do(self, scene: Scene, seen: Seen) -> Done:
        """Do it.

        :raises RefusedError, AskingError: saying why it was not done.
        """
