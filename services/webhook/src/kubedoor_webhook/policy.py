"""What holds for the env as a whole, out of its stored settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.env_policy import AdmissionPolicy, admission_policy, read_policy


@dataclass(frozen=True, slots=True)
class Defaults:
    """The policy's values from the environment, where no stored setting overrules them."""

    namespaces: str = ".*"
    namespaces_excluded: str = ""
    own_namespace: str = ""
    allow_scale_to_zero: str = ""
    floors: Floors = field(default_factory=Floors)


def policy_from_rows(rows: Iterable[Mapping[str, Any]], defaults: Defaults) -> AdmissionPolicy:
    """Read the policy out of rows of `setting`; a stored value wins over the environment."""
    environment = {
        "namespaces": defaults.namespaces,
        "namespaces_excluded": defaults.namespaces_excluded,
        "allow_scale_to_zero": defaults.allow_scale_to_zero,
        "floor_cpu_m": defaults.floors.cpu_m,
        "floor_mem_mib": defaults.floors.mem_mib,
    }
    stored = ((row["namespace"], row["key"], row["value"]) for row in rows)
    return admission_policy(read_policy(stored, environment), defaults.own_namespace)
