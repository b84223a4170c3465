"""What a collection leaves out, and why: nothing goes missing in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kubedoor_core.domain.left_out import LeftOutReason

WORDS: dict[LeftOutReason, str] = {
    "no_owner": "pods without a controller: made by hand, or taken out of their ReplicaSet",
    "owner_unknown": "pods of which kube-state-metrics tells no owner, though it does of others:"
    " is it limited to some namespaces?",
    "several_owners": "pods of which kube-state-metrics tells several controllers",
    "name_unknown": "pods whose name is not one that a Deployment's ReplicaSet gives;"
    " without kube_pod_owner in the store nothing else tells whose they are",
    "not_running": "services none of whose pods ran in the window",
    "not_in_spec": "containers that are not in their pod's spec, as those of kubectl debug",
    "odd_interval": "scraped at an interval that neither divides a minute nor is a multiple of one:"
    " figures by the minute are coarser",
    "traffic_failed": "the requests of all services: the store did not answer that question, as the log says",
    "jvm_failed": "the JVMs of all services: the store did not answer that question, as the log says",
    "nodes_failed": "the nodes: the store did not answer that question, as the log says",
    "node_unknown": "series of a node's use of which nothing tells the node: keep the label `node` when"
    " scraping, or let kube-state-metrics tell kube_node_info",
    "counter_unplaced": "series of counters whose labels name no pod: say which do by"
    " KUBEDOOR_NAMESPACE_LABEL and KUBEDOOR_POD_LABEL, or keep such labels when scraping",
    "counter_unknown_pod": "counters of pods or workloads of which the store tells nothing else: are they"
    " labelled with the exporter's place instead of their own?",
    "ingress_unmatched": "Services that an Ingress controller asks, and of whose pods the store does not tell"
    " that all are of one service: let kube-state-metrics tell kube_endpoint_address and kube_pod_info",
    "jvm_container": "services of several containers whose JVMs name none: they are taken for the one with"
    " most memory; keep the label `container` when scraping",
}
"""Each reason in words; the way out is in them."""


@dataclass(frozen=True, order=True)
class LeftOut:
    """Something that has no figures, or not the usual ones.

    :ivar name: a service, else a pod, else a service's container, else an interval, a metric or its source,
        or an address; empty for those of a reason that are too many to name.
    :ivar count: how many pods, containers or series it was.
    """

    why: LeftOutReason
    namespace: str
    name: str
    count: int = 1


def gathered(found: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Add up what is the same, in order."""
    counted: Counter[tuple[LeftOutReason, str, str]] = Counter()
    for one in found:
        counted[one.why, one.namespace, one.name] += one.count
    return tuple(LeftOut(*key, count) for key, count in sorted(counted.items()))


def shortened(found: Sequence[LeftOut], most: int) -> list[LeftOut]:
    """Return the first so many, and the rest of each reason as one entry without a name."""
    rest: Counter[LeftOutReason] = Counter()
    for one in found[most:]:
        rest[one.why] += one.count
    return [*found[:most], *(LeftOut(why, "", "", count) for why, count in sorted(rest.items()))]
