"""What Prometheus scrapes of the cluster, named as kube-prometheus names it, and what it has by then."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Any

from e2e.support.cadvisor import PATH
from e2e.support.installation import NODES, node_name

Json = dict[str, Any]
INTERVAL_S = 10


def scrape_configs(state_metrics: str, cadvisor: str) -> list[Json]:
    """Return Prometheus' scrape configs; both are `host:port`."""
    every = {"scrape_interval": f"{INTERVAL_S}s", "scrape_timeout": f"{INTERVAL_S}s"}
    nodes = [_kubelet(node_name(number), cadvisor) for number in range(NODES)]
    return [
        {"job_name": "kube-state-metrics", **every, "static_configs": [{"targets": [state_metrics]}]},
        {"job_name": "kubelet", **every, "static_configs": nodes},
    ]


def _kubelet(node: str, cadvisor: str) -> Json:
    labels = {"__metrics_path__": PATH.format(node), "metrics_path": "/metrics/cadvisor", "node": node}
    return {"targets": [cadvisor], "labels": {**labels, "instance": f"{node}:10250"}}


def values(prometheus_url: str, query: str) -> list[float]:
    """Return the values of an instant query."""
    url = f"{prometheus_url}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        return [float(one["value"][1]) for one in json.load(answer)["data"]["result"]]
