"""Middlewares: an id for every request, and what `/metrics` tells of requests."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Histogram

REQUEST_ID = web.RequestKey("request_id", str)
HEADER = "X-Request-Id"


@web.middleware
async def request_id_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Take the identity that nginx gave, or make one, and send it back."""
    given = request.headers.get(HEADER, "")
    request_id = given if re.fullmatch(r"[0-9A-Za-z-]{8,64}", given) else uuid.uuid4().hex
    request[REQUEST_ID] = request_id
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = await handler(request)
    response.headers[HEADER] = request_id
    return response


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
