"""The signed token that nginx passes on: the only identity that the API believes."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import jwt
from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from kubedoor_api.access.roles import Grant, Principal, Role
from kubedoor_api.config.environment import private_key
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

ALGORITHM = "HS256"
AUDIENCE = "kubedoor-api"
LEEWAY_S = 30
"""By so much the clocks of two instances may differ: what one signs, the other believes."""
REQUIRED = ["sub", "role", "grants", "exp", "iat", "aud"]
GRANTS = TypeAdapter(tuple[Grant, ...])


def key_id(secret: str) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(b"kubedoor key id\0" + secret.encode()).hexdigest()[:12]


class Tokens:
    """Gives out and verifies tokens. The first key signs, all are believed."""

    def __init__(self, keys: tuple[str, ...], lifetime_s: int) -> None:
        self._signing = keys[0]
        self._keys = {key_id(key): key for key in keys}
        self.lifetime_s = lifetime_s

    def issue(self, principal: Principal) -> str:
        """Sign who somebody is for a short while."""
        now = int(time.time())
        claims = {
            "sub": principal.name,
            "role": principal.role.value,
            "grants": [grant.plain() for grant in principal.grants],
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + self.lifetime_s,
        }
        return jwt.encode(claims, self._signing, ALGORITHM, headers={"kid": key_id(self._signing)})

    def verify(self, token: str) -> Principal:
        """Believe a token, or not.

        :raises Problem: 401, without saying what was wrong beyond whether to sign in again.
        """
        try:
            secret = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                leeway=LEEWAY_S,
                options={"require": REQUIRED},
            )
            return Principal(claims["sub"], GRANTS.validate_python(claims["grants"]))
        except jwt.ExpiredSignatureError as error:
            detail = "The token has expired: sign in again"
            raise Problem(401, detail, code=ProblemCode.TOKEN_EXPIRED) from error
        except (jwt.InvalidTokenError, KeyError, TypeError, ValidationError) as error:
            detail = "The token is not valid: sign in"
            raise Problem(401, detail, code=ProblemCode.TOKEN_INVALID) from error


class Authenticator:
    """Reads who calls from the Authorization header, and from nothing else."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def principal(self, request: web.Request) -> Principal:
        """Return who calls.

        :raises Problem: 401.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem(401, "Sign in: the API takes a signed token, which nginx passes on")
        return self._tokens.verify(token.strip())


AUTHENTICATOR = web.AppKey("authenticator", Authenticator)


GRAFANA_ALGORITHM = "ES256"
GRAFANA_AUDIENCE = "grafana"
ISSUER = "kubedoor"
ROLES = {Role.VIEWER: "Viewer", Role.OPERATOR: "Viewer", Role.ADMIN: "Editor"}
"""Nobody is Grafana's administrator by this: data sources and plugins are no matter of KubeDoor's."""


def role_in_grafana(grants: tuple[Grant, ...]) -> str | None:
    """Return the role in Grafana: that of grants which hold everywhere, as Grafana shows everything."""
    roles = [grant.role for grant in grants if grant.everywhere and grant.role in ROLES]
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
            "aud": GRAFANA_AUDIENCE,
            "sub": principal.name,
            "role": role,
            "iat": now,
            "exp": now + self._lifetime_s,
        }
        return jwt.encode(claims, self._key, GRAFANA_ALGORITHM)
