"""What can go wrong with a store of metrics: it refused, it was too much for it, it could not be asked."""

from __future__ import annotations

from kubedoor_core.errors import KubeDoorError, UnavailableError


class PrometheusError(KubeDoorError):
    """The store refused a query, or answered with something that is no complete result."""


class QueryTooHeavyError(PrometheusError):
    """A query, or its answer, is too large or takes too long: a smaller one may pass."""


class PrometheusUnavailableError(UnavailableError):
    """The store could not be reached or did not answer in time."""

    part = "prometheus"
