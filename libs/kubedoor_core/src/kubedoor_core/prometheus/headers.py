"""Headers that a store of metrics, or the gateway before it, wants with every request."""

from __future__ import annotations

import re

EXAMPLE = "`name=value`, such as X-Scope-OrgID=team-a"
LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)")
OURS = {"accept-encoding", "connection", "content-length", "content-type", "host", "transfer-encoding"}
"""What the connection sets itself."""


def check_one_sign_in(headers: tuple[tuple[str, str], ...], user: str, token: str) -> None:
    """Refuse headers that sign in beside a user or a token: a request has one Authorization.

    :raises ValueError: saying so.
    """
    if (user or token) and any(name.lower() == "authorization" for name, _ in headers):
        raise ValueError("they set Authorization, and so does the user or the token: keep one of them")


def parse_headers(text: str) -> tuple[tuple[str, str], ...]:
    """Read `name=value`, one a line.

    :raises ValueError: naming the line; what is in it may be a secret, and is never told.
    """
    found: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(re.split(r"\r?\n", text), 1):
        if not line.strip():
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"line {number} is not {EXAMPLE}, in printable ASCII")
        name = match[1].lower()
        if name in OURS:
            raise ValueError(f"line {number} sets a header that the connection itself sets: remove it")
        if name in found:
            raise ValueError(f"line {number} sets a header again that a line above sets: remove one of them")
        found[name] = (match[1], match[2])
    return tuple(found.values())
