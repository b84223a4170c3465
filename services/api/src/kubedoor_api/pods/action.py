"""One action on one pod, as it stands in ClickHouse. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, get_args

from pydantic import TypeAdapter

from kubedoor_api.leader.claims import Claimable
from kubedoor_core.clickhouse.parameters import timestamp

Json = dict[str, Any]
DiagnosisKind = Literal["threads", "histogram", "heap_info", "native_memory", "flags"]
"""What a JVM is asked, and answers with a text."""
FileKind = Literal["heap_dump", "jfr"]
"""What a JVM writes into a file in its pod."""
ActionKind = Literal[
    "delete", "isolate", "threads", "histogram", "heap_info", "native_memory", "flags", "heap_dump",
    "jfr", "terminal",
]  # fmt: skip
ActionState = Literal[
    "pending", "running", "done", "failed", "undoing", "undone", "expiring", "expired",
    "sending", "removing", "removed", "waiting", "open", "closing",
]  # fmt: skip
ActionReason = Literal[
    "", "budget_allows_none", "still_there", "gone_already",
    "no_replacement", "endpoints_left", "keeps_changing",
    "no_container", "no_jvm", "several_jvms", "not_attachable", "not_enabled", "too_large", "cut", "timeout",
    "not_isolated", "heap_unknown", "no_jfr", "no_tools", "no_room", "not_written", "interrupted", "changed",
    "not_removed", "not_kept", "not_taken", "time_over", "discarded",
    "left", "idle", "time_limit", "session_over", "not_opened", "api_ended", "no_shell", "not_ended",
    "forbidden", "admission", "missing", "conflict", "invalid", "too_many_requests", "cluster_failed",
    "unreachable",
]  # fmt: skip
StepName = Literal[
    "asked", "gone", "let_go", "replacement_ready", "out_of_services", "endpoints_gone", "labels_back",
    "jvm_found", "answered", "isolated", "room_found", "recording", "written", "measured",
    "folder_found", "fifo_made", "keeping", "kept", "sent", "file_removed", "opened", "shell_ended",
]  # fmt: skip
FifoAgainst = Literal["", "not_isolated", "too_old", "no_tools", "no_folder"]
WayName = Literal["jcmd", "toolbox", "signal"]
WayReason = Literal["not_in_image", "not_attached", "off", "refused", "threads_only", "not_written"]

DIAGNOSES: frozenset[ActionKind] = frozenset(get_args(DiagnosisKind))
FILES: frozenset[ActionKind] = frozenset(get_args(FileKind))
ASKS_JVM = DIAGNOSES | FILES
IN_CONTAINER: frozenset[ActionKind] = ASKS_JVM | {"terminal"}
"""What is about one container of the pod."""
OPEN: frozenset[ActionState] = frozenset({"pending", "running", "undoing", "expiring", "removing", "closing"})
"""What the leader has to do."""
GOING_ON: frozenset[ActionState] = OPEN | {"waiting", "open"}
"""What has not ended: a terminal that waits or is open is held by whoever looks at it."""


class FailedError(Exception):
    """The action has failed; the message is for people, the reason for programs.

    :ivar result: what is kept of it.
    """

    def __init__(self, reason: ActionReason, detail: str, result: Json | None = None) -> None:
        super().__init__(detail)
        self.reason: ActionReason = reason
        self.result = result or {}


class Step(NamedTuple):
    """What has been done, and how long after the start."""

    name: StepName
    at: datetime
    after_ms: int


@dataclass(frozen=True, kw_only=True)
class PodAction(Claimable):
    """An action; the columns of `pod_action` have its fields' names.

    :ivar uid: of the pod that was previewed; another one of the same name is left alone.
    :ivar container: that it is about; empty: the pod's main one, or none.
    :ivar before: what stood before, as the kind wants it.
    :ivar result: what came of it, as the kind wants it.
    :ivar bytes: size of the file that came of it; None without one, or before it has gone through a FIFO.
    :ivar sha256: of that file; empty without one.
    :ivar expires_at: when the isolated pod is deleted, or the file removed; None: it is not.
    :ivar warned: people were told that this is near.
    """

    kind: ActionKind
    namespace: str
    pod: str
    uid: str
    parameters: Json
    container: str = ""
    state: ActionState = "pending"
    reason: ActionReason = ""
    detail: str = ""
    steps: tuple[Step, ...] = ()
    before: Json = field(default_factory=dict)
    result: Json = field(default_factory=dict)
    bytes: int | None = None
    sha256: str = ""
    undone_by: str = ""
    expires_at: datetime | None = None
    warned: bool = False

    def did(self, name: StepName) -> bool:
        """Tell whether a step was done, by this instance or one before it."""
        return any(step.name == name for step in self.steps)

    def with_step(self, name: StepName, now: datetime) -> PodAction:
        """Return it with a step that was done now; one that was done before stays as it is."""
        if self.did(name):
            return self
        passed = now - (self.started_at or now)
        return replace(self, steps=(*self.steps, Step(name, now, passed // timedelta(milliseconds=1))))

    @property
    def file_waits(self) -> bool:
        """Tell whether a file of it is in the pod, or kept, and nobody takes it now."""
        there = "file" in self.result or "kept" in self.result
        return self.kind in FILES and self.state == "done" and there

    @property
    def isolates(self) -> bool:
        """Tell whether the pod has been taken out of something, and not been put back."""
        begun = self.did("let_go") or self.did("out_of_services")
        return self.kind == "isolate" and begun and self.state in {"done", "failed"}

    def ended(
        self, state: ActionState, now: datetime, reason: ActionReason = "", detail: str = ""
    ) -> PodAction:
        """Return it as it ended."""
        return replace(self, state=state, reason=reason, detail=detail, finished_at=now)


OWN = tuple(one.name for one in fields(PodAction))
PARSED = ("parameters", "steps", "before", "result")
"""Columns that hold JSON."""
ACTION = TypeAdapter(PodAction)
STEPS = TypeAdapter(tuple[Step, ...])


def row_of(action: PodAction) -> Json:
    """Return the row to commit; the writer adds the version."""
    row: Json = {name: getattr(action, name) for name in OWN if name != "version"}
    row["steps"] = json.loads(STEPS.dump_json(action.steps))
    row |= {name: json.dumps(row[name], ensure_ascii=False) for name in PARSED}
    plain = {name: timestamp(value) if isinstance(value, datetime) else value for name, value in row.items()}
    return {**plain, "deleted": False}


def action_of(row: Json) -> PodAction:
    """Read a row back."""
    values = {name: row[name] for name in OWN}
    return ACTION.validate_python({**values, **{name: json.loads(row[name]) for name in PARSED}})
