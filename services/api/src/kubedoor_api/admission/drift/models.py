"""What is told of live Deployments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.admission.models import AdmissionChange
from kubedoor_api.web.fields import Model, Page, Search, ServiceName, Time


class DriftQuery(Page):
    """Which differences."""

    limit: Annotated[int, Field(ge=1, le=5000)] = 500
    """Most items to return"""
    state: Literal["drifted", "unregistered", "missing"] | None = None
    """Only this kind"""
    namespace: Search = ""
    """Only this namespace"""


class DriftItem(ServiceName):
    """One Deployment that is not as the control table says."""

    state: Literal["drifted", "unregistered", "missing"]
    """`drifted`: it runs with other values; `unregistered`: it runs and is not in the control table;
    `missing`: it is in the control table and does not run"""
    changes: list[AdmissionChange]
    """What admission would change if it were rolled out now"""


class Drift(Model):
    """Differences between a cluster and the control table."""

    items: list[DriftItem]
    """One part of the differences, by namespace and name"""
    total: int
    """How many there are in all parts"""
    checked: int
    """Live Deployments in governed namespaces that were compared"""


class WebhookCertificate(Model):
    """The certificate that the webhook shows."""

    state: Literal["valid", "soon", "expired", "unread", "unknown"]
    """`soon`: it expires within 14 days; `expired`: the cluster can't ask the webhook any more; `unread`:
    the webhook shows none that can be read; `unknown`: it is not known from here where the webhook is"""
    valid_until: Time | None
    """When it expires, UTC; null while not known"""
    days_left: int | None
    """Whole days until then, below zero once it has expired; null while not known"""
    detail: str
    """In words"""


class Readiness(Model):
    """Whether an env can be enforced, and what that would refuse."""

    webhook_answers: bool | None
    """Whether the webhook is ready; null where it is not known from here where it is"""
    webhook_detail: str
    """In words"""
    certificate: WebhookCertificate
    """Until when the webhook's certificate is valid"""
    unregistered: list[str]
    """`namespace/deployment` of live Deployments that enforcing would refuse at their next change"""
    would_change: int
    """Live Deployments that would come out changed at their next roll-out"""
