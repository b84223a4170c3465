"""What is asked and told of admission's decisions."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from kubedoor_api.admission.models import AdmissionChange, AdmissionNote, Result
from kubedoor_api.web.fields import Model, Page, Search, ServiceName, Time


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
