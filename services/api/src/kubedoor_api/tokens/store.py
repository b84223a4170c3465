"""Making, checking and revoking API tokens. Only a hash of the secret is stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from kubedoor_api.access.roles import Grant, Principal
from kubedoor_api.auth.people import RoleCheck
from kubedoor_api.tokens import queries
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

FORM = re.compile(r"kd_([0-9a-f]{16})_([0-9A-Za-z_-]{43})")


@dataclass(frozen=True)
class Secret:
    """A token as its owner has it."""

    id: str
    text: str

    @property
    def digest(self) -> str:
        """What is stored: the secret has 256 random bits, so that a plain hash can't be guessed back."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def make() -> Secret:
    """Make a token."""
    token_id = secrets.token_hex(8)
    return Secret(token_id, f"kd_{token_id}_{secrets.token_urlsafe(32)}")


def parse(text: str) -> Secret | None:
    """Read a token, or return None for what is none."""
    found = FORM.fullmatch(text)
    return Secret(found.group(1), text) if found else None


class TokenDirectory:
    """Knows the tokens.

    :ivar people: tells whether who made a token still has a role.
    """

    def __init__(self, clickhouse: ClickHouse, max_days: int) -> None:
        self._clickhouse, self._max_days = clickhouse, max_days
        self.people: RoleCheck = RoleCheck()

    async def check(self, text: str) -> Principal | None:
        """Return whose token it is; None for a wrong, revoked or expired one, or of who has no role."""
        secret = parse(text)
        stored = await queries.token(self._clickhouse, secret.id) if secret else None
        if secret is None or stored is None or not hmac.compare_digest(stored.digest, secret.digest):
            return None
        if stored.ends_at(self._max_days) <= datetime.now(UTC):
            return None
        if not await self.people.has_role(stored.created_by):
            return None
        try:
            return Principal(f"token:{stored.name}", (Grant.model_validate(stored.grant),))
        except ValidationError as error:  # one whose expressions are invalid (by now) may do nothing
            log.warning("token.not_taken", name=stored.name, reason=" ".join(str(error).split())[:300])
            return None
