"""What is asked and told of admission's decisions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kubedoor_api.web.fields import Model, Page, Search, ServiceName, Time

Outcome = Literal["as_it_came", "unchanged", "patched", "denied", "would_patch", "would_deny"]


class AdmissionQuery(Page):
    """Which decisions, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Most items to return"""
    namespace: Search = ""
    """Only this namespace"""
    name: Search = ""
    """Only this Deployment"""
    outcome: Literal["as_it_came", "unchanged", "patched", "denied", "would_patch", "would_deny"] | None = (
        None
    )
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
    before: Any
    """The governed values that changed, as they came"""
    after: Any
    """The same as admitted"""
    patch: Any
    """The JSONPatch; null if there was none"""
    warnings: list[str]
    """What whoever asked could read"""


class AdmissionPage(Model):
    """One part of the decisions, the latest first."""

    items: list[Admission]
    """The decisions"""
    total: int
    """How many there are in all parts"""
