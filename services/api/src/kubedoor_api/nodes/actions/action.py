"""A drain of a node, or a plan of moves that is carried out, as it stands in ClickHouse. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import TypeAdapter

from kubedoor_api.kube.retry import AskingReason
from kubedoor_api.leader.claims import Cancellable
from kubedoor_api.nodes.movable import StayReason
from kubedoor_core.clickhouse import Row
from kubedoor_core.clickhouse.parameters import timestamp

Json = dict[str, Any]
ActionKind = Literal["drain", "moves"]
ActionState = Literal["pending", "running", "done", "failed", "cancelled"]
StepName = Literal["cordoned", "found_cordoned", "listed", "uncordoned"]
PodState = Literal["waiting", "blocked", "going", "gone", "stuck", "moved", "came_back", "skipped"]
"""`blocked`: its eviction was refused, and is asked for again; `stuck`: it is being deleted, and does not
end; `moved`: another one is ready elsewhere; `came_back`: it is on a hot node again."""
PodReason = Literal[
    "", "budget", "gone_already", "target_gone", "no_room", "no_replacement", StayReason,
    AskingReason,
]  # fmt: skip
ActionReason = Literal[
    "", "not_agreed", "too_many_cordoned", "node_gone", "uncordoned", "timeout", "still_there",
    "no_replacement", "came_back", AskingReason,
]  # fmt: skip
StaysWhy = Literal["daemon", "static"]
"""What a drain leaves: its DaemonSet would put it back; it is a file of the node itself."""
Asks = Literal["no_owner", "local_data"]
"""What has to be agreed to: nothing remakes the pod; what is in its `emptyDir` is gone with it."""

OPEN: frozenset[ActionState] = frozenset({"pending", "running"})
ENDED: frozenset[PodState] = frozenset({"gone", "stuck", "moved", "came_back", "skipped"})


class FailedError(Exception):
    """The action has failed; the message is for people, the reason for programs."""

    def __init__(self, reason: ActionReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: ActionReason = reason


class Step(NamedTuple):
    """What has been done, and when."""

    name: StepName
    at: datetime


@dataclass(frozen=True)
class ActedPod:
    """A pod that is to go; another one of the same name is left alone.

    :ivar owner_uid: of what remakes it; empty: nothing does.
    :ivar source: node that it is on; ``target`` is where the plan has it, empty in a drain.
    :ivar landed: node on which another one of its owner got ready.
    :ivar siblings: uids of its owner's pods before it was asked to go, in a plan.
    :ivar grace_s: that it has to end, as the pod says.
    """

    namespace: str
    name: str
    uid: str
    owner_uid: str = ""
    service: str = ""
    source: str = ""
    target: str = ""
    landed: str = ""
    state: PodState = "waiting"
    reason: PodReason = ""
    detail: str = ""
    grace_s: int = 30
    siblings: tuple[str, ...] = ()
    asked_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def pod(self) -> str:
        """Its name, as answers call it."""
        return self.name

    @property
    def ended(self) -> bool:
        """Tell whether nothing more becomes of it."""
        return self.state in ENDED


@dataclass(frozen=True, kw_only=True)
class NodeAction(Cancellable):
    """An action; the columns of `node_action` have its fields' names."""

    kind: ActionKind
    node: str
    parameters: Json
    state: ActionState = "pending"
    reason: ActionReason = ""
    detail: str = ""
    steps: tuple[Step, ...] = ()
    pods: tuple[ActedPod, ...] = ()

    @property
    def why(self) -> str:
        """Why, in the words of who asked for it."""
        return str(self.parameters["reason"])

    @property
    def timeout_s(self) -> int:
        """Seconds after which a drain has failed, or that each move may take."""
        return int(self.parameters["timeout_s"])

    def did(self, *names: StepName) -> bool:
        """Tell whether one of some steps was done, by this instance or one before it."""
        return any(step.name in names for step in self.steps)

    def with_step(self, name: StepName, now: datetime) -> NodeAction:
        """Return it with a step that was done now; one that was done before stays as it is."""
        return self if self.did(name) else replace(self, steps=(*self.steps, Step(name, now)))

    def with_pod(self, pod: ActedPod) -> NodeAction:
        """Return it with one of its pods as it stands now."""
        return replace(self, pods=tuple(pod if one.uid == pod.uid else one for one in self.pods))

    def ended(
        self, state: ActionState, now: datetime, reason: ActionReason = "", detail: str = ""
    ) -> NodeAction:
        """Return it as it ended."""
        return replace(self, state=state, reason=reason, detail=detail, finished_at=now)


OWN = tuple(one.name for one in fields(NodeAction))
ACTION = TypeAdapter(NodeAction)
STEPS = TypeAdapter(tuple[Step, ...])
PODS = TypeAdapter(tuple[ActedPod, ...])


def row_of(action: NodeAction) -> Row:
    """Return the row to commit; the writer adds the version."""
    row: Row = {name: getattr(action, name) for name in OWN if name != "version"}
    row["parameters"] = json.dumps(action.parameters, ensure_ascii=False)
    row["steps"] = STEPS.dump_json(action.steps).decode()
    row["pods"] = PODS.dump_json(action.pods).decode()
    plain = {name: timestamp(value) if isinstance(value, datetime) else value for name, value in row.items()}
    return {**plain, "deleted": False}


def action_of(row: Row) -> NodeAction:
    """Read a row back."""
    values = {name: row[name] for name in OWN}
    parsed = {name: json.loads(row[name]) for name in ("parameters", "steps", "pods")}
    return ACTION.validate_python({**values, **parsed})
