"""What nginx asks before it lets anybody through: are these credentials right, and whose are they?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kubedoor_api.auth.credentials import Directory, Identity, basic
from kubedoor_api.auth.principal import Principal
from kubedoor_api.auth.slowdown import Slowdown
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kubedoor_api.auth.role_file import Roles
    from kubedoor_api.auth.token import Tokens

    Told = Callable[[str, str, str], Awaitable[None]]
    """Hears of every attempt: user, address, outcome."""

log = get_logger(__name__)

MAX_REMEMBERED = 10_000


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
    slowdown: Slowdown = field(default_factory=Slowdown)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _remembered: dict[bytes, tuple[Principal, float]] = field(default_factory=dict)
    _running: dict[bytes, asyncio.Task[Principal]] = field(default_factory=dict)

    async def token(self, header: str, address: str) -> str:
        """Return a signed token for an Authorization header.

        :raises SignInError: why not.
        :raises UnavailableError: the directory could not be asked.
        """
        return self.tokens.issue(await self._principal(header, address))

    async def _principal(self, header: str, address: str) -> Principal:
        given = basic(header)
        if given is None:
            raise WrongCredentialsError
        fingerprint = hmac.new(self._key, header.encode(), hashlib.sha256).digest()
        principal, until = self._remembered.get(fingerprint, (None, 0.0))
        if principal is not None and time.monotonic() < until:
            return principal
        # A page asks for many files at once: one check serves them all.
        task = self._running.get(fingerprint)
        if task is None:
            task = asyncio.create_task(self._check(*given, address))
            self._running[fingerprint] = task
            task.add_done_callback(lambda done: self._settle(fingerprint, done))
        return await asyncio.shield(task)

    def _settle(self, fingerprint: bytes, done: asyncio.Task[Principal]) -> None:
        self._running.pop(fingerprint, None)
        if done.cancelled() or done.exception() is not None or self.cache_s <= 0:
            return
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        self._remembered[fingerprint] = (done.result(), time.monotonic() + self.cache_s)

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
