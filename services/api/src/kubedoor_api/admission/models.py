"""What a decision says, as the API tells it: values, of which the reader makes words."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.web.fields import Model
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


def changes_of(decision: Decision) -> list[AdmissionChange]:
    """Return what a decision changes, or would."""
    return [AdmissionChange.model_validate(change.json()) for change in decision.changes]


def notes_of(decision: Decision) -> list[AdmissionNote]:
    """Return what a decision says beside, the refusal last."""
    notes = (*decision.notes, *([decision.refusal] if decision.refusal else []))
    return [AdmissionNote.model_validate(note.json()) for note in notes]
