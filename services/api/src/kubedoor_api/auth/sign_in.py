"""What nginx asks before it lets anybody through: are these credentials right, and whose are they?"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from kubedoor_api.auth.credentials import Directory, Identity, basic
from kubedoor_api.auth.principal import Principal
from kubedoor_api.auth.slowdown import Slowdown
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from kubedoor_api.auth.role_file import Roles
    from kubedoor_api.auth.token import Tokens

    Told = Callable[[str, str, str], Awaitable[None]]
    """Hears of every attempt: user, address, outcome."""

log = get_logger(__name__)

MAX_REMEMBERED = 10_000
SIGNED_OUT = "signed-out"
"""What a browser is made to keep instead of somebody's password: no guess, and nobody's name."""
TOKEN_CACHE_S = 3.0
"""A revoked API token works for so long at most."""


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


async def _silent(user: str, address: str, outcome: str) -> None:
    log.info("auth.checked", user=user, remote=address, outcome=outcome)


@dataclass
class SignIn:
    """Checks credentials, remembers right ones for a short while, slows down who guesses."""

    directory: Directory
    roles: Roles
    tokens: Tokens
    cache_s: float
    told: Told = _silent
    scripts: ScriptTokens | None = None
    slowdown: Slowdown = field(default_factory=Slowdown)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _remembered: dict[bytes, tuple[Principal, float]] = field(default_factory=dict)
    _running: dict[bytes, asyncio.Task[Principal]] = field(default_factory=dict)

    async def token(self, header: str, address: str) -> str:
        """Return a signed token for an Authorization header.

        :raises SignInError: why not.
        :raises UnavailableError: the directory could not be asked.
        """
        return self.tokens.issue(await self.principal(header, address))

    async def principal(self, header: str, address: str) -> Principal:
        """Return whose an Authorization header is.

        :raises SignInError: why not.
        :raises UnavailableError: the directory could not be asked.
        """
        check = self._checker(header, address)
        if check is None:
            raise WrongCredentialsError
        fingerprint = hmac.new(self._key, header.encode(), hashlib.sha256).digest()
        principal, until = self._remembered.get(fingerprint, (None, 0.0))
        if principal is not None and time.monotonic() < until:
            return principal
        # A page asks for many files at once: one check serves them all.
        task = self._running.get(fingerprint)
        if task is None:
            task = asyncio.create_task(check())
            self._running[fingerprint] = task
            task.add_done_callback(lambda done: self._settle(fingerprint, done))
        return await asyncio.shield(task)

    def _checker(self, header: str, address: str) -> Callable[[], Coroutine[Any, Any, Principal]] | None:
        """Return what checks a password or an API token, or None where the header holds neither."""
        scheme, _, text = header.partition(" ")
        if scheme.lower() == "bearer" and text and self.scripts is not None:
            return functools.partial(self._check_token, self.scripts, text.strip(), address)
        given = basic(header)
        if given and given[0] == SIGNED_OUT:
            return None
        return functools.partial(self._check, *given, address) if given else None

    async def _check_token(self, scripts: ScriptTokens, text: str, address: str) -> Principal:
        wait_s = self.slowdown.wait_s("", address)
        if wait_s > 0:
            raise TooManyAttemptsError(wait_s)
        principal = await scripts.check(text)
        if principal is None:
            self.slowdown.failed("", address)
            await self.told("", address, "refused")
            raise WrongCredentialsError
        return principal

    def _settle(self, fingerprint: bytes, done: asyncio.Task[Principal]) -> None:
        self._running.pop(fingerprint, None)
        if done.cancelled() or done.exception() is not None or self.cache_s <= 0:
            return
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        principal = done.result()
        lifetime_s = min(self.cache_s, TOKEN_CACHE_S) if principal.name.startswith("token:") else self.cache_s
        self._remembered[fingerprint] = (principal, time.monotonic() + lifetime_s)

    async def _check(self, user: str, password: str, address: str) -> Principal:
        wait_s = self.slowdown.wait_s(user, address)
        if wait_s > 0:
            await self.told(user, address, "slowed")
            raise TooManyAttemptsError(wait_s)
        identity = await self.directory.check(user, password)
        if identity is None:
            self.slowdown.failed(user, address)
            await self.told(user, address, "refused")
            raise WrongCredentialsError
        self.slowdown.succeeded(user, address)
        return await self._with_role(identity, address)

    async def _with_role(self, identity: Identity, address: str) -> Principal:
        grants = self.roles.of(identity)
        await self.told(identity.user, address, "accepted" if grants else "no role")
        if not grants:
            raise NoRoleError
        return Principal(identity.user, grants)
