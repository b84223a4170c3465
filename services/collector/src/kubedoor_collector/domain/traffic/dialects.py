"""The metrics by which requests are counted, and what they call their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kubedoor_collector.domain.promql import Names
from kubedoor_collector.domain.samples import Labels

TrafficSource = Literal["istio", "linkerd", "micrometer", "otel", "grpc"]
Matchers = tuple[str, ...]

NAMESPACES = ("exported_namespace", "namespace", "kubernetes_namespace")
PODS = ("exported_pod", "pod", "kubernetes_pod_name")
"""Scraped without `honor_labels`, the exporter's own place has the plain names."""


@dataclass(frozen=True)
class Dialect:
    """How one source counts requests.

    :ivar requests: the counter; ``counted`` chooses those that count, not health checks and the like.
    :ivar failed: sets of matchers, no two of which choose the same series, of the failed ones among them.
    :ivar errors: the counter of failures, where they have one of their own; it has ``failed``, too.
    :ivar buckets: the histogram of latencies, whose bounds are in ``unit_ms``.
    :ivar namespaces: labels that may hold the namespace, the likeliest first; ``workloads`` the workload, and
        ``pods`` the pod.
    """

    source: TrafficSource
    requests: str
    counted: Matchers
    failed: tuple[Matchers, ...]
    buckets: str
    unit_ms: float
    errors: str = ""
    namespaces: tuple[str, ...] = NAMESPACES
    workloads: tuple[str, ...] = ()
    pods: tuple[str, ...] = PODS


DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        "istio", "istio_requests_total", ('reporter="destination"',),
        (('response_code=~"5.."',), ('response_code!~"5.."', 'grpc_response_status!~"0?"')),
        "istio_request_duration_milliseconds_bucket", 1.0,
        namespaces=("destination_workload_namespace",), workloads=("destination_workload",),
    ),
    Dialect(
        "linkerd", "request_total", ('direction="inbound"',), (('classification="failure"',),),
        "response_latency_ms_bucket", 1.0, errors="response_total", workloads=("deployment",),
    ),
    Dialect(
        "micrometer", "http_server_requests_seconds_count", ('uri!~"/actuator.*|/health.*|/livez|/readyz"',),
        (('status=~"5.."',),), "http_server_requests_seconds_bucket", 1000.0,
    ),
    Dialect(
        "otel", "http_server_request_duration_seconds_count",
        ('http_route!~"/health.*|/livez|/readyz"',), (('http_response_status_code=~"5.."',),),
        "http_server_request_duration_seconds_bucket", 1000.0,
        namespaces=("k8s_namespace_name", *NAMESPACES), pods=("k8s_pod_name", *PODS),
    ),
    Dialect(
        "otel", "http_server_duration_milliseconds_count",
        ('http_route!~"/health.*|/livez|/readyz"',), (('http_status_code=~"5.."',),),
        "http_server_duration_milliseconds_bucket", 1.0,
        namespaces=("k8s_namespace_name", *NAMESPACES), pods=("k8s_pod_name", *PODS),
    ),
    Dialect(
        "grpc", "grpc_server_handled_total", ('grpc_service!~"grpc.health.*"',),
        (('grpc_code=~"Unknown|DeadlineExceeded|Internal|Unavailable|DataLoss"',),),
        "grpc_server_handling_seconds_bucket", 1000.0,
    ),
)  # fmt: skip
"""In the order in which they are believed: what a mesh counts, it counts for all alike."""


@dataclass(frozen=True)
class Spoken:
    """A dialect that a store has, with the labels that its series have.

    :ivar workload: empty where no label tells it; likewise ``pod``.
    """

    dialect: Dialect
    namespace: str
    workload: str
    pod: str

    @property
    def names(self) -> Names:
        """What a part of an env is chosen by: a large one by its pods' names, or its workloads'."""
        return Names(self.namespace, self.pod or self.workload)

    @property
    def place(self) -> tuple[str, ...]:
        """The labels by which series are added up."""
        return tuple(label for label in (self.namespace, self.workload, self.pod) if label)


def spoken(examples: Sequence[Labels]) -> list[Spoken]:
    """Return the dialects that a store has; one whose series tell no place is left out.

    :param examples: the labels of one series of each counter.
    """
    by_name: Mapping[str, Labels] = {one.get("__name__", ""): one for one in examples}
    found = []
    for dialect in DIALECTS:
        labels = by_name.get(dialect.requests)
        if labels is None:
            continue
        one = Spoken(
            dialect,
            _first(dialect.namespaces, labels),
            _first(dialect.workloads, labels),
            _first(dialect.pods, labels),
        )
        if one.namespace and (one.workload or one.pod):
            found.append(one)
    return found


def _first(names: Sequence[str], labels: Labels) -> str:
    return next((name for name in names if labels.get(name)), "")
