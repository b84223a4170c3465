"""What nginx asks before it lets anybody through: are these credentials right, and whose are they?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NoReturn, Protocol, TypeVar

from kubedoor_api.access.roles import Principal
from kubedoor_api.auth.credentials import Directory, basic, canonical
from kubedoor_api.auth.login_throttle import LoginThrottle
from kubedoor_api.auth.people import Roles
from kubedoor_api.auth.token import Tokens
from kubedoor_api.web.concurrency import CrowdedError, Limiter
from kubedoor_api.web.middlewares import network_of
from kubedoor_core.logs import get_logger

Told = Callable[[str, str, str], None]
"""Hears of every attempt: user, address, outcome."""

T = TypeVar("T")

log = get_logger(__name__)

MAX_REMEMBERED = 10_000
SIGNED_OUT = "signed-out"
"""What a browser is made to keep instead of somebody's password: no guess, and nobody's name."""
TOKEN_CACHE_S = 3.0
"""A revoked API token works for so long at most."""
LATELY_S = 8 * 3600.0
"""Who was let in within this time is not held up by what others try from the same address."""
STRANGERS_AT_ONCE, KNOWN_AT_ONCE = 8, 4
"""Looked at at the same time: more than one address may have, so that none keeps the others out."""
MAX_WAITING = 40


class ScriptTokens(Protocol):
    """Knows the API tokens."""

    async def check(self, text: str) -> Principal | None:
        """Return whose it is, or None."""


class SignInError(Exception):
    """Somebody is not let in."""


class WrongCredentialsError(SignInError):
    """Unknown user or wrong password; which of them is not told."""


class NoRoleError(SignInError):
    """Known, but without a role here."""


class TooManyAttemptsError(SignInError):
    """Too many wrong attempts: wait."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many attempts; wait {wait_s} seconds")
        self.wait_s = wait_s


@dataclass(frozen=True)
class _Attempt:
    """Credentials, and from where they came. A script has no user; its token is the secret."""

    user: str
    typed: str
    secret: str
    address: str
    network: str
    fingerprint: bytes


@dataclass
class SignIn:
    """Checks credentials, remembers right ones for a short while, slows down who guesses."""

    directory: Directory
    roles: Roles
    tokens: Tokens
    cache_s: float
    told: Told
    scripts: ScriptTokens | None = None
    slowdown: LoginThrottle = field(default_factory=LoginThrottle)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _remembered: dict[bytes, tuple[Principal, float]] = field(default_factory=dict)
    _lately: dict[bytes, float] = field(default_factory=dict)
    _running: dict[bytes, asyncio.Task[Principal]] = field(default_factory=dict)
    _strangers: Limiter = field(default_factory=lambda: Limiter(STRANGERS_AT_ONCE, MAX_WAITING))
    _known: Limiter = field(default_factory=lambda: Limiter(KNOWN_AT_ONCE, MAX_REMEMBERED))

    async def principal(self, header: str, address: str) -> Principal:
        """Return whose an Authorization header is.

        :raises SignInError: why not.
        :raises UnavailableError: the directory could not be asked.
        """
        attempt = self._read(header, address)
        if attempt is None:
            raise WrongCredentialsError
        principal, until = self._remembered.get(attempt.fingerprint, (None, 0.0))
        flooded = self.slowdown.is_flooded(attempt.user, attempt.network)
        if principal is not None and time.monotonic() < until and not flooded:
            return principal
        # A page asks for many files at once: one check serves them all.
        task = self._running.get(attempt.fingerprint)
        if task is None:
            task = asyncio.create_task(self._check(attempt))
            self._running[attempt.fingerprint] = task
            task.add_done_callback(lambda done: self._settle(attempt.fingerprint, done))
        return await asyncio.shield(task)

    def _read(self, header: str, address: str) -> _Attempt | None:
        """Read a password or an API token, or return None where the header holds neither."""
        scheme, _, text = header.partition(" ")
        given = basic(header)
        if given is not None and canonical(given[0]) in {"", SIGNED_OUT}:
            return None
        if scheme.lower() == "bearer" and text and self.scripts is not None:
            given = ("", text.strip())
        if given is None:
            return None
        network = network_of(address)
        # Bound to the address: what is remembered of one tells nobody elsewhere that a guess was right.
        known_by = f"{network}\0{header}".encode()
        fingerprint = hmac.new(self._key, known_by, hashlib.sha256).digest()
        return _Attempt(canonical(given[0]), *given, address, network, fingerprint)

    def _settle(self, fingerprint: bytes, done: asyncio.Task[Principal]) -> None:
        self._running.pop(fingerprint, None)
        if done.cancelled() or done.exception() is not None or self.cache_s <= 0:
            return
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        principal = done.result()
        lifetime_s = min(self.cache_s, TOKEN_CACHE_S) if principal.name.startswith("token:") else self.cache_s
        self._remembered[fingerprint] = (principal, time.monotonic() + lifetime_s)

    async def _check(self, attempt: _Attempt) -> Principal:
        scripts = self.scripts
        if not attempt.user and scripts is not None:
            return await self._looked_at(attempt, lambda: scripts.check(attempt.secret))
        identity = await self._looked_at(attempt, lambda: self.directory.check(attempt.typed, attempt.secret))
        grants = self.roles.of(identity)
        self.told(identity.user, attempt.address, "accepted" if grants else "no role")
        if not grants:
            raise NoRoleError
        return Principal(identity.user, grants)

    async def _looked_at(self, attempt: _Attempt, look: Callable[[], Awaitable[T | None]]) -> T:
        """Have credentials looked at, unless too many wrong ones came before.

        :raises SignInError: not looked at, or wrong.
        """
        flooded = self.slowdown.is_flooded(attempt.user, attempt.network)
        known = time.monotonic() < self._lately.get(attempt.fingerprint, 0.0) and not flooded
        if not known:
            wait_s = self.slowdown.begin(attempt.user, attempt.network)
            if wait_s > 0:
                self._slow(attempt, wait_s)
        found, right = None, None
        try:
            async with (self._known if known else self._strangers).slot():
                found = await look()
            right = found is not None
        except CrowdedError:
            self._slow(attempt, 1)
        finally:
            self._count(attempt, known=known, right=right)
        if found is None:
            self.told(attempt.user, attempt.address, "refused")
            raise WrongCredentialsError
        return found

    def _slow(self, attempt: _Attempt, wait_s: int) -> NoReturn:
        self.told(attempt.user, attempt.address, "slowed")
        raise TooManyAttemptsError(wait_s)

    def _count(self, attempt: _Attempt, *, known: bool, right: bool | None) -> None:
        if not known:
            self.slowdown.end(attempt.user, attempt.network, right=right)
        elif right is False:
            self.slowdown.failed(attempt.user, attempt.network)
        if right:
            if len(self._lately) >= MAX_REMEMBERED:
                self._lately.clear()
            self._lately[attempt.fingerprint] = time.monotonic() + LATELY_S
        elif right is False:
            self._lately.pop(attempt.fingerprint, None)
