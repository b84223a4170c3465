"""The webhook's copy of the control table: a value, replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kubedoor_core.domain.control import Service, service_from_row
from kubedoor_webhook.policy import Policy

Key = tuple[str, str]
"""Namespace and Deployment."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """A state of the tables; two that are equal saw the same rows.

    Per table of the env: number of rows, largest version, sum of versions. An edit changes all three, and
    so does a merge that drops an old version, which costs no more than a look-up.
    """

    control: tuple[int, int, int]
    derived: tuple[int, int, int]
    setting: tuple[int, int, int]

    @property
    def has_services(self) -> bool:
        """Tell whether any row, live or removed, speaks of a service."""
        return self.control[0] + self.derived[0] > 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every registered service of the env, and the policy.

    ``mark`` is the number of changes that had been announced before it was read.
    """

    services: Mapping[Key, Service]
    policy: Policy
    watermark: Watermark
    mark: int

    def find(self, namespace: str, deployment: str) -> Service | None:
        """Return a service's row of the control table, or None where it is not registered."""
        return self.services.get((namespace, deployment))


def services_from_rows(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Service]:
    """Index rows of `effective`.

    :raises KeyError, ValueError, TypeError: for a row that is none.
    """
    services = map(service_from_row, rows)
    return {(service.namespace, service.deployment): service for service in services}
