"""The metrics by which requests are counted, and what they call their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from kubedoor_core.metrics.counted import Matchers
from kubedoor_core.metrics.labelling import NAMESPACES, PODS, Candidates

TrafficSource = Literal["istio", "linkerd", "micrometer", "otel", "grpc", "dubbo", "ingress"]
SOURCES: tuple[TrafficSource, ...] = get_args(TrafficSource)
"""In the order in which they are believed: what a mesh counts, it counts for all alike; an Ingress controller
sees only what comes from outside."""
INGRESS: TrafficSource = "ingress"
Quantile = Literal["latency_p50_ms", "latency_p95_ms", "latency_p99_ms"]


@dataclass(frozen=True)
class Dialect:
    """How one source counts requests.

    :ivar requests: the counter; ``counted`` chooses those that count, not health checks and the like.
    :ivar failed: sets of matchers, no two of which choose the same series, of the failed ones among them.
    :ivar errors: the counter of failures, where they have one of their own; it has ``failed``, too.
    :ivar buckets: the histogram of latencies, whose bounds are in ``unit_ms``; empty where there is none.
    :ivar quantiles: gauges of latencies in milliseconds, of each pod and method, where there is no histogram.
    """

    source: TrafficSource
    requests: str
    counted: Matchers
    failed: tuple[Matchers, ...]
    buckets: str = ""
    unit_ms: float = 1.0
    errors: str = ""
    quantiles: Mapping[Quantile, str] = field(default_factory=dict)
    candidates: Candidates = field(default_factory=Candidates)

    @property
    def shown_by(self) -> tuple[str, Matchers]:
        """The counter that a store has where it has this dialect."""
        return self.requests, self.counted


_ISTIO_FAILED = (('response_code=~"5.."',), ('response_code!~"5.."', 'grpc_response_status!~"0?"'))
_ISTIO_BUCKETS = "istio_request_duration_milliseconds_bucket"
_ISTIO_WORKLOAD = Candidates(("destination_workload_namespace",), ("destination_workload",))
_HEALTH = "/health.*|/livez|/readyz"
_OTEL = Candidates(
    ("k8s_namespace_name", *NAMESPACES),
    ("k8s_deployment_name", "k8s_statefulset_name", "k8s_daemonset_name"),
    ("k8s_pod_name", *PODS),
)

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        "istio", "istio_requests_total", ('reporter="destination"',), _ISTIO_FAILED, _ISTIO_BUCKETS,
        candidates=_ISTIO_WORKLOAD,
    ),
    # A waypoint counts for the pods behind it: its own pod says nothing of whom it asks.
    Dialect(
        "istio", "istio_requests_total", ('reporter="waypoint"',), _ISTIO_FAILED, _ISTIO_BUCKETS,
        candidates=replace(_ISTIO_WORKLOAD, pods=()),
    ),
    Dialect(
        "linkerd", "request_total", ('direction="inbound"',), (('classification="failure"',),),
        "response_latency_ms_bucket", errors="response_total",
        candidates=Candidates(workloads=("deployment",)),
    ),
    Dialect(
        "micrometer", "http_server_requests_seconds_count", (f'uri!~"/actuator.*|{_HEALTH}"',),
        (('status=~"5.."',),), "http_server_requests_seconds_bucket", 1000.0,
    ),
    Dialect(
        "otel", "http_server_request_duration_seconds_count", (f'http_route!~"{_HEALTH}"',),
        (('http_response_status_code=~"5.."',),), "http_server_request_duration_seconds_bucket", 1000.0,
        candidates=_OTEL,
    ),
    Dialect(
        "otel", "http_server_duration_milliseconds_count", (f'http_route!~"{_HEALTH}"',),
        (('http_status_code=~"5.."',),), "http_server_duration_milliseconds_bucket", candidates=_OTEL,
    ),
    Dialect(
        "grpc", "grpc_server_handled_total", ('grpc_service!~"grpc.health.*"',),
        (('grpc_code=~"Unknown|DeadlineExceeded|Internal|Unavailable|DataLoss"',),),
        "grpc_server_handling_seconds_bucket", 1000.0,
    ),
    Dialect(
        "dubbo", "dubbo_provider_requests_total", (), ((),), errors="dubbo_provider_requests_failed_total",
        quantiles={
            "latency_p50_ms": "dubbo_provider_rt_milliseconds_p50",
            "latency_p95_ms": "dubbo_provider_rt_milliseconds_p95",
            "latency_p99_ms": "dubbo_provider_rt_milliseconds_p99",
        },
    ),
    # It tells the Service that it asks, and of its own pod only which of the controllers it is.
    Dialect(
        INGRESS, "nginx_ingress_controller_requests", (), (('status=~"5.."',),),
        "nginx_ingress_controller_request_duration_seconds_bucket", 1000.0,
        candidates=Candidates(("exported_namespace", "namespace"), ("exported_service", "service"), ()),
    ),
)  # fmt: skip


def dialects(
    sources: Iterable[TrafficSource], namespace_label: str = "", pod_label: str = ""
) -> list[Dialect]:
    """Return the dialects of some sources, in their order.

    :param namespace_label: a label that tells the namespace before all that are known; likewise
        ``pod_label``.
    """
    every = [one for source in sources for one in DIALECTS if one.source == source]
    return [
        one
        if one.source in ("istio", INGRESS)
        else replace(one, candidates=one.candidates.preferring(namespace_label, pod_label))
        for one in every
    ]
