"""What an alert is about, by its labels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kubedoor_core.domain.generated_names import service_of
from kubedoor_core.domain.workload import WorkloadKind, workload_kind

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
