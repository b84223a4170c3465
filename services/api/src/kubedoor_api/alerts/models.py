"""What is asked and answered about alerts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kubedoor_api.alerts.row import Fingerprint, Pairs, Started, State
from kubedoor_api.web.fields import PRINTABLE, Model, Note, Page, Search, Time

Label = Annotated[str, Field(pattern=PRINTABLE, max_length=1024)]


class AlertQuery(Page):
    """Which alerts."""

    day: date | None = None
    """On which they began, in the time zone of the cluster; without it: of any day"""
    state: State | None = None
    """`firing`: those that are open"""
    severity: Label = ""
    """As the label says, in small letters"""
    namespace: Search = ""
    """Of this namespace only"""
    q: Search = ""
    """Part of the name, the service, the pod, the node, a label or an annotation; in any case"""


class OccurrenceQuery(AlertQuery):
    """Which single alerts."""

    alertname: Label = ""
    """Of this name only"""
    kind: Label = ""
    """Kind of the service"""
    name: Search = ""
    """Name of the service"""
    pod: Search = ""
    """Of this pod only"""


class AlertPod(Model):
    """A pod that alerts of a group are about."""

    pod: str
    """Name of the pod"""
    count: int
    """How many alerts"""
    firing: int
    """How many of them are open"""
    last: Time
    """When the latest began, UTC"""


class AlertGroup(Model):
    """The alerts of one day, name and service."""

    day: date
    """On which they began, in the time zone of the cluster"""
    alertname: str
    """What is wrong"""
    namespace: str
    """Where; empty: in no namespace"""
    kind: str
    """Kind of the service; empty where they are about none, or it is not known"""
    name: str
    """Name of the service"""
    severity: str
    """Of the latest of them"""
    summary: str
    """The annotation `summary`, else `message` or `description`, of the latest"""
    alerts: int
    """How many began that day"""
    firing: int
    """How many of them are open"""
    unacknowledged: int
    """How many of those nobody has acknowledged"""
    first: Time
    """When the first began, UTC"""
    last: Time
    """When the latest began, UTC"""
    pod_count: int
    """How many pods they are about"""
    pods: list[AlertPod]
    """Those pods, the first 100: open ones first"""
    nodes: list[str]
    """The nodes that they are about, the first 100"""
    silence_url: str | None
    """Where Alertmanager silences them; null while the setting `alertmanager_url` is empty"""


class AlertGroups(Model):
    """Alerts by day, name and service."""

    items: list[AlertGroup]
    """The groups: the latest day first, and of a day what is open first"""
    total: int
    """How many groups there are"""


class AlertKey(Model):
    """One alert."""

    fingerprint: Fingerprint
    """Of its labels"""
    starts_at: Started
    """Since when it fires"""


class Alert(Model):
    """One alert as it was sent last."""

    fingerprint: str
    """Of its labels"""
    starts_at: Time
    """Since when it fires, UTC"""
    ends_at: Time | None
    """When it was resolved, UTC; null while it is open"""
    state: State
    """`firing` or `resolved`"""
    source: str
    """`alertmanager` or `custom`"""
    alertname: str
    """What is wrong"""
    severity: str
    """As the label says, in small letters"""
    labels: Pairs
    """Every label"""
    annotations: Pairs
    """What people read"""
    cut: int
    """How many of both were left out or cut, being too many or too long"""
    namespace: str
    """Where; empty: in no namespace"""
    kind: str
    """Kind of the service; empty where it is about none, or it is not known"""
    name: str
    """Name of the service"""
    pod: str
    """Name of the pod"""
    node: str
    """Name of the node"""
    generator_url: str
    """Where its expression can be looked at"""
    received_at: Time
    """When it was sent last, UTC"""
    ack_by: str
    """Who has acknowledged it; empty: nobody"""
    ack_note: str
    """What they wrote"""
    ack_at: Time | None
    """When that was, UTC"""


class AlertPage(Model):
    """Single alerts."""

    items: list[Alert]
    """The alerts, the latest first"""
    total: int
    """How many there are"""


class Acknowledgement(Model):
    """Alerts that somebody takes care of."""

    alerts: Annotated[list[AlertKey], Field(min_length=1, max_length=1000)]
    """Which"""
    note: Note = ""
    """What is done about them"""


class Acknowledged(Model):
    """What was acknowledged."""

    count: int
    """How many alerts"""
