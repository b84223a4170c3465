"""The webhook's copy of the control table: a value, replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.admission.limit_range import LimitRange
from kubedoor_core.domain.control import Service, service_from_row
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.domain.invalid_values import InvalidValue
from kubedoor_webhook.losses import Key, Keys, Loss

SOURCES = ("control", "derived", "setting", "autoscaler", "limit_range")
"""The tables that admission goes by."""
OF_SERVICES = ("control", "derived", "autoscaler")
"""Those whose rows are each of one service."""


class Rows(NamedTuple):
    """The rows of an env in one table: how many, their largest version, and the sum of the versions."""

    number: int
    version: int
    sum: int


NONE = Rows(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Watermark:
    """A state of the tables; two that are equal saw the same rows.

    An edit changes all three figures of a table, and so does a merge that drops an old version, which costs
    no more than a look-up.
    """

    control: Rows
    derived: Rows
    setting: Rows
    autoscaler: Rows = NONE
    limit_range: Rows = NONE

    @property
    def has_services(self) -> bool:
        """Tell whether any row, live or removed, speaks of a service."""
        return self.control.number + self.derived.number > 0

    def of_services(self) -> tuple[Rows, ...]:
        """Return the state of the tables whose rows are each of one service."""
        return tuple(getattr(self, source) for source in OF_SERVICES)

    def versions(self) -> dict[str, int]:
        """Return the largest version of each table."""
        return {source: getattr(self, source).version for source in SOURCES}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every registered service of the env, and the policy.

    :param mark: the number of changes that had been announced before it was read; None: it tells nothing.
    :param keys: the services and settings that the tables have rows of, tombstones included.
    :param settings: the rows of `setting` that the policy was made of.
    :param invalid_values: what rows of services hold and must not, each read as unset.
    :param limit_ranges: what the LimitRanges of a namespace allow, for those that have some.
    """

    services: Mapping[Key, Service]
    policy: AdmissionPolicy
    watermark: Watermark
    mark: int | None
    keys: Keys
    settings: Mapping[Key, Mapping[str, Any]]
    limit_ranges: Mapping[str, LimitRange] = field(default_factory=dict)
    invalid_values: tuple[InvalidValue, ...] = ()
    control_loss: Loss[Service] = field(default_factory=Loss)
    derived_loss: Loss[Service] = field(default_factory=Loss)
    setting_loss: Loss[Mapping[str, Any]] = field(default_factory=Loss)

    def find(self, namespace: str, name: str) -> Service | None:
        """Return a service's row of the control table, or None where it is not registered."""
        return self.services.get((namespace, name))

    def rules(self, namespace: str, name: str) -> Rules:
        """Return what holds for a service beside its row."""
        limit_range = self.limit_ranges.get(namespace)
        return self.policy.rules_of(namespace, name, limit_range)

    @property
    def losses(self) -> Mapping[str, Loss[Service] | Loss[Mapping[str, Any]]]:
        """What is gone of each table without a tombstone."""
        return {"control": self.control_loss, "derived": self.derived_loss, "setting": self.setting_loss}


def services_from_rows(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Service]:
    """Index rows of `effective`.

    :raises KeyError, ValueError, TypeError: for a row that is none.
    """
    services = map(service_from_row, rows)
    return {(service.namespace, service.name): service for service in services}
