"""The boundary to Prometheus and VictoriaMetrics: queries in, values out, our own errors."""

from kubedoor_core.prometheus.client import Prometheus, connect, wait_until_up
from kubedoor_core.prometheus.errors import (
    PrometheusError,
    PrometheusUnavailableError,
    QueryTooHeavyError,
)
from kubedoor_core.prometheus.pool import Pool
from kubedoor_core.prometheus.results import Curve, Matrix, Sample, Vector
from kubedoor_core.prometheus.store import Store

__all__ = [
    "Curve",
    "Matrix",
    "Pool",
    "Prometheus",
    "PrometheusError",
    "PrometheusUnavailableError",
    "QueryTooHeavyError",
    "Sample",
    "Store",
    "Vector",
    "connect",
    "wait_until_up",
]
