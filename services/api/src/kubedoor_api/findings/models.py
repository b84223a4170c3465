"""What is told of findings, and how they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.findings.before import Aspect, Change, ChangeCode
from kubedoor_api.findings.causes import Evidence, EvidenceCode
from kubedoor_api.findings.facts import FindingKind, Subject
from kubedoor_api.findings.tracking import Finding, Key
from kubedoor_api.web.fields import EnvPath, LooseName, Model, Page, Search, Time

Severity = Literal["warning", "error"]
ERRORS: frozenset[FindingKind] = frozenset(
    {"oom", "crash_loop", "image", "config", "unschedulable", "rollout_stuck", "quota", "pods_refused",
     "node_not_ready", "pvc_full", "admission_refused"}
)  # fmt: skip
"""Kinds in which something does not run, or soon will not; the others warn."""


class FindingPath(EnvPath):
    """A finding."""

    id: Annotated[str, Field(pattern=r"^[0-9a-z-]{1,64}$")]
    """Identity of the finding"""


class FindingQuery(Page):
    """Which findings, the open ones first."""

    state: Literal["open", "closed", "all"] = "open"
    """`open`: what is wrong now"""
    kind: FindingKind | None = None
    """Only of this kind"""
    namespace: LooseName | Literal[""] = ""
    """Only about something in this namespace"""
    name: LooseName | Literal[""] = ""
    """Only about something of this name"""
    q: Search = ""
    """Text in namespace, name or kind"""


class AffectedView(Model):
    """A service that has symptoms of a finding about something else."""

    object: str
    """Its kind, such as `Deployment`"""
    namespace: str
    """Its namespace"""
    name: str
    """Its name"""


class EvidenceView(Model):
    """Something that was seen."""

    id: str
    """Identity within the finding"""
    code: EvidenceCode
    """What was seen"""
    at: Time
    """When, UTC"""
    parameters: dict[str, str | int | float]
    """What exactly; texts under `said` are quoted from Kubernetes"""


class AspectView(Model):
    """One thing that a change changed."""

    name: str
    """Such as `limit_mem_mib lowered`, `image`, `template`, `placement`, `replicas raised`"""
    container: str
    """Of which container; empty: of the whole; of a setting its key"""
    before: str | int | None
    """What it was; null where there was none, or it is not known"""
    after: str | int | None
    """What it became"""


class ChangeView(Model):
    """What somebody or something changed before."""

    id: str
    """Identity within the finding"""
    code: ChangeCode
    """Who or what did it: `edit` by hand, `derived` by the collector, `operation`, `schedule`, `admission`,
    `rollout` of another pod template, `node` that came or went, `setting`"""
    at: Time
    """When, UTC"""
    by: str
    """Who; empty where it is not known"""
    object: str
    """Kind of what was changed"""
    namespace: str
    """Its namespace"""
    name: str
    """Its name"""
    source: str
    """Identity of its record: a version, an operation, the uid of a review, a ReplicaSet, a node"""
    aspects: list[AspectView]
    """What it changed"""
    explains: bool
    """Whether such a change may bring such a finding about"""


class FindingView(Model):
    """Something that is wrong, or was."""

    id: str
    """Identity"""
    kind: FindingKind
    """What is wrong"""
    object: str
    """Kind of what it is about: `Deployment`, `Node`, `ResourceQuota`, ..."""
    namespace: str
    """Its namespace; empty for a node"""
    name: str
    """Its name"""
    container: str
    """Which container; empty: of the whole"""
    severity: Severity
    """`error`: something does not run, or soon will not"""
    began_at: Time
    """When its cause began, as far as Kubernetes tells, UTC"""
    opened_at: Time
    """When it was found, UTC"""
    ended_at: Time | None
    """When it was seen the last time, UTC; null while it is open"""
    pods: list[str]
    """Pods that have it"""
    affected: list[AffectedView]
    """Other services that have symptoms of it, at most 50"""
    evidence: list[EvidenceView]
    """What was seen"""
    changes: list[ChangeView]
    """What was changed within the hour before, the likeliest cause first"""


class FindingWatch(Model):
    """Whether and since when it is looked for what is wrong."""

    on: bool
    """Whether it is switched on"""
    chart_value: str
    """The value of the chart that switches it on"""
    looked_at: Time | None
    """When the instance that answers has looked last, UTC; null: it has not, as another one may"""
    trouble: str
    """What keeps it from looking, such as `may not list nodes`; empty if nothing does"""
    unmeasured: str
    """Why some of what only metrics tell is not looked for; empty if all is"""


class FindingList(Model):
    """One part of the findings."""

    items: list[FindingView]
    """The findings"""
    total: int
    """How many there are in all parts"""
    watch: FindingWatch
    """Whether it is looked for them"""


class ChangesQuery(Model):
    """Of which time."""

    hours: Annotated[int, Field(ge=1, le=168)] = 24
    """So many hours until now"""


class ChangeList(Model):
    """What was changed of a service."""

    items: list[ChangeView]
    """The changes, the latest first, at most 50"""


def view_of(finding: Finding) -> FindingView:
    """Return a finding as it is told and kept."""
    kind, (subject_kind, namespace, name), container = finding.key
    return FindingView(
        id=finding.id,
        kind=kind,
        object=subject_kind,
        namespace=namespace,
        name=name,
        container=container,
        severity="error" if kind in ERRORS else "warning",
        began_at=finding.began_at,
        opened_at=finding.opened_at,
        ended_at=finding.ended_at,
        pods=list(finding.pods),
        affected=[
            AffectedView(object=one.kind, namespace=one.namespace, name=one.name) for one in finding.affected
        ],
        evidence=[
            EvidenceView(id=f"e{number}", code=one.code, at=one.at, parameters=dict(one.parameters))
            for number, one in enumerate(finding.evidence, 1)
        ],
        changes=[change_view(number, one) for number, one in enumerate(finding.changes, 1)],
    )


def change_view(number: int, change: Change) -> ChangeView:
    """Return a change as it is told; its identity is its number."""
    return ChangeView(
        id=f"c{number}",
        code=change.code,
        at=change.at,
        by=change.by,
        object=change.subject.kind,
        namespace=change.subject.namespace,
        name=change.subject.name,
        source=change.source,
        aspects=[AspectView.model_validate(one) for one in change.aspects],
        explains=change.explains,
    )


def finding_of(view: FindingView, seen_at: datetime) -> Finding:
    """Return a finding as a leader goes on with it that takes over."""
    return Finding(
        id=view.id,
        key=Key(view.kind, Subject(view.object, view.namespace, view.name), view.container),
        began_at=view.began_at,
        opened_at=view.opened_at,
        seen_at=seen_at,
        evidence=tuple(Evidence(one.code, one.at, one.parameters) for one in view.evidence),
        affected=tuple(Subject(one.object, one.namespace, one.name) for one in view.affected),
        pods=tuple(view.pods),
        changes=tuple(
            Change(
                one.code,
                one.at,
                one.by,
                Subject(one.object, one.namespace, one.name),
                one.source,
                tuple(Aspect(each.name, each.container, each.before, each.after) for each in one.aspects),
                one.explains,
            )
            for one in view.changes
        ),
        ended_at=view.ended_at,
    )
