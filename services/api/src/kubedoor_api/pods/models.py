"""What actions on pods are asked for and answered with."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from kubedoor_api.pods.action import (
    IN_CONTAINER,
    ActionKind,
    ActionReason,
    ActionState,
    FifoAgainst,
    StepName,
    WayName,
    WayReason,
)
from kubedoor_api.pods.files.room import Verdict
from kubedoor_api.pods.isolation import Effect
from kubedoor_api.web.fields import (
    EnvPath,
    LooseName,
    Model,
    NamespaceName,
    Page,
    Search,
    Time,
    WorkloadName,
    fault,
)
from kubedoor_core.domain.workload import WorkloadKind
from kubedoor_core.problem_codes import FieldCode

Way = Literal["evict", "delete"]
Warn = Literal[
    "no_replacement", "last_ready", "budget_ignored", "budget_allows_none", "runs_on_unseen",
    "stays", "same_name", "policies_change", "istio_open_connections", "leaves_early",
    "no_jvm", "several_jvms", "toolbox_stays", "stands_still", "serves", "secrets", "no_room", "too_large",
    "heap_unknown", "environment",
]  # fmt: skip
Order = Literal["at_once", "replacement_first"]
MAX_GRACE_S = 86_400
MAX_UNTIL_H = 168
MAX_PID = 1 << 22
MAX_RECORDING_S = 600
PARAMETERS: dict[ActionKind, frozenset[str]] = {
    "delete": frozenset({"way", "grace_period_s", "force"}),
    "isolate": frozenset({"order", "until_h"}),
    "threads": frozenset({"pid", "times"}),
    **dict.fromkeys(("histogram", "heap_info", "native_memory", "flags"), frozenset({"pid"})),
    "heap_dump": frozenset({"pid", "isolate_first", "through_fifo"}),
    "jfr": frozenset({"pid", "duration_s", "settings"}),
    "terminal": frozenset(),
}
"""Which parameters belong to which kind."""


class ActionPath(EnvPath):
    """An action."""

    id: Annotated[str, Field(pattern=r"^[0-9a-z-]{1,64}$")]
    """Identity of the action"""


class ActionParameters(Model):
    """How an action is done. Each parameter belongs to one kind, and is refused with the other."""

    way: Way = "evict"
    """Of `delete`. `evict`: only where no PodDisruptionBudget stands against it; `delete`: in any case"""
    grace_period_s: Annotated[int, Field(ge=1, le=MAX_GRACE_S)] | None = None
    """Of `delete`: seconds that the pod has to end; null: as the pod says"""
    force: bool = False
    """Of `delete`: take it out without asking its node, only where there is no such node any more"""
    order: Order = "at_once"
    """Of `isolate`. `at_once`: out of its Services now; `replacement_first`: when another one is ready"""
    until_h: Annotated[int, Field(ge=1, le=MAX_UNTIL_H)] | None = None
    """Of `isolate`: hours after which the pod is deleted; null: POD_ISOLATE_H"""
    pid: Annotated[int, Field(ge=1, le=MAX_PID)] | None = None
    """Of what a JVM is asked: which one, by its process id in the container; null: the only one"""
    times: Annotated[int, Field(ge=1, le=3)] = 1
    """Of `threads`: how often, 5 seconds apart"""
    isolate_first: bool = True
    """Of `heap_dump`: isolate the pod before, by an action of its own; one that is isolated stays as it is"""
    through_fifo: bool = False
    """Of `heap_dump`: where no folder has room for a file, make a FIFO, through which the JVM writes its heap
    while that is downloaded; only of an isolated pod and a JDK from 17 on"""
    duration_s: Annotated[int, Field(ge=5, le=MAX_RECORDING_S)] = 60
    """Of `jfr`: how long to record, seconds"""
    settings: Literal["default", "profile"] = "default"
    """Of `jfr`. `default`: what costs least; `profile`: more events"""


class AskedPodAction(Model):
    """An action on one pod."""

    kind: ActionKind
    """What to do"""
    namespace: NamespaceName
    """Namespace of the pod"""
    pod: WorkloadName
    """Name of the pod"""
    container: Annotated[str, Field(max_length=63, pattern=r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$")] = ""
    """Of what a JVM is asked, and of `terminal`: the container; empty: the pod's main one"""
    uid: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """The pod's uid, as it was seen: another pod of its name is refused. Null for a preview: whichever"""
    parameters: ActionParameters = ActionParameters()
    """How"""

    @model_validator(mode="after")
    def _of_the_kind(self) -> Self:
        for name in sorted(self.parameters.model_fields_set - PARAMETERS[self.kind]):
            reason = f"is no parameter of {self.kind}"
            raise fault(FieldCode.EXTRA_FORBIDDEN, reason, f"parameters.{name}")
        if self.container and self.kind not in IN_CONTAINER:
            reason = f"is no parameter of {self.kind}"
            raise fault(FieldCode.EXTRA_FORBIDDEN, reason, "container")
        return self


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


class SelectedByView(Model):
    """A Service that selects the pod."""

    name: str
    """Its name"""
    key: str
    """The label by whose loss it no longer does"""


class PolicyEffectView(Model):
    """A NetworkPolicy for which the lost labels matter."""

    name: str
    """Its name"""
    effect: Effect
    """Whether it stops or begins to select the pod"""


class JvmView(Model):
    """A JVM in a container."""

    pid: int
    """Its process id in the container"""
    main: str
    """Its main class, module or archive; empty where that can't be told"""


class WayView(Model):
    """A way to a JVM that did not work."""

    way: WayName
    """`jcmd`: the JDK's own tool in the container; `toolbox`: a container with tools beside it; `signal`: a
    signal that has it write its threads to its log"""
    reason: WayReason
    """Why not"""
    detail: str
    """What was said; empty for nothing"""


class PlaceView(Model):
    """A folder that a file could be written to."""

    path: str
    """Where, in the container"""
    free_bytes: int
    """Free on its disk"""
    verdict: Verdict
    """`fits`; or why not: `no_room`, too little is free; `memory`: what is in it counts as the container's
    memory; `size_limit`, `ephemeral_limit`: the pod would be evicted, as the volume's sizeLimit or the
    container's limit of ephemeral-storage would be passed; `node_disk`: less than 15 % of the node's disk
    would stay free, at which kubelets evict pods; `read_only`; `other_volume`: it is no emptyDir"""


class FifoView(Model):
    """What would become of a heap that goes through a FIFO: written while it is downloaded, in no file."""

    against: FifoAgainst
    """Why it can't; empty: it can, by `through_fifo`. `not_isolated`: the pod is not, and `isolate_first` is
    false; `too_old`: the JVM is of a JDK before 17; `no_tools`: mkfifo or dd is not in the image;
    `no_folder`: no folder can be written to"""
    folder: str
    """Where it would be: it takes no room; empty where it can't"""
    still_s: int
    """So long the application would stand still, reckoned at 10 MB of its heap in a second; a download that
    is slower takes longer"""
    hashes: bool
    """Whether a sha256 is made in the pod too; else the count of bytes, header and end are checked alone"""


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
    services: list[SelectedByView]
    """Of `isolate`: the Services that send it requests now"""
    network_policies: list[PolicyEffectView]
    """Of `isolate`: the NetworkPolicies that would stop or begin to hold it"""
    patch: list[dict[str, Any]]
    """Of `isolate`: the JSON patch, as it would be sent at once"""
    expires_after_h: int | None
    """Of `isolate`: hours after which the pod is deleted; null: it is not"""
    container: str
    """Of what a JVM is asked, and of `terminal`: the container"""
    containers: list[str]
    """Of `terminal`: the containers of the pod, of which one may be chosen"""
    jvms: list[JvmView]
    """Of what a JVM is asked: those that run in it now"""
    needs_bytes: int | None
    """Room that the file of a `heap_dump` or `jfr` is reckoned to need; null: not known, or there is none"""
    places: list[PlaceView]
    """The folders that it could be written to, in order; the first that fits is taken"""
    fifo: FifoView | None
    """Of `heap_dump`, where none fits: whether it can go through a FIFO, which can't be resumed when the
    download breaks; null: a file is written, or it can't be told before"""
    confirm: Literal["name", ""]
    """`name`: the pod's name must be typed, as the namespace is a production one, or a pod that may serve
    would stand still"""
    warnings: list[Warn]
    """What should be known before. `no_replacement`: nothing makes a new one; `last_ready`: no other pod
    takes requests; `budget_allows_none`: the eviction would be refused now; `budget_ignored`: a budget
    allows none, and deleting does not ask it; `runs_on_unseen`: its node may still run it, if it is only
    cut off; `same_name`: its StatefulSet makes no other one of its name until it is gone or put back;
    `stays`: nothing deletes it later, as podActions.delete is off; `policies_change`: see `network_policies`;
    `istio_open_connections`: connections that a mesh has open go on; `leaves_early`: a
    Service selects by what the ReplicaSet selects by, so that the pod leaves it before another is there;
    `no_jvm`: none runs in the container; `several_jvms`: one must be chosen by its `pid`; `toolbox_stays`:
    where the image has no tools, a container with them is put beside it, and stays until the pod goes;
    `stands_still`: the application does while its heap is written; `serves`: it is not isolated, and
    `isolate_first` is false; `secrets`: the file holds what the application has in memory; `no_room`: see
    `places`; `too_large`: more than 4 GiB; `heap_unknown`: how much is in use can't be told before;
    `environment`: a recording holds environment variables and system properties"""


class StepView(Model):
    """A step that was done."""

    name: StepName
    """Which"""
    at: Time
    """When, UTC"""
    after_ms: int
    """So long after the action began"""


class ActedService(Model):
    """A service, by its kind and name; its env and namespace are those of the pod."""

    kind: WorkloadKind
    """Kind of workload"""
    name: LooseName
    """Name of the service"""


class TerminalView(Model):
    """What is known of a terminal. What was typed and shown in it is kept nowhere."""

    opened_at: Time
    """When it was opened, UTC"""
    bytes_in: int
    """So many bytes were typed; 0 until it is over"""
    bytes_out: int
    """So many bytes were shown; 0 until it is over"""
    exit_code: int | None
    """With which the shell ended; null: it was ended"""


class EventCountView(Model):
    """An event of a recording."""

    name: str
    """Its type, such as `jdk.ObjectAllocationSample`"""
    count: int
    """How often it is in it"""
    bytes: int
    """So much of it it takes"""


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
    container: str
    """The container that it is about; empty for the pod's main one, or none"""
    parameters: ActionParameters
    """How"""
    state: ActionState
    """How it stands"""
    reason: ActionReason
    """Why it failed, or what was found otherwise than thought; empty for neither"""
    detail: str
    """The same in words, as far as the cluster said some"""
    blocked_by: list[str]
    """PodDisruptionBudgets that allow none to go, where that is why it failed"""
    jvm: JvmView | None
    """The JVM that was asked"""
    jvms: list[JvmView]
    """Where several were found and none was chosen: those"""
    way: WayName | Literal[""]
    """How it was asked; empty where it was not"""
    ways: list[WayView]
    """Ways that did not work, in the order in which they were tried"""
    deadlocks: list[list[str]]
    """Of `threads`: the names of the threads of each deadlock that was found"""
    terminal: TerminalView | None
    """Of `terminal`, once it was opened: what is known of it"""
    isolated_by: str
    """Of `heap_dump`: the action that isolates the pod before; empty: none does"""
    places: list[PlaceView]
    """Where there was no room: the folders that were looked at"""
    top_events: list[EventCountView]
    """Of `jfr`: the events that take most of the recording; empty where no `jfr` of the JDK was there"""
    bytes: int | None
    """Size of the file that came of it; null without one, and before it has gone through a FIFO"""
    sha256: str
    """Of that file, as the pod and the api both made it; empty without one, and where it went through a FIFO
    and the image had no `tee`"""
    through_fifo: bool
    """Whether there is a FIFO: whoever downloads it has the JVM write its heap, and stand still meanwhile"""
    has_file: bool
    """Whether the file can be had now"""
    kept: bool
    """Whether the object store keeps the file; else it is in its pod, and can be had once"""
    service: ActedService | None
    """The service that the pod was of, when the action was asked for; null: of none that is known"""
    labels: dict[str, str]
    """Of `isolate`: the labels that were taken off, and come back with the way back"""
    steps: list[StepView]
    """What was done, in order"""
    can_undo: bool
    """Whether the way back can be asked for"""
    expires_at: Time | None
    """When the isolated pod is deleted, or the file removed from its pod, UTC; null: it is not"""
    undone_by: str
    """Who asked for the way back; empty for nobody"""
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
    service: Search = ""
    """Only on pods of the service of this name"""
    service_kind: WorkloadKind | None = None
    """Only on pods of services of this kind"""
    kind: ActionKind | None = None
    """Only of this kind"""
    state: ActionState | None = None
    """Only in this state"""
    isolated: bool = False
    """Only those whose pod is isolated now"""
