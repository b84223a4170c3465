"""What actions on pods are asked for and answered with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.pods.action import ActionKind, ActionReason, ActionState, StepName
from kubedoor_api.web.fields import EnvPath, LooseName, Model, NamespaceName, Page, Search, Time, WorkloadName

Way = Literal["evict", "delete"]
Warn = Literal["no_replacement", "last_ready", "budget_ignored", "budget_allows_none", "runs_on_unseen"]
MAX_GRACE_S = 86_400


class ActionPath(EnvPath):
    """An action."""

    id: Annotated[str, Field(pattern=r"^[0-9a-z-]{1,64}$")]
    """Identity of the action"""


class DeleteParameters(Model):
    """How a pod is deleted."""

    way: Way = "evict"
    """`evict`: only where no PodDisruptionBudget stands against it; `delete`: in any case"""
    grace_period_s: Annotated[int, Field(ge=1, le=MAX_GRACE_S)] | None = None
    """Seconds that the pod has to end; null: as the pod says"""
    force: bool = False
    """Take it out without asking its node: only where there is no such node any more"""


class AskedPodAction(Model):
    """An action on one pod."""

    kind: ActionKind
    """What to do"""
    namespace: NamespaceName
    """Namespace of the pod"""
    pod: WorkloadName
    """Name of the pod"""
    uid: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """The pod's uid, as it was seen: another pod of its name is refused. Null for a preview: whichever"""
    parameters: DeleteParameters = DeleteParameters()
    """How"""


class NewPodAction(AskedPodAction):
    """An action on one pod that is to be done."""

    uid: Annotated[str, Field(min_length=1, max_length=100)]
    """The pod's uid, as the preview said: another pod of the same name is refused"""
    confirm: Annotated[str, Field(max_length=253)] = ""
    """The pod's name, where the preview wants it typed"""


class BudgetView(Model):
    """A PodDisruptionBudget that holds the pod."""

    name: str
    """Its name"""
    allowed: int
    """So many pods may go now, as Kubernetes reckons"""


class PodActionPreview(Model):
    """What an action would do. Nothing is changed."""

    kind: ActionKind
    """What would be done"""
    namespace: LooseName
    """Namespace of the pod"""
    pod: LooseName
    """Name of the pod"""
    uid: str
    """The pod's uid, which the action is bound to"""
    ready_before: int
    """Pods of the same controller that take requests now"""
    ready_after: int
    """Those that do once it is gone, before a new one is there"""
    replaced_by: str
    """What makes a new one, such as `ReplicaSet cart-5d9f7c6b8d`; empty if nothing does"""
    budgets: list[BudgetView]
    """PodDisruptionBudgets that hold it"""
    confirm: Literal["name", ""]
    """`name`: the namespace is a production one, and the pod's name must be typed"""
    warnings: list[Warn]
    """What should be known before. `no_replacement`: nothing makes a new one; `last_ready`: no other pod
    takes requests; `budget_allows_none`: the eviction would be refused now; `budget_ignored`: a budget
    allows none, and deleting does not ask it; `runs_on_unseen`: its node may still run it, if it is only
    cut off"""


class StepView(Model):
    """A step that was done."""

    name: StepName
    """Which"""
    at: Time
    """When, UTC"""
    after_ms: int
    """So long after the action began"""


class PodActionView(Model):
    """An action, and how it stands."""

    id: str
    """Identity of the action"""
    kind: ActionKind
    """What is done"""
    namespace: LooseName
    """Namespace of the pod"""
    pod: LooseName
    """Name of the pod"""
    uid: str
    """The pod's uid"""
    parameters: DeleteParameters
    """How"""
    state: ActionState
    """How it stands"""
    reason: ActionReason
    """Why it failed, or what was found otherwise than thought; empty for neither"""
    detail: str
    """The same in words, as far as the cluster said some"""
    blocked_by: list[str]
    """PodDisruptionBudgets that allow none to go, where that is why it failed"""
    steps: list[StepView]
    """What was done, in order"""
    requested_at: Time
    """When it was asked for, UTC"""
    requested_by: str
    """By whom"""
    finished_at: Time | None
    """When it ended, UTC"""


class PodActionList(Model):
    """Actions on pods."""

    items: list[PodActionView]
    """The latest first"""
    total: int
    """How many there are in all parts"""


class PodActionQuery(Page):
    """Which actions."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""
    namespace: Search = ""
    """Only in this namespace"""
    pod: Search = ""
    """Only on this pod"""
    kind: ActionKind | None = None
    """Only of this kind"""
    state: ActionState | None = None
    """Only in this state"""
