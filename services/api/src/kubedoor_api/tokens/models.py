"""What is asked and told of API tokens."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kubedoor_api.auth.me_models import GrantView, RoleName
from kubedoor_api.web.fields import Model, Time

ANY = ".*"
TokenName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Pattern = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TokenPath(Model):
    """One token."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Identity of the token"""


class NewToken(Model):
    """A token to make."""

    name: TokenName
    """What it is for; shows in the audit"""
    role: RoleName
    """What it may do"""
    env: Pattern = ANY
    """Regular expression of the envs"""
    namespace: Pattern = ANY
    """Regular expression of the namespaces"""
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """Days until it expires, `API_TOKEN_MAX_DAYS` at most; null for `API_TOKEN_DAYS`"""


class Token(Model):
    """A token, without its secret."""

    id: str
    """Identity of the token"""
    name: str
    """What it is for"""
    grant: GrantView
    """What it may do, and where"""
    created_at: Time
    """When it was made, UTC"""
    created_by: str
    """Who made it"""
    expires_at: Time
    """When it expires, UTC"""
    stopped: bool
    """It doesn't work any more, since who made it has no role left"""


class MadeToken(Token):
    """A new token with its secret, which is shown this once."""

    token: str
    """Goes into `Authorization: Bearer ...`"""


class TokenList(Model):
    """The tokens that are not revoked."""

    items: list[Token]
    """The tokens, the latest first"""
