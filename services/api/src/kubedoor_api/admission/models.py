"""What a decision says, as the API tells it: values, of which the reader makes words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kubedoor_api.web.fields import Model, Page, Search, ServiceName, Time
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.admission.notes import ChangeSource, NoteCode, Resource, ValueKind

Result = Literal["allowed_unchanged", "unchanged", "patched", "denied", "would_patch", "would_deny"]


class AdmissionChange(Model):
    """One value that admission changes."""

    container: str
    """The container; empty for the count of pods"""
    resource: Resource
    """`replicas`, `cpu` or `memory`"""
    kind: ValueKind
    """`request` or `limit`; empty for the count of pods"""
    before: str | None
    """As Kubernetes writes it; null where there was none"""
    after: str
    """As it would be admitted"""
    source: ChangeSource
    """Where a count comes from: `manual`, `ai` or `observed`; else empty"""


class AdmissionNote(Model):
    """Why something is refused, left alone, or set to another value than the control table's."""

    code: NoteCode
    """What it is"""
    parameters: dict[str, str | int]
    """What it is about"""


class UnsetValue(Model):
    """A value that nobody has set."""

    container: str
    """The container"""
    resource: Resource
    """`cpu` or `memory`"""
    kind: ValueKind
    """`request` or `limit`"""


class AdmissionQuery(Page):
    """Which decisions, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Most items to return"""
    namespace: Search = ""
    """Only this namespace"""
    name: Search = ""
    """Only this Deployment"""
    outcome: Result | None = None
    """Only this outcome"""
    q: Search = ""
    """Part of a namespace's, a Deployment's or a user's name"""


class Admission(ServiceName):
    """One decision."""

    at: Time
    """When, UTC"""
    uid: str
    """Identity of the AdmissionReview"""
    user: str
    """Who asked Kubernetes"""
    operation: str
    """`CREATE` or `UPDATE`"""
    resource: str
    """`deployments` or `deployments/scale`"""
    rule: int
    """Row of the decision table"""
    mode: str
    """The mode that held"""
    outcome: str
    """What became of it"""
    changes: list[AdmissionChange]
    """The governed values that changed, or would have"""
    notes: list[AdmissionNote]
    """Why something was refused, left alone, or set to another value than the control table's"""
    patch: Any
    """The JSONPatch; null if there was none"""
    warnings: list[str]
    """What kubectl printed, in English"""


class AdmissionPage(Model):
    """One part of the decisions, the latest first."""

    items: list[Admission]
    """The decisions"""
    total: int
    """How many there are in all parts"""


def changes_of(decision: Decision) -> list[AdmissionChange]:
    """Return what a decision changes, or would."""
    return [AdmissionChange.model_validate(change.json()) for change in decision.changes]


def notes_of(decision: Decision) -> list[AdmissionNote]:
    """Return what a decision says beside, the refusal last."""
    notes = (*decision.notes, *([decision.refusal] if decision.refusal else []))
    return [AdmissionNote.model_validate(note.json()) for note in notes]
