"""What somebody presents to be signed in, and who can tell whether it is right."""

from __future__ import annotations

import base64
import binascii
import unicodedata
from dataclasses import dataclass
from typing import Protocol

MAX_LENGTH = 1024


def canonical(user: str) -> str:
    """Return the one spelling of a user's name, for roles, audit, tokens and counting.

    Directories take names in any case and with any blanks (RFC 4518), and so does the htpasswd file here.
    """
    return " ".join(unicodedata.normalize("NFC", user).lower().split())


@dataclass(frozen=True)
class Identity:
    """Whom a directory knows: the canonical name, however it was typed."""

    user: str
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "user", canonical(self.user))


class Directory(Protocol):
    """Knows users and their passwords."""

    async def check(self, user: str, password: str) -> Identity | None:
        """Return who it is, or None for a wrong user or password.

        :raises UnavailableError: the directory could not be asked.
        """

    async def find(self, user: str) -> Identity | None:
        """Return who a name is, without a password, or None for who is gone.

        :raises UnavailableError: the directory could not be asked, or can't look anybody up.
        """


def basic(header: str) -> tuple[str, str] | None:
    """Read user and password from an Authorization header, or return None.

    Empty passwords are refused: a directory would take one for an anonymous bind (RFC 4513, 5.1.2).
    """
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    sound = user.isprintable() and "\0" not in password and max(len(user), len(password)) <= MAX_LENGTH
    return (user, password) if colon and user and password and sound else None
