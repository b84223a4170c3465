"""What `/metrics` tells of the API: requests by operation and status, and how long they took."""

from __future__ import annotations

import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


def metrics_middleware(registry: CollectorRegistry) -> Middleware:
    """Return a middleware that counts into a registry, by route template: paths hold names without end."""
    seconds = Histogram(
        "kubedoor_api_request_seconds",
        "Seconds that requests took",
        ["method", "route", "status"],
        registry=registry,
        buckets=BUCKETS,
    )

    @web.middleware
    async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = time.perf_counter()
        response = await handler(request)
        resource = request.match_info.route.resource
        route = resource.canonical if resource else "none"
        seconds.labels(request.method, route, str(response.status)).observe(time.perf_counter() - began)
        return response

    return measure
