"""Users in an htpasswd file: bcrypt, apr1 and SHA crypt; read again when the file changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from passlib.apache import HtpasswdFile
from passlib.context import CryptContext
from passlib.hash import bcrypt

from kubedoor_api.auth.credentials import Identity
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

SCHEMES = ["bcrypt", "apr_md5_crypt", "sha512_crypt", "sha256_crypt"]
CONTEXT = CryptContext(schemes=SCHEMES)
DUMMY_PASSWORD = "nobody"  # noqa: S105 nobody's: it only takes as long as a real one


class Htpasswd:
    """The users of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._file = HtpasswdFile(context=CONTEXT)
        self._dummy = ""

    async def check(self, user: str, password: str) -> Identity | None:
        """Compare the password's hash, off the event loop: bcrypt takes its time."""
        await asyncio.to_thread(self._refresh)
        if await asyncio.to_thread(self._matches, user, password):
            return Identity(user)
        return None

    async def find(self, user: str) -> Identity | None:
        """Look a user up."""
        await asyncio.to_thread(self._refresh)
        return Identity(user) if user in self._file.users() else None

    def _matches(self, user: str, password: str) -> bool:
        try:
            found = self._file.check_password(user, password)
        except ValueError:  # a hash of another kind, or a name that can't stand in such a file
            log.warning("htpasswd.unusable", user=user)
            return False
        if found is None:
            self._take_as_long(password)
        return bool(found)

    def _take_as_long(self, password: str) -> None:
        """Hash for an unknown user too, so that the time does not tell who exists."""
        self._dummy = self._dummy or bcrypt.hash(DUMMY_PASSWORD)
        bcrypt.verify(password, self._dummy)

    def _refresh(self) -> None:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                self._file = HtpasswdFile(str(self._path), context=CONTEXT)
                self._stamp = stamp
                log.info("htpasswd.read", path=str(self._path), users=len(self._file.users()))
        except (OSError, ValueError) as error:
            raise UnavailableError(f"the htpasswd file can't be read: {error}") from error
