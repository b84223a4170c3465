"""The webhook's copy of the control table: a value, replaced as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubedoor_core.domain.control import Service, service_from_row
from kubedoor_core.domain.mode import Mode, governed, resolve
from kubedoor_core.domain.settle import Floors

Key = tuple[str, str]
"""Namespace and Deployment."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for the env as a whole: modes, governed namespaces and floors."""

    env_mode: Mode | None
    namespace_modes: Mapping[str, Mode]
    namespaces: re.Pattern[str]
    own_namespace: str
    floors: Floors

    def mode(self, namespace: str, service: Service | None) -> Mode:
        """Return the mode that holds for a request about a service of a namespace."""
        if not governed(namespace, self.namespaces, self.own_namespace):
            return Mode.OFF
        of_service = service.mode if service else None
        return resolve(self.env_mode, self.namespace_modes.get(namespace), of_service)


@dataclass(frozen=True, slots=True)
class Defaults:
    """The policy's values from the environment, where no stored setting overrules them."""

    namespaces: str = ".*"
    own_namespace: str = ""
    floors: Floors = field(default_factory=Floors)


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


def policy_from_rows(rows: Iterable[Mapping[str, Any]], defaults: Defaults) -> Policy:
    """Read the policy out of rows of `setting`; a stored value wins over the environment.

    :raises ValueError: for a value that is not what its key asks for.
    """
    stored = {(row["namespace"], row["key"]): json.loads(row["value"]) for row in rows}
    modes = {namespace: Mode(value) for (namespace, key), value in stored.items() if key == "mode"}
    return Policy(
        env_mode=modes.pop("", None),
        namespace_modes=modes,
        namespaces=re.compile(str(stored.get(("", "namespaces"), defaults.namespaces))),
        own_namespace=defaults.own_namespace,
        floors=Floors(
            int(stored.get(("", "floor_cpu_m"), defaults.floors.cpu_m)),
            int(stored.get(("", "floor_mem_mib"), defaults.floors.mem_mib)),
        ),
    )
