"""What is asked and told of a preview."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from kubedoor_api.admission.models import AdmissionChange, AdmissionNote, Result, UnsetValue
from kubedoor_api.web.fields import Model, ModeName, NamespaceName, ServiceName, WorkloadName
from kubedoor_api.web.validation import fault
from kubedoor_core.problem_codes import FieldCode

MAX_MANIFEST_CHARS = 1_000_000


class Preview(Model):
    """A manifest, or the name of a live Deployment."""

    manifest: Annotated[str, Field(min_length=1, max_length=MAX_MANIFEST_CHARS)] | None = None
    """A Deployment as YAML or JSON"""
    namespace: NamespaceName | None = None
    """Namespace of the live Deployment, or of a manifest that names none"""
    name: WorkloadName | None = None
    """Name of the live Deployment"""
    mode: ModeName = "enforce"
    """The mode to decide by, whatever holds now"""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.manifest is None and (self.namespace is None or self.name is None):
            reason = "give a manifest, or the namespace and deployment of a live one"
            raise fault(FieldCode.ONE_OF, reason, "manifest", fields=["manifest", "name"])
        if self.manifest is not None and self.name is not None:
            reason = "the manifest names the Deployment"
            raise fault(FieldCode.ONE_OF, reason, "name", fields=["manifest", "name"])
        return self


class PreviewResult(ServiceName):
    """What admission would make of it: the same decision that the webhook takes."""

    registered: bool
    """Whether it is in the control table"""
    current_mode: ModeName
    """The mode that holds for it now"""
    rule: int
    """Row of the decision table"""
    result: Result
    """What becomes of it"""
    allowed: bool
    """Whether it would be let in"""
    message: str
    """Why it would be refused, in English; empty if not"""
    warnings: list[str]
    """What kubectl would print, in English"""
    notes: list[AdmissionNote]
    """Why something is refused, left alone, or set to another value than the control table's"""
    unset: list[UnsetValue]
    """Values that nobody has set"""
    changes: list[AdmissionChange]
    """What would change"""
    patch: list[dict[str, Any]]
    """The JSONPatch"""
    admitted: str
    """The manifest as it would be admitted, YAML; empty if refused"""
