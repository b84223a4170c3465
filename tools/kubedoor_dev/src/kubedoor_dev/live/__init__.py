"""What a cluster's exporters tell at this very moment: for stores that are filled, and one that scrapes."""

from kubedoor_dev.live.exporter import scrape_config, serve
from kubedoor_dev.live.model import Autoscaler, Claim, Cluster, Node, Pod, Running, Workload, running
from kubedoor_dev.live.told import samples, series

__all__ = [
    "Autoscaler",
    "Claim",
    "Cluster",
    "Node",
    "Pod",
    "Running",
    "Workload",
    "running",
    "samples",
    "scrape_config",
    "series",
    "serve",
]
