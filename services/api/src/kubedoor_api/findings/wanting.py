"""What is wanting where a container can't be created or a pod made: an object, or room in a quota. Pure."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from kubedoor_api.findings.facts import DeploymentState, Facts
from kubedoor_api.kube.manifests import NANO_PER_M, NANO_PER_MIB
from kubedoor_core.domain.quantity import NANO

NOT_CREATED = frozenset({"CreateContainerConfigError", "CreateContainerError"})
"""Why a container waits whose image is there."""
MissingKind = Literal["Secret", "ConfigMap"]
_KINDS: dict[str, MissingKind] = {"secret": "Secret", "configmap": "ConfigMap"}
_OBJECT = re.compile(r'\b(secret|configmap)s? "([^"]{1,253})" not found', re.IGNORECASE)
_KEY = re.compile(r"couldn't find key (\S{1,253}) in (secret|configmap) (?:\S+/)?(\S{1,253})", re.IGNORECASE)
ASKED = {
    "cpu": "request_cpu_m",
    "requests.cpu": "request_cpu_m",
    "limits.cpu": "limit_cpu_m",
    "memory": "request_mem_mib",
    "requests.memory": "request_mem_mib",
    "limits.memory": "limit_mem_mib",
}
"""What a quota counts, and the value of containers that it adds up."""
COUNTED = ("pods", "count/pods")


class Missing(NamedTuple):
    """What is missing: a Secret or a ConfigMap, or a key of one.

    :ivar key: empty where the object itself is missing.
    """

    kind: MissingKind
    name: str
    key: str = ""


def missing_of(said: str) -> Missing | None:
    """Return what a kubelet's message says is missing; None where it says something else."""
    if (found := _KEY.search(said)) is not None:
        return Missing(_KINDS[found[2].lower()], found[3], found[1])
    if (found := _OBJECT.search(said)) is not None:
        return Missing(_KINDS[found[1].lower()], found[2])
    return None


def exceeded(facts: Facts, deployment: DeploymentState) -> tuple[str, dict[str, str | int]] | None:
    """Return the name of the quota that has no room for one more pod, and by what; None if all have."""
    sets = facts.sets_of.get((deployment.namespace, deployment.name))
    if not sets:
        return None
    values = sets[0].template.values
    for quota in facts.quotas:
        if quota.namespace != deployment.namespace:
            continue
        for name, hard in quota.hard.items():
            column = ASKED.get(name)
            if column is None and name not in COUNTED:
                continue
            unit = NANO if column is None else NANO_PER_M if column.endswith("_m") else NANO_PER_MIB
            asked = sum(value for (_, what), value in values.items() if what == column) if column else 1
            used = quota.used.get(name, 0)
            if used + asked * unit > hard:
                counts = {"asked": asked, "used": used // unit, "hard": hard // unit}
                return quota.name, {"quota": quota.name, "resource": name, **counts}
    return None
