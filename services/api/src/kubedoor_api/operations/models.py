"""What is asked and told of operations."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from kubedoor_api.admission.models import AdmissionChange, AdmissionNote
from kubedoor_api.operations.notes import OperationNote, Reason
from kubedoor_api.web.fields import (
    MAX_COUNT,
    SEGMENT,
    AskedService,
    EnvPath,
    Model,
    NamespaceName,
    Page,
    Replicas,
    Search,
    ServiceName,
    Time,
    Version,
    WorkloadName,
    fault,
)
from kubedoor_core.problem_codes import FieldCode

MAX_TARGETS = 1000
DAY_S = 86_400

Kind = Literal["scale", "restart", "resize"]
State = Literal["pending", "running", "succeeded", "failed", "cancelled"]
TargetState = Literal[
    "pending", "asking", "rolling_out", "rolling_back", "succeeded", "failed", "rolled_back", "cancelled"
]
Sort = Literal[
    "requested_at", "-requested_at", "kind", "-kind", "state", "-state", "requested_by", "-requested_by",
]  # fmt: skip
WaitingReason = Literal["", "not_due", "lease_unavailable", "no_cluster"]


class OperationPath(EnvPath):
    """One operation."""

    id: Annotated[str, Field(pattern=SEGMENT, max_length=128)]
    """Identity of the operation"""


class AutoscalerBounds(Model):
    """Between which counts an autoscaler may move."""

    min_replicas: Annotated[int, Field(ge=0, le=MAX_COUNT)]
    """Fewest pods; 0 where the cluster allows it"""
    max_replicas: Annotated[int, Field(ge=1, le=MAX_COUNT)]
    """Most pods"""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_replicas > self.max_replicas:
            raise fault(
                FieldCode.BOUNDS_OUT_OF_ORDER,
                f"{self.min_replicas} is above max_replicas, {self.max_replicas}",
                "min_replicas",
                min_replicas=self.min_replicas,
                max_replicas=self.max_replicas,
            )
        return self


class AskedTarget(AskedService):
    """One service to act on."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    kind: Literal["Deployment"] = "Deployment"
    """Kind of workload: operations are of Deployments"""
    name: WorkloadName
    """Name of the workload"""
    replicas: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """Scale to this number of pods, which becomes the service's manual count; null: to the count that
    the control table has. For scale alone. A service with what is no count fails; the others go on"""
    autoscaler_bounds: AutoscalerBounds | None = None
    """Move the bounds of the service's autoscaler instead; without it an autoscaled service is refused"""


class OperationTarget(AskedTarget):
    """One service to act on, with a count that is one."""

    replicas: Replicas | None = None
    """Scale to this number of pods, which becomes the service's manual count; null: to the count that
    the control table has. For scale alone"""


class Care(Model):
    """How carefully services are acted on."""

    pause_s: Annotated[int, Field(ge=0, le=DAY_S)] = 0
    """Seconds between one service and the next"""
    stop_on_error: bool = False
    """Leave out the rest after the first service that fails"""
    wait_rollout: bool = False
    """Wait until a service's rollout is through before the next one is begun"""
    rollback_on_failure: bool = False
    """Restore the previous values where a rollout fails"""


class CareTaken(Model):
    """How carefully services are acted on, as it was asked for."""

    pause_s: int
    """Seconds between one service and the next"""
    stop_on_error: bool
    """Whether the rest is left out after the first service that fails"""
    wait_rollout: bool
    """Whether each rollout is waited for before the next service is begun"""
    rollback_on_failure: bool
    """Whether the previous values are restored where a rollout fails"""


class NewOperation(Care):
    """What to do, with which services, and how carefully."""

    kind: Kind
    """`scale`; `restart`: replace the pods, by a rollout; `resize`: give the running pods the requests and
    limits of the control table without a rollout, where the cluster can (Kubernetes 1.33)"""
    targets: Annotated[list[AskedTarget], Field(min_length=1, max_length=MAX_TARGETS)]
    """The services, in this order; one that is there twice is acted on once, and fails the second time"""
    rollout_timeout_s: Annotated[int, Field(ge=1, le=DAY_S)] | None = None
    """Seconds after which a rollout has failed; null: as the settings say"""
    until: AwareDatetime | None = None
    """Scale for a time: give back the previous counts then; with its zone, in the future"""
    for_s: Annotated[int, Field(ge=10, le=366 * DAY_S)] | None = None
    """The same, so many seconds after the operation is asked for"""

    @model_validator(mode="after")
    def _targets_fit_the_kind(self) -> Self:
        for index, target in enumerate(self.targets):
            where = f"targets.{index}"
            if target.replicas is not None and target.autoscaler_bounds is not None:
                raise fault(
                    FieldCode.ONE_OF,
                    "give either a count or the autoscaler's bounds",
                    f"{where}.replicas",
                    fields=["replicas", "autoscaler_bounds"],
                )
            if self.kind != "scale" and target.replicas is not None:
                reason = f"a {self.kind} takes no count; scale first"
                raise fault(FieldCode.COUNT_NOT_FOR_RESTART, reason, f"{where}.replicas")
            if self.kind != "scale" and target.autoscaler_bounds is not None:
                reason = f"a {self.kind} takes no bounds; scale first"
                raise fault(FieldCode.BOUNDS_NOT_FOR_RESTART, reason, f"{where}.autoscaler_bounds")
        return self

    @model_validator(mode="after")
    def _temporary(self) -> Self:
        if self.until is None and self.for_s is None:
            return self
        field = "until" if self.until is not None else "for_s"
        if self.until is not None and self.for_s is not None:
            raise fault(FieldCode.ONE_OF, "give either until or for_s", "for_s", fields=["until", "for_s"])
        if self.kind != "scale":
            raise fault(FieldCode.ONLY_SCALE_FOR_A_TIME, "only a scale can be for a time", field)
        for index, target in enumerate(self.targets):
            if target.replicas is None and target.autoscaler_bounds is None:
                reason = "a scale for a time needs a count"
                raise fault(FieldCode.COUNT_MISSING, reason, f"targets.{index}.replicas")
        return self


class OperationQuery(Page):
    """Which operations, and in which order."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""
    sort: Sort = "-requested_at"
    """Column to sort by; a leading `-` sorts downwards. Among equals the latest comes first"""
    state: State | None = None
    """Only in this state"""
    kind: Kind | None = None
    """Only of this kind"""
    namespace: Search = ""
    """Only with a service of this namespace"""
    name: Search = ""
    """Only with a service of this name"""
    actor: Search = ""
    """Only what this user asked for"""
    schedule_id: Search = ""
    """Only those that this schedule made"""
    q: Search = ""
    """Part of a service's name or of who asked for it, in any case"""


class TargetResult(ServiceName):
    """One service of an operation, and what became of it."""

    replicas: Replicas | None
    """The count that was asked for; null: the control table's, or none"""
    autoscaler_bounds: AutoscalerBounds | None
    """The bounds that were asked for"""
    state: TargetState
    """`pending`: not begun; `asking`: the cluster is being asked; `rolling_out`: it took the change, whose
    rollout is watched; `rolling_back`; `succeeded`; `failed`; `rolled_back`: the rollout failed, and the
    previous values were restored; `cancelled`: left out, or not watched to the end"""
    reason: Reason
    """Why it failed or was left as it is, in one word; empty where there is none"""
    notes: list[OperationNote]
    """Why it failed, what was left as it was, what the rollout waits for"""
    detail: str
    """The notes in English"""
    replicas_before: Replicas | None
    """Pods that the Deployment asked for before; null while unknown"""
    replicas_after: Replicas | None
    """Pods that it asks for since; null while unknown"""
    can_roll_back: bool
    """Whether its values before are known and differ, so that they can be brought back"""
    started_at: Time | None
    """When it was begun, UTC"""
    finished_at: Time | None
    """When it ended, UTC"""


class OperationCounts(Model):
    """How many services of an operation are in which state."""

    total: int
    """All"""
    pending: int
    """Not begun"""
    under_way: int
    """Being asked, rolling out or being rolled back"""
    succeeded: int
    """Done"""
    failed: int
    """Failed"""
    rolled_back: int
    """Failed, and the previous values were restored"""
    cancelled: int
    """Left out"""


class OperationSummary(CareTaken):
    """An operation without its services."""

    id: str
    """Identity"""
    env: str
    """Name of the cluster"""
    kind: Kind
    """`scale`, `restart` or `resize`"""
    state: State
    """`pending` until it is begun; `failed` if a service failed"""
    counts: OperationCounts
    """How many services are in which state"""
    first: list[ServiceName]
    """The first few of its services"""
    rollout_timeout_s: int
    """Seconds after which a rollout has failed"""
    run_at: Time | None
    """It is not begun before this time, UTC"""
    until: Time | None
    """The previous counts are given back at this time, UTC"""
    rollback_of: str
    """The operation whose values before this one brings back; empty if none"""
    schedule_id: str
    """The schedule that made it; empty if a person did"""
    requested_by: str
    """Who asked for it"""
    requested_at: Time
    """When, UTC"""
    started_at: Time | None
    """When it was begun, UTC"""
    finished_at: Time | None
    """When it ended, UTC"""
    cancelled_by: str
    """Who cancelled it; empty if nobody"""
    waiting_reason: WaitingReason
    """Why it does not go on, in one word: `not_due`: it is begun at `run_at`; `lease_unavailable`: who
    answers can't hold the Lease of the env, and nobody else is known to; `no_cluster`: none is configured
    for the env; empty if nothing keeps it waiting"""
    waiting_detail: str
    """The same in words, such as `may not get leases in namespace kubedoor of the cluster prod`"""
    version: Version
    """Grows with each step"""


class OperationDetail(OperationSummary):
    """An operation and what became of each of its services."""

    targets: list[TargetResult]
    """The services, in the order in which they are begun"""


class OperationList(Model):
    """One part of the operations of an env, the latest first."""

    items: list[OperationSummary]
    """The operations"""
    total: int
    """How many there are in all parts"""


class TargetProgress(TargetResult):
    """A service whose state has changed."""

    index: int
    """Its place in the operation's list"""


class OperationProgress(Model):
    """One message of an operation's events: what has changed since the one before."""

    operation: OperationSummary
    """As it stands now"""
    targets: list[TargetProgress]
    """The services that changed; in the first message all"""


class PodRequests(Model):
    """What one pod asks of a node: its containers added up, as the scheduler does it."""

    cpu_m: int
    """CPU, millicores"""
    mem_mib: int
    """Memory, MiB"""


class TargetPreview(Model):
    """What an operation would make of one service."""

    namespace: str
    """Kubernetes namespace"""
    name: str
    """Name of the Deployment"""
    refused: OperationNote | None
    """Why it would be refused; null if it would not"""
    reason: Reason
    """The same in one word; empty if it would not"""
    warnings: list[OperationNote]
    """What deserves a thought before"""
    detail: str
    """Both in English"""
    replicas_before: Replicas | None
    """Pods that it asks for now; null if it does not run"""
    replicas_after: Replicas | None
    """Pods that it would ask for"""
    bounds_before: AutoscalerBounds | None
    """Its autoscaler's bounds now; null without one"""
    bounds_after: AutoscalerBounds | None
    """Its autoscaler's bounds then"""
    pod_before: PodRequests | None
    """What one pod asks for now"""
    pod_after: PodRequests | None
    """What one pod would ask for"""
    changes: list[AdmissionChange]
    """Every value that would change, as admission would apply it"""
    notes: list[AdmissionNote]
    """What admission would leave alone or set to another value than the control table's"""
    unplaced: int
    """Of its new pods, those for which no node has room"""


class Room(Model):
    """Cpu and memory that an operation asks of a cluster, against what its nodes have free."""

    nodes: int
    """Nodes that take ordinary pods"""
    free_cpu_m: int
    """Allocatable and not requested, over those nodes, millicores"""
    free_mem_mib: int
    """Allocatable and not requested, over those nodes, MiB"""
    added_cpu_m: int
    """Asked for afterwards beyond what is asked for now, millicores; negative if less"""
    added_mem_mib: int
    """Asked for afterwards beyond what is asked for now, MiB; negative if less"""
    surge_cpu_m: int
    """Asked for beyond that while pods are replaced, at most, millicores"""
    surge_mem_mib: int
    """Asked for beyond that while pods are replaced, at most, MiB"""
    fits: bool
    """Whether the nodes have room for all of it"""


class OperationPreview(Model):
    """What an operation would do; nothing is changed."""

    kind: Kind
    """`scale`, `restart` or `resize`"""
    targets: list[TargetPreview]
    """Each service, in the given order"""
    room: Room | None
    """What it asks of the cluster; null if its nodes could not be looked at"""
    warnings: list[OperationNote]
    """What deserves a thought before, about the whole"""
    detail: str
    """The same in English"""
