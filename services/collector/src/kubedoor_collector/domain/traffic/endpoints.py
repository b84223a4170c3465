"""Which service stands behind a Kubernetes Service: that of which all its endpoints' pods are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.services import Services
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.metrics.samples import Labels
from kubedoor_core.metrics.selecting import Part

ENDPOINT, POD = "kube_endpoint_address", "kube_pod_info"


class Asked(NamedTuple):
    """A Kubernetes Service."""

    namespace: str
    service: str


@dataclass(frozen=True)
class Behind:
    """The services behind some Services, and the Services of which none or no single one is known."""

    services: Mapping[Asked, ServiceKey]
    unmatched: list[LeftOut]

    def find(self, namespace: str, workload: str, pod: str) -> ServiceKey | None:  # noqa: ARG002 a ServiceOf
        """Return the service behind a Service, which stands where others name the workload."""
        return self.services.get(Asked(namespace, workload))


def endpoints(part: Part, window_s: int) -> str:
    """Return the query of each Service's addresses and each pod's, as kube-state-metrics tells them."""
    names, last = part.scope.exporter, f"[{window_s}s]"
    kept = f"__name__, {names.namespace}, {names.pod}, endpoint, exported_endpoint, ip, pod_ip"
    addresses = f"last_over_time({part.exporter(ENDPOINT)}{last})"
    own = 'host_network!="true"'
    pods = f"last_over_time({part.exporter(POD, own)}{last})"
    return f"group by ({kept}) ({addresses}) or group by ({kept}) ({pods})"


def behind(asked: Iterable[Asked], told: Iterable[Labels], services: Services) -> Behind:
    """Find what stands behind some Services.

    :param told: the labels of the answer to `endpoints`.
    """
    pods: dict[tuple[str, str], set[ServiceKey | None]] = defaultdict(set)
    addresses: dict[Asked, set[str]] = defaultdict(set)
    for labels in told:
        namespace = labels.get("namespace", "")
        if labels.get("__name__") == POD:
            service = services.find(namespace, "", labels.get("pod", ""))
            pods[namespace, labels.get("pod_ip", "")].add(service)
        else:
            name = labels.get("exported_endpoint") or labels.get("endpoint", "")
            addresses[Asked(namespace, name)].add(labels.get("ip", ""))
    found: dict[Asked, ServiceKey] = {}
    unmatched: list[LeftOut] = []
    for one in sorted(set(asked)):
        of = {service for ip in addresses.get(one, ()) for service in pods.get((one.namespace, ip), {None})}
        match list(of):
            case [tuple() as service]:
                found[one] = service
            case _:
                unmatched.append(LeftOut("ingress_unmatched", *one))
    return Behind(found, unmatched)
