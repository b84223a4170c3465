"""Which node a series is of, whichever of its labels names it or its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kubedoor_core.metrics.samples import Labels

NAMED_BY = ("exported_node", "node", "kubernetes_node", "kubernetes_io_hostname", "nodename")
"""Labels that hold a node's name; scraped without `honor_labels`, `node` is that of the exporter."""
INSTANCE = "instance"


def host_of(instance: str) -> str:
    """Return the host of an address that was scraped: without its port, an IPv6 one without its brackets."""
    if instance.startswith("["):
        return instance[1:].partition("]")[0]
    return instance.partition(":")[0] if instance.count(":") == 1 else instance


@dataclass(frozen=True)
class NodeNames:
    """The nodes of an env.

    :ivar known: their names; empty where the store tells of none, so that a label of a series is believed.
    :ivar by_host: the node behind a host name or address.
    """

    known: frozenset[str] = frozenset()
    by_host: Mapping[str, str] = field(default_factory=dict)

    def of(self, labels: Labels) -> str:
        """Return the node that a series is of, by its labels, else by what was scraped; empty: unknown."""
        host = host_of(labels.get(INSTANCE, ""))
        named = [labels[name] for name in NAMED_BY if labels.get(name)]
        for name in (*named, host, self.by_host.get(host, "")):
            if name in self.known:
                return name
        return "" if self.known else next(iter(named), self.by_host.get(host, ""))


def node_names(known: Iterable[str], infos: Iterable[Labels]) -> NodeNames:
    """Return the nodes of an env.

    :param infos: labels of `kube_node_info` (node and internal_ip) and of `node_uname_info` (nodename, and
        the instance that tells it).
    """
    by_host: dict[str, str] = {}
    for labels in infos:
        if labels.get("nodename") and labels.get(INSTANCE):
            by_host.setdefault(host_of(labels[INSTANCE]), labels["nodename"])
        node = labels.get("exported_node") or labels.get("node")
        if labels.get("internal_ip") and node:
            by_host[labels["internal_ip"]] = node
    return NodeNames(frozenset(known), by_host)
