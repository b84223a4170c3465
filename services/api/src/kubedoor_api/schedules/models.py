"""What is asked and told of schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from kubedoor_api.operations.models import (
    DAY_S,
    MAX_TARGETS,
    AutoscalerBounds,
    Care,
    CareTaken,
    NewOperation,
    OperationCounts,
    OperationTarget,
    State,
)
from kubedoor_api.operations.notes import OperationNote
from kubedoor_api.operations.requests import validate_targets
from kubedoor_api.web.fields import (
    PRINTABLE,
    AskedService,
    EnvPath,
    Model,
    NamespaceName,
    Page,
    Replicas,
    Search,
    ServiceName,
    SortKeys,
    Time,
    Version,
    fault,
)
from kubedoor_api.web.parse import field_errors
from kubedoor_core.problem_codes import FieldCode

MAX_NAMESPACES = 100
SOME_TIME = datetime(2024, 1, 1, tzinfo=UTC)
"""Any will do to check a schedule with: each run has its own."""
Kind = Literal["scale", "restart"]
"""What a schedule does: a resize is for now, a rollout brings the same."""
CRON = Annotated[str, Field(max_length=200, pattern=PRINTABLE, examples=["30 3 * * 1-5"])]
ZONE = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE, examples=["Asia/Shanghai"])]
MOMENT = Annotated[
    str,
    Field(
        max_length=40,
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$",
        examples=["2027-01-31T03:30:00"],
    ),
]
Misfire = Literal["skip", "run_late"]
When = Literal["waiting", "paused", "finished"]
Outcome = Literal["starting", "started", "skipped", "failed"]


class SchedulePath(EnvPath):
    """One schedule."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Identity of the schedule"""


class MatchesQuery(Model):
    """Which services: those that fit all of what is given."""

    namespaces: list[NamespaceName] = Field(max_length=MAX_NAMESPACES, default_factory=list)
    """In one of these namespaces; none: in any that is governed"""
    labels: Annotated[str, Field(max_length=2000, pattern=PRINTABLE)] = ""
    """A Kubernetes label selector on the Deployments: `tier=web,team in (a, b),!legacy`"""
    name: Annotated[str, Field(max_length=253, pattern=r"^[-a-z0-9.*?]*$")] = ""
    """The Deployment's whole name; `*` stands for anything, `?` for one character"""


class Selector(MatchesQuery):
    """Which services, looked up when the schedule runs: those that fit all of what is given."""

    replicas: Replicas | None = None
    """Scale each to this number of pods; null: to the count that the control table has. Not for restart"""
    autoscaler_bounds: AutoscalerBounds | None = None
    """Move the bounds of each one's autoscaler instead"""


class NewSchedule(Care):
    """What to do, with which services, and when.

    Either `targets` or `selector`; either `once_at` or `cron`.
    """

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
    """What people call it; two schedules may have the same name"""
    kind: Kind
    """`scale` or `restart`"""
    targets: Annotated[list[OperationTarget], Field(max_length=MAX_TARGETS)] | None = None
    """The services, in this order"""
    selector: Selector | None = None
    """Which services, looked up at each run"""
    once_at: MOMENT | None = None
    """Run once, at this time: with an offset (`...Z`, `...+08:00`), or without one in `timezone`"""
    cron: CRON | None = None
    """Run again and again: minute, hour, day of month, month, day of week"""
    timezone: ZONE
    """Time zone of `cron` and `once_at`. A local time that the clock skips runs as soon as the clock has
    jumped, one that it passes twice runs the first time; with `*` for the hour, each hour counts"""
    enabled: bool = True
    """Whether it runs"""
    misfire: Misfire = "skip"
    """What becomes of a run for which nobody was there in time, a minute at most: `skip` it, or `run_late`"""
    grace_s: Annotated[int, Field(ge=0, le=30 * DAY_S)] = 0
    """With `run_late`: seconds after which it is skipped all the same"""
    rollout_timeout_s: Annotated[int, Field(ge=10, le=DAY_S)] | None = None
    """Seconds after which a rollout has failed; null: as the settings say"""
    for_s: Annotated[int, Field(ge=10, le=366 * DAY_S)] | None = None
    """Scale for a time: give back the previous counts so many seconds after the run"""
    until_cron: CRON | None = None
    """The same as one of a pair, such as down at night and up in the morning: give back the previous counts
    when this comes next after the run, in `timezone`; such as `0 7 * * 1-5`"""

    @model_validator(mode="after")
    def _which_services(self) -> Self:
        if (self.targets is None) == (self.selector is None):
            raise fault(
                FieldCode.ONE_OF,
                "give either targets or selector",
                "targets",
                fields=["targets", "selector"],
            )
        if self.targets is not None and not self.targets:
            raise fault(FieldCode.EMPTY, "is empty; name at least one service", "targets")
        if self.selector and not (self.selector.namespaces or self.selector.labels or self.selector.name):
            reason = "is empty; give namespaces, labels or a name (`*` for all)"
            raise fault(FieldCode.EMPTY, reason, "selector")
        return self

    @model_validator(mode="after")
    def _once_or_again(self) -> Self:
        if (self.once_at is None) == (self.cron is None):
            raise fault(FieldCode.CRON_OR_ONCE, "give either once_at or cron", "cron")
        if self.misfire == "run_late" and self.grace_s == 0:
            reason = "say for how many seconds a run may be late"
            raise fault(FieldCode.GRACE_MISSING, reason, "grace_s")
        return self

    @model_validator(mode="after")
    def _back_once(self) -> Self:
        if self.for_s is not None and self.until_cron is not None:
            raise fault(
                FieldCode.ONE_OF,
                "give either for_s or until_cron",
                "until_cron",
                fields=["for_s", "until_cron"],
            )
        return self

    @model_validator(mode="after")
    def _an_operation(self) -> Self:
        if self.selector is not None:
            self.operation([AskedService(namespace="any", name="any")])
            return self
        for invalid in validate_targets(self.targets or []).values():
            error = invalid.error
            raise fault(error["code"], error["reason"], error["field"], **error["parameters"])
        self.operation([])
        return self

    def operation(self, matches: Sequence[ServiceName], until: datetime = SOME_TIME) -> NewOperation:
        """Return what a run asks for.

        :param until: when the previous counts come back, where `until_cron` says that they do.
        :param matches: what the selector found; without a selector they are not looked at.
        """
        names = ("kind", "rollout_timeout_s", "for_s", *Care.model_fields)
        asked, targets = self.selector, self.targets or []
        if asked is not None:
            what = {"replicas": asked.replicas, "autoscaler_bounds": asked.autoscaler_bounds}
            targets = [OperationTarget(namespace=one.namespace, name=one.name, **what) for one in matches]
        try:
            options = {name: getattr(self, name) for name in names}
            options["until"] = until if self.until_cron is not None else None
            return NewOperation.model_validate({**options, "targets": targets})
        except ValidationError as error:
            first = field_errors(error)[0]
            place = "until_cron" if first["field"] == "until" else first["field"]
            if asked is not None:
                place = f"selector.{place.removeprefix('targets.0.')}"
            raise fault(first["code"], first["reason"], place, **first["parameters"]) from error


class RunTime(Model):
    """A time at which something runs."""

    at: Time
    """UTC"""
    local: str
    """The same in the schedule's time zone, with its offset"""


class ScheduleRun(Model):
    """A run of a schedule, or one that was left out."""

    id: str
    """Identity of the run"""
    schedule_id: str
    """The schedule"""
    due_at: Time
    """When it was due, UTC; for one by hand, when it was asked for"""
    trigger: Literal["time", "hand"]
    """Whether its time had come or somebody asked for it"""
    outcome: Outcome
    """`starting`: about to begin; `started`: see the operation; `skipped`: left out under the misfire rule;
    `failed`: it could not be begun"""
    notes: list[OperationNote]
    """Why it was skipped or failed, or how late it was begun"""
    reason: str
    """The same in English"""
    skipped_count: int
    """How many due times this entry says were skipped; 0 unless it was skipped"""
    skipped_until: Time | None
    """The last of them, UTC"""
    late_s: int
    """Seconds from the due time to the start"""
    decided_at: Time
    """When it was begun or left out, UTC"""
    by: str
    """Who asked for it; empty for its time"""
    operation_id: str
    """The operation that it made; empty if none"""
    operation_state: State | None
    """How that stands; null without one"""
    counts: OperationCounts | None
    """How many of its services are in which state"""
    finished_at: Time | None
    """When the operation ended, UTC"""


class RunQuery(Page):
    """Which runs, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    """Most items to return"""
    outcome: Outcome | None = None
    """Only with this outcome"""


class RunList(Model):
    """One part of a schedule's runs, the latest first."""

    items: list[ScheduleRun]
    """The runs"""
    total: int
    """How many there are in all parts"""


class ScheduleSummary(CareTaken):
    """A schedule in a list."""

    id: str
    """Identity"""
    env: str
    """Name of the cluster"""
    name: str
    """What people call it"""
    kind: Kind
    """`scale` or `restart`"""
    targets: list[OperationTarget] | None
    """The services; null with a selector"""
    selector: Selector | None
    """Which services, looked up at each run; null with targets"""
    once_at: Time | None
    """When it runs once, UTC; null with cron"""
    cron: str | None
    """Five fields; null with once_at"""
    timezone: str
    """Time zone of cron"""
    enabled: bool
    """Whether it runs"""
    state: When
    """`waiting` for its next run; `paused`; `finished`: there is no further run"""
    next_run: RunTime | None
    """When it runs next; null while it is paused or when it is finished"""
    last_run: ScheduleRun | None
    """What became of the last run, or of the last one that was left out"""
    misfire: Misfire
    """What becomes of a run for which nobody was there in time"""
    grace_s: int
    """Seconds that a run may be late"""
    rollout_timeout_s: int | None
    """Seconds after which a rollout has failed; null: as the settings say"""
    for_s: int | None
    """Seconds after which the previous counts are given back; null: never, or as `until_cron` says"""
    until_cron: str | None
    """When the previous counts are given back after each run; null: never, or as `for_s` says"""
    version: Version
    """Grows with each change by somebody; goes into If-Match. Runs leave it as it is"""
    updated_at: Time
    """When it was last changed, UTC"""
    updated_by: str
    """Who changed it"""


class Schedule(ScheduleSummary):
    """A schedule and its next runs."""

    next_runs: list[RunTime]
    """The next five, as if it were enabled"""


class ScheduleList(Model):
    """One part of the schedules of an env."""

    items: list[ScheduleSummary]
    """The schedules"""
    total: int
    """How many there are in all parts"""


class ScheduleQuery(Page):
    """Which schedules, and in which order."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Most items to return"""
    sort: Annotated[str, SortKeys("name", "next_run", "updated_at")] = "next_run"
    """Column to sort by; a leading `-` sorts downwards. Without a next run they come last either way"""
    kind: Kind | None = None
    """Only of this kind"""
    state: When | None = None
    """Only in this state"""
    namespace: Search = ""
    """Only those that name this namespace, in their services or their selector"""
    service: Search = ""
    """Only those that name this Deployment, or whose selector's name fits it"""
    q: Search = ""
    """Part of the schedule's name, of a service's, or of who changed it, in any case"""


class TimesQuery(Model):
    """A time to check: either `cron` or `once_at`."""

    cron: CRON | None = None
    """Five fields"""
    once_at: MOMENT | None = None
    """A date and time, as a schedule takes it"""
    timezone: ZONE
    """Time zone"""


class Times(Model):
    """When something would run."""

    items: list[RunTime]
    """The next five times, or the one"""


class Matches(Model):
    """What a selector finds now."""

    items: list[ServiceName]
    """The first thousand, by namespace and name"""
    total: int
    """How many there are"""


class CalendarQuery(Model):
    """Between which times."""

    since: AwareDatetime
    """From this time on, with its offset"""
    until: AwareDatetime
    """Before this time; at most 92 days later"""
    limit: Annotated[int, Field(ge=1, le=5000)] = 1000
    """Most times to return"""


class CalendarItem(RunTime):
    """One time at which a schedule runs."""

    schedule_id: str
    """The schedule"""
    name: str
    """What people call it"""
    kind: Kind
    """`scale` or `restart`"""


class Calendar(Model):
    """What is to run when, over all enabled schedules of an env."""

    items: list[CalendarItem]
    """The times, the earliest first"""
    truncated: bool
    """Whether there are more than were asked for: those returned are the earliest"""
