"""From which address a request comes: nginx's word for it, and nobody else's."""

from __future__ import annotations

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web

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
