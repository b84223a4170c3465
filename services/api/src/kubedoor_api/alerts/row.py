"""An alert as Alertmanager or a script sends it, and as it is stored: cut where it is too long. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from kubedoor_api.web.fields import Model, fault
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.generated_names import service_of
from kubedoor_core.domain.workload import WorkloadKind, workload_kind
from kubedoor_core.problem_codes import FieldCode

State = Literal["firing", "resolved"]
MAX_ALERTS = 20_000
"""In one request; its body is full before, as a rule."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def storable(at: datetime) -> bool:
    """Tell whether a time can be one of an alert's: Alertmanager writes the year 1 for none."""
    return EARLIEST <= at < LATEST


def _started(at: datetime) -> datetime:
    if not storable(at):
        raise fault(FieldCode.OUT_OF_RANGE, "is not between the years 2000 and 2100", least=2000, most=2100)
    return at


Started = Annotated[AwareDatetime, AfterValidator(_started)]
Fingerprint = Annotated[str, Field(pattern=r"^[0-9A-Za-z_.:-]{1,64}$")]
Pairs = dict[str, str]


class Lenient(Model):
    """What others define: a later version may have fields more."""

    model_config = ConfigDict(extra="ignore")


class AlertmanagerAlert(Lenient):
    """One alert as Alertmanager sends it."""

    status: State
    """Whether it fires"""
    labels: Pairs
    """What tells it from others; all are kept"""
    annotations: Pairs = Field(default_factory=dict)
    """What people read"""
    starts_at: Started = Field(alias="startsAt")
    """Since when it fires, UTC"""
    ends_at: AwareDatetime | None = Field(None, alias="endsAt")
    """When it was resolved, UTC; the year 1 while it fires"""
    generator_url: str = Field("", alias="generatorURL")
    """Where its expression can be looked at"""
    fingerprint: Fingerprint
    """Of its labels"""


class AlertmanagerMessage(Lenient):
    """The body of Alertmanager's webhook, version 4."""

    version: Literal["4"]
    """Version of the body"""
    alerts: Annotated[list[AlertmanagerAlert], Field(max_length=MAX_ALERTS)]
    """The alerts of a group"""
    truncated: Annotated[int, Field(ge=0, alias="truncatedAlerts")] = 0
    """How many Alertmanager left out, by `max_alerts` of the receiver: leave it at 0"""


class CustomAlert(Model):
    """An alert of a script's own."""

    alertname: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
    """What is wrong, in a word, such as `BackupFailed`"""
    starts_at: Started
    """Since when; send the same once more to resolve it"""
    state: State = "firing"
    """Whether it fires"""
    ends_at: AwareDatetime | None = None
    """When it was resolved, UTC; null: now"""
    labels: Pairs = Field(default_factory=dict)
    """What tells it from others, and where it is: `severity`, `namespace`, `pod`, `deployment`, ..."""
    annotations: Pairs = Field(default_factory=dict)
    """What people read, such as `summary`"""

    @property
    def every_label(self) -> Pairs:
        """The labels with the name, as Alertmanager has them."""
        return {**self.labels, "alertname": self.alertname}

    @property
    def fingerprint(self) -> str:
        """What tells it from others: of its labels, and never one of Alertmanager's."""
        text = json.dumps(self.every_label, sort_keys=True)
        return f"c{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class CustomAlerts(Model):
    """Alerts of a script's own."""

    alerts: Annotated[list[CustomAlert], Field(min_length=1, max_length=1000)]
    """The alerts"""


class AlertsTaken(Model):
    """What was taken; it is stored by now."""

    taken: int
    """How many alerts"""
    cut: int
    """How many of their labels and annotations were left out or cut, being too many or too long"""


MAX_NAME = 253
_KINDS: Mapping[str, WorkloadKind] = {
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "daemonset": "DaemonSet",
}
_NAMED_KINDS = (
    ("workload_type", "workload"),
    ("owner_kind", "owner_name"),
    ("created_by_kind", "created_by_name"),
)
"""Labels of the kind and the name: of the kubernetes-mixin, and of kube-state-metrics."""


class Place(NamedTuple):
    """Where an alert belongs; what is not known is empty.

    :ivar kind: of the service, as `name` is its name; both are empty where it is about none.
    """

    namespace: str = ""
    kind: str = ""
    name: str = ""
    pod: str = ""
    node: str = ""


def place_of(labels: Mapping[str, str]) -> Place:
    """Return what labels say.

    Where there is `exported_namespace`, Prometheus has put the scraped one's own labels aside: `namespace`
    and `pod` are then those of kube-state-metrics, or whatever else was scraped.
    """
    aside = "exported_" if labels.get("exported_namespace") else ""
    namespace, pod, node = (
        labels.get(f"{aside}{name}", "")[:MAX_NAME] for name in ("namespace", "pod", "node")
    )
    if not namespace:
        return Place(node=node)
    kind, name = _service(labels, pod)
    return Place(namespace, kind, name[:MAX_NAME], pod, node)


def _service(labels: Mapping[str, str], pod: str) -> tuple[str, str]:
    for label, kind in _KINDS.items():
        if name := labels.get(label) or labels.get(f"exported_{label}"):
            return kind, name
    for kind_label, name_label in _NAMED_KINDS:
        given, name = labels.get(kind_label, ""), labels.get(name_label, "")
        known = _KINDS.get(given.lower()) or workload_kind(given)
        if name and (found := (known, name) if known else service_of(given, name)):
            return found
    return service_of("Pod", pod) or ("", "")


MAX_PAIRS = 64
MAX_KEY = 128
MAX_LABEL = 1024
MAX_ANNOTATION = 2048
MAX_URL = 4096
MAX_SEVERITY = 32
CUT = "…"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATE_S = 300
"""What was sent before an alert was resolved may come so much later, in seconds.

A repeated request, or one of a second Alertmanager, comes within seconds. An alert that fires anew does so
with another `startsAt`, unless Prometheus was away for a while; then it takes ten minutes, the least by
default of `--rules.alert.for-grace-period`, until it fires with the old one.
"""

Columns = Mapping[str, object]
Source = Literal["alertmanager", "custom"]


def cut_pairs(pairs: Mapping[str, str], most: int) -> tuple[dict[str, str], int]:
    """Return labels or annotations that fit, the first by name, and how many were left out or cut.

    :param most: characters of a value.
    """
    kept, cut = dict[str, str](), max(0, len(pairs) - MAX_PAIRS)
    for key in sorted(pairs)[:MAX_PAIRS]:
        value = pairs[key]
        if len(key) > MAX_KEY or len(value) > most:
            cut += 1
            key, value = key[:MAX_KEY], value if len(value) <= most else value[: most - 1] + CUT  # noqa: PLW2901
        kept[key] = value
    return kept, cut


def row_of(env: str, sent: AlertmanagerAlert | CustomAlert, now: datetime) -> Columns:
    """Return the row of an alert that came now."""
    if isinstance(sent, AlertmanagerAlert):
        source, state, every, url = "alertmanager", sent.status, sent.labels, sent.generator_url
    else:
        source, state, every, url = "custom", sent.state, sent.every_label, ""
    labels, labels_cut = cut_pairs(every, MAX_LABEL)
    annotations, annotations_cut = cut_pairs(sent.annotations, MAX_ANNOTATION)
    resolved = state == "resolved"
    ended = sent.ends_at if sent.ends_at and storable(sent.ends_at) else now
    return {
        "env": env,
        "fingerprint": sent.fingerprint,
        "starts_at": timestamp(sent.starts_at),
        "part": "sent",
        "source": source,
        "alertname": every.get("alertname", "")[:MAX_LABEL],
        "severity": every.get("severity", "").lower()[:MAX_SEVERITY],
        "labels": labels,
        "annotations": annotations,
        "cut": labels_cut + annotations_cut,
        **place_of(every)._asdict(),
        "state": state,
        "ends_at": timestamp(ended) if resolved else None,
        "generator_url": url if len(url) <= MAX_URL else "",
        "received_at": timestamp(now),
        "version": version_of(now, resolved=resolved),
    }


def version_of(now: datetime, *, resolved: bool) -> int:
    """Return what says which of two rows of an alert holds, in whatever order they came."""
    holds_until = now + timedelta(seconds=LATE_S if resolved else 0)
    return (holds_until - EPOCH) // timedelta(microseconds=1)
