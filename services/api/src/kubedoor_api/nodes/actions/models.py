"""What drains and moves are asked for and answered with."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kubedoor_api.nodes.actions.action import (
    ActionKind,
    ActionReason,
    ActionState,
    Asks,
    PodReason,
    PodState,
    StaysWhy,
    StepName,
)
from kubedoor_api.nodes.plan import AskedMove
from kubedoor_api.web.fields import (
    EnvPath,
    Model,
    Note,
    Page,
    Search,
    Time,
    fault,
)
from kubedoor_core.domain.placement.board import Block
from kubedoor_core.domain.placement.plan import MOST_MOVES
from kubedoor_core.problem_codes import FieldCode

MAX_TIMEOUT_S = 86_400


class NodeActionPath(EnvPath):
    """An action on nodes."""

    id: Annotated[str, Field(pattern=r"^[0-9a-z-]{1,64}$")]
    """Identity of the action"""


class DrainParameters(Model):
    """How a node is drained."""

    reason: Annotated[Note, Field(min_length=1, max_length=300)]
    """Why, for others; it stands in an annotation of the node"""
    local_data: bool = False
    """That pods go whose `emptyDir` is lost with them"""
    without_owner: bool = False
    """That pods go which nothing makes again"""
    grace_period_s: Annotated[int, Field(ge=1, le=MAX_TIMEOUT_S)] | None = None
    """Seconds that each pod has to end; null: as the pod says"""
    timeout_s: Annotated[int, Field(ge=10, le=MAX_TIMEOUT_S)] = 3600
    """Seconds after which the drain has failed; what is still there then is told"""

    @property
    def agreed(self) -> set[Asks]:
        """What it was agreed to lose."""
        given: dict[Asks, bool] = {"no_owner": self.without_owner, "local_data": self.local_data}
        return {name for name, holds in given.items() if holds}


class DrainRequest(DrainParameters):
    """Drain a node, with its name typed."""

    confirm: Annotated[str, Field(max_length=253)]
    """The node's name, typed"""
    control_plane: bool = False
    """That a node is meant which runs the cluster itself"""


class MovesParameters(Model):
    """How a plan of moves is carried out."""

    reason: Annotated[Note, Field(min_length=1, max_length=300)]
    """Why, for others"""
    pause_s: Annotated[int, Field(ge=0, le=3600)] = 30
    """Seconds between the end of a move and the next one"""
    timeout_s: Annotated[int, Field(ge=10, le=MAX_TIMEOUT_S)] = 600
    """Seconds within which another pod must be ready after each eviction; otherwise it ends there"""


class MovesRequest(MovesParameters):
    """Carry out moves, with the name of the env typed."""

    confirm: Annotated[str, Field(max_length=253)]
    """The env's name, typed"""
    moves: Annotated[tuple[AskedMove, ...], Field(min_length=1, max_length=MOST_MOVES)]
    """The moves, in this order"""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen = set[str]()
        for index, one in enumerate(self.moves):
            if one.uid in seen:
                name = f"{one.namespace}/{one.pod}"
                raise fault(FieldCode.TWICE, f"{name} is duplicated", f"moves.{index}", name=name)
            seen.add(one.uid)
        return self


class DrainPreviewRequest(Model):
    """Say what a drain would do."""


class DrainedPod(Model):
    """A pod on a node, and what a drain would do with it."""

    namespace: str
    """Kubernetes namespace"""
    pod: str
    """Name of the pod"""
    service: str
    """What made it; empty: nothing"""
    stays: StaysWhy | None
    """Why it stays: `daemon`, a DaemonSet would put it back; `static`, it is a file of the node; null: it
    goes"""
    asks: list[Asks]
    """What has to be agreed to: `no_owner`, nothing makes it again; `local_data`, its `emptyDir` is lost"""
    scratch_only: bool
    """Whether it is KubeDoor's own, and its one `emptyDir` is its `/tmp`, which holds nothing that is worth
    keeping: `local_data` is not asked for"""
    blocked_by: list[str]
    """PodDisruptionBudgets that allow none to go now: the drain waits for them"""
    target: str
    """A node that has room for it, beside all others that go; empty: it stays, or none has"""
    why: Block | None
    """Where none has: what stands against it at the most nodes"""


class ServiceDown(Model):
    """A service all of whose ready pods are on the node."""

    namespace: str
    """Kubernetes namespace"""
    service: str
    """Name"""
    ready: int
    """How many they are"""


class DrainPreview(Model):
    """What a drain would do. Nothing is changed."""

    node: str
    """Name of the node"""
    cordoned: bool
    """Whether it is cordoned already: then it stays so, also where the drain is cancelled"""
    control_plane: bool
    """Whether it runs the cluster itself, which has to be agreed to"""
    pods: list[DrainedPod]
    """The pods on it that have not ended"""
    goes: int
    """How many of them would be evicted"""
    homeless: int
    """How many of those find no room elsewhere: they stay pending"""
    down: list[ServiceDown]
    """Services that nobody answers for until another pod is ready: all that are ready are on this node"""


class ActedPodView(Model):
    """A pod that is to go, and how far it is."""

    namespace: str
    """Kubernetes namespace"""
    pod: str
    """Name of the pod"""
    uid: str
    """The pod's uid: another one of its name is left alone"""
    service: str
    """What made it; empty: nothing"""
    source: str
    """Node that it is, or was, on"""
    target: str
    """Of moves: node that the plan has for it"""
    landed: str
    """Of moves: node on which another one got ready"""
    state: PodState
    """How far it is. `blocked`: its eviction was refused, and is asked for again; `stuck`: it is being
    deleted, and does not end; `moved`: another one is ready elsewhere; `came_back`: it is on a hot node
    again; `skipped`: it was not asked to go"""
    reason: PodReason
    """Why it is blocked, was skipped, or no other one got ready; empty for neither"""
    detail: str
    """The same in words: the PodDisruptionBudgets, or what the cluster said"""
    asked_at: Time | None
    """When it was last asked to go, UTC"""
    ended_at: Time | None
    """When it was gone, or given up, UTC"""


class NodeStepView(Model):
    """A step that was done."""

    name: StepName
    """`found_cordoned`: it was cordoned before, and stays so; `listed`: it is known which pods are to go"""
    at: Time
    """When, UTC"""


class NodeActionView(Model):
    """A drain, or a plan of moves that is carried out, and how it stands."""

    id: str
    """Identity of the action"""
    kind: ActionKind
    """What is done"""
    node: str
    """Of a drain: the node; empty for moves"""
    why: str
    """Why, in the words of who asked for it"""
    timeout_s: int
    """Of a drain: seconds after which it has failed; of moves: that each may take"""
    state: ActionState
    """How it stands"""
    reason: ActionReason
    """Why it failed; empty where it did not"""
    detail: str
    """The same in words"""
    steps: list[NodeStepView]
    """What was done, in order"""
    pods: list[ActedPodView]
    """The pods that are to go"""
    requested_at: Time
    """When it was asked for, UTC"""
    requested_by: str
    """By whom"""
    cancelled_by: str
    """Who asked for its end; empty for nobody"""
    started_at: Time | None
    """When it was begun, UTC"""
    finished_at: Time | None
    """When it ended, UTC"""


class NodeActionList(Model):
    """Actions on nodes."""

    items: list[NodeActionView]
    """The latest first"""
    total: int
    """How many there are in all parts"""


class NodeActionQuery(Page):
    """Which actions."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""
    node: Search = ""
    """Only drains of this node"""
    kind: ActionKind | None = None
    """Only of this kind"""
    state: ActionState | None = None
    """Only in this state"""
