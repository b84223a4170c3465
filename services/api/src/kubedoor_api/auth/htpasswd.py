"""Users in an htpasswd file: bcrypt, apr1 and SHA crypt; read again when the file changes."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from passlib.apache import HtpasswdFile
from passlib.context import CryptContext

from kubedoor_api.auth.credentials import Identity, canonical
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

SCHEMES = ["bcrypt", "apr_md5_crypt", "sha512_crypt", "sha256_crypt"]
CONTEXT = CryptContext(schemes=SCHEMES)
HASHED_AT_ONCE = 2

Kind = tuple[str, int]
"""What the time of a check depends on: scheme and rounds."""


def kind_of(hashed: str) -> Kind | None:
    """Return the kind of a hash, or None for one that can't be used."""
    try:
        scheme = CONTEXT.identify(hashed)
        if not scheme:
            return None
        return scheme, int(getattr(CONTEXT.handler(scheme).from_string(hashed), "rounds", 0) or 0)
    except (ValueError, TypeError):
        return None


def verify(password: str, hashed: str) -> bool:
    """Tell whether a password is that of a hash."""
    try:
        return bool(CONTEXT.verify(password, hashed))
    except ValueError:  # too long for its kind
        return False


@dataclass(frozen=True)
class Users:
    """What a file holds: each user's hash by canonical name, and one hash of each kind."""

    hashes: dict[str, str] = field(default_factory=dict)
    kinds: dict[Kind, str] = field(default_factory=dict)

    def knows(self, user: str, password: str) -> bool:
        """Tell whether it is the user's password.

        One hash of every kind in the file is verified, whoever is asked for: the time tells neither who
        exists nor by what kind.
        """
        own = self.hashes.get(canonical(user), "")
        own_kind, right = kind_of(own), False
        for kind, other in self.kinds.items():
            matches = verify(password, own if kind == own_kind else other)
            right = right or (matches and kind == own_kind)
        return right


def read(path: Path) -> Users:
    """Read a file. Names that differ in case alone let nobody in: which of them is meant is not known.

    :raises OSError: it can't be read.
    :raises ValueError: it is no htpasswd file.
    """
    file = HtpasswdFile(str(path), context=CONTEXT)
    count = Counter(canonical(user) for user in file.users())
    users = Users()
    for user in file.users():
        hashed = file.get_hash(user)
        text = hashed.decode(errors="replace") if isinstance(hashed, bytes) else str(hashed)
        kind = kind_of(text)
        if kind is None:
            log.warning("htpasswd.unusable", user=user, reason="is a hash of another kind")
        elif count[canonical(user)] > 1:
            log.warning("htpasswd.unusable", user=user, reason="is there in another case as well")
        else:
            users.hashes[canonical(user)] = text
            users.kinds.setdefault(kind, text)
    return users


class Htpasswd:
    """The users of one file. Hashes are computed in a few threads of its own, off the event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._users = Users()
        self._threads = ThreadPoolExecutor(HASHED_AT_ONCE, "htpasswd")

    async def check(self, user: str, password: str) -> Identity | None:
        """Compare the password's hash."""
        right = await asyncio.get_running_loop().run_in_executor(self._threads, self._check, user, password)
        return Identity(user) if right else None

    def _check(self, user: str, password: str) -> bool:
        self._refresh()
        return self._users.knows(user, password)

    async def find(self, user: str) -> Identity | None:
        """Look a user up."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._refresh)
        return Identity(user) if canonical(user) in self._users.hashes else None

    def _refresh(self) -> None:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                self._users = read(self._path)
                self._stamp = stamp
                log.info("htpasswd.read", path=str(self._path), users=len(self._users.hashes))
        except (OSError, ValueError) as error:
            raise UnavailableError(f"the htpasswd file can't be read: {error}") from error
