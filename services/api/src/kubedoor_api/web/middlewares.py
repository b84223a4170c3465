"""Middlewares: an id for every request, what `/metrics` tells of it, and whose address it comes from."""

from __future__ import annotations

import hmac
import re
import time
import uuid
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Histogram

from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

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


PROXY_HEADER = "X-KubeDoor-Proxy"
ADDRESS_HEADER = "X-Real-IP"
IPV6_NETWORK_BITS = 64
"""What one person has of IPv6."""


class Remote:
    """Tells addresses. Without a secret nobody is believed: all behind nginx have its address."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, request: web.Request) -> str:
        """Return the address that nginx tells, which proves itself by the secret; else the peer's."""
        given = request.headers.get(PROXY_HEADER, "").encode(errors="replace")
        peer = request.remote or ""
        if not self._secret or not hmac.compare_digest(given, self._secret):
            return peer
        told = request.headers.get(ADDRESS_HEADER, "")
        return told if _parsed(told) is not None else peer


def _parsed(address: str) -> object:
    try:
        return ip_address(address)
    except ValueError:
        return None


def network_of(address: str) -> str:
    """Return what counts as one origin: an IPv4 address, or the network that an IPv6 address is of."""
    parsed = _parsed(address)
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network(f"{parsed}/{IPV6_NETWORK_BITS}", strict=False))


REMOTE = web.AppKey("remote", Remote)


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})


def refuse_cross_site(request: web.Request) -> None:
    """Let a change, or the opening of a channel, pass only from our own pages or from no page at all.

    Browsers send Basic credentials along with another site's requests; they also say where those
    come from (Sec-Fetch-Site, Origin), which a page can't alter. Scripts send neither.

    :raises Problem: 403.
    """
    if request.method in SAFE_METHODS and "Upgrade" not in request.headers:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in OWN:
        detail = "This change comes from another site's page and was refused"
        raise Problem(403, detail, code=ProblemCode.CROSS_SITE)
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host", ""):
        detail = f"This change comes from a page of {origin} and was refused"
        raise Problem(403, detail, code=ProblemCode.CROSS_SITE)
