"""Which pods may be moved, and why others may not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from kubedoor_api.kube.manifests import controller_of, key_of
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.pods.isolation import is_isolated
from kubedoor_api.pods.observed import MAKERS, budgets_of, is_ready
from kubedoor_api.workloads import placing
from kubedoor_core.domain.placement.plan import Use

Key = tuple[str, str]
Uses = Mapping[tuple[str, str, str], Use]
"""What a pod of a service used at the peak, by namespace, kind and name of the service."""
SAFE = "kubedoor.io/safe-to-move"
LOCAL = ("emptyDir", "hostPath")
StayReason = Literal[
    "no_owner", "daemon", "opted_out", "isolated", "local_storage", "budget", "single", "unmeasured"
]  # fmt: skip
"""Why a pod may not move: nobody would remake it; it is a DaemonSet's; its annotation
`kubedoor.io/safe-to-move` is "false"; it is isolated; it has data on its node; its budget allows none to go;
fewer than two pods of its owner are ready; its use was not measured."""


def movable(
    found: Sequence[Pod], budgets: Sequence[PodDisruptionBudget], uses: Uses
) -> tuple[dict[Key, Use], dict[Key, StayReason]]:
    """Return the pods that may move with what each uses, and why others may not, by namespace and name."""
    ready: Counter[str] = Counter(str(controller_of(pod).get("uid")) for pod in found if is_ready(pod))
    may: dict[Key, Use] = {}
    stay: dict[Key, StayReason] = {}
    for pod in found:
        key = key_of(pod)
        use = uses.get(service_of(pod))
        reason = stays(pod, budgets, ready[str(controller_of(pod).get("uid"))], measured=use is not None)
        if reason is not None:
            stay[key] = reason
        elif use is not None:
            may[key] = use
    return may, stay


def service_of(pod: Pod) -> tuple[str, str, str]:
    """Return namespace, kind and name of the service that a pod is of, as daily rows name it."""
    namespace, _ = key_of(pod)
    deployment, owner = placing.deployment_of(pod), controller_of(pod)
    if deployment is not None:
        return namespace, "Deployment", deployment[1]
    return namespace, str(owner.get("kind") or ""), str(owner.get("name") or "")


def stays(
    pod: Pod, budgets: Sequence[PodDisruptionBudget], ready: int, *, measured: bool
) -> StayReason | None:
    """Return why a pod may not move; None: it may.

    :param ready: how many pods of its owner are.
    """
    metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    kind = controller_of(pod).get("kind")
    stands: dict[StayReason, bool] = {
        "daemon": kind == "DaemonSet",
        "no_owner": kind not in MAKERS or placing.pin_of(pod) == "static",
        "opted_out": (metadata.get("annotations") or {}).get(SAFE) == "false",
        "isolated": is_isolated(pod),
        "local_storage": any(name in volume for volume in spec.get("volumes") or [] for name in LOCAL),
        "budget": any(one.allowed < 1 for one in budgets_of(of_namespace(budgets, pod), pod)),
        "single": ready < 2,
        "unmeasured": not measured,
    }
    return next((name for name, holds in stands.items() if holds), None)


def of_namespace(budgets: Sequence[PodDisruptionBudget], pod: Pod) -> list[PodDisruptionBudget]:
    """Return the budgets of a pod's namespace, of those of all."""
    namespace = (pod.get("metadata") or {}).get("namespace")
    return [one for one in budgets if (one.get("metadata") or {}).get("namespace") == namespace]
