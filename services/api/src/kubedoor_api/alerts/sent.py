"""What is sent: Alertmanager's webhook, version 4, and alerts of scripts' own."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from kubedoor_api.web.fields import Model, fault
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
