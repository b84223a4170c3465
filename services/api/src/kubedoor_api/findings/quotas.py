"""Which quota a Deployment's next pod would exceed, by what is used and what it asks. Pure."""

from __future__ import annotations

from kubedoor_api.findings.facts import DeploymentState, Facts
from kubedoor_api.kube.manifests import NANO_PER_M, NANO_PER_MIB
from kubedoor_core.domain.quantity import NANO

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
