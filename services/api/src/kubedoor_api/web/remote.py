"""From which address a request comes: nginx's word for it, and nobody else's."""

from __future__ import annotations

import hmac
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web

from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

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
