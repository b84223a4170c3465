"""The token by which Grafana behind nginx knows who has signed in (its auth.jwt)."""

from __future__ import annotations

import time

import jwt

from kubedoor_api.access.principal import Principal
from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.config.grafana import private_key

ALGORITHM = "ES256"
AUDIENCE = "grafana"
ISSUER = "kubedoor"
ROLES = {Role.VIEWER: "Viewer", Role.OPERATOR: "Viewer", Role.ADMIN: "Editor"}
"""Nobody is Grafana's administrator by this: data sources and plugins are no matter of KubeDoor's."""


def role_in_grafana(grants: tuple[Grant, ...]) -> str | None:
    """Return the role in Grafana: that of grants which hold everywhere, as Grafana shows everything."""
    roles = [grant.role for grant in grants if grant.everywhere]
    return ROLES[max(roles, key=lambda role: role.rank)] if roles else None


class GrafanaTokens:
    """Signs who somebody is for Grafana. The key is for nothing else, so Grafana may hold it too."""

    def __init__(self, pem: str, lifetime_s: int) -> None:
        self._key = private_key(pem)
        self._lifetime_s = lifetime_s

    def issue(self, principal: Principal, role: str) -> str:
        """Sign who somebody is for a short while; without a key id: Grafana knows none for its key_file."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": principal.name,
            "role": role,
            "iat": now,
            "exp": now + self._lifetime_s,
        }
        return jwt.encode(claims, self._key, ALGORITHM)
