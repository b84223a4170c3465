"""The endpoints of API tokens."""

from kubedoor_api.access.roles import Role
from kubedoor_api.tokens import service
from kubedoor_api.tokens.models import MadeToken, NewToken, TokenList, TokenPath
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing


@endpoint("GET", "/tokens", tag="tokens", role=Role.ADMIN)
async def list_tokens(call: Call[Nothing, Nothing, Nothing]) -> TokenList:
    """List the API tokens of scripts."""
    return await service.list_tokens(call.context)


@endpoint("POST", "/tokens", tag="tokens", role=Role.ADMIN, status=201)
async def make_token(call: Call[Nothing, Nothing, NewToken]) -> MadeToken:
    """Make an API token for a script.

    The secret is in this answer and nowhere else: only its hash is kept.
    """
    return await service.make(call)


@endpoint("DELETE", "/tokens/{id}", tag="tokens", role=Role.ADMIN, status=204)
async def revoke_token(call: Call[TokenPath, Nothing, Nothing]) -> None:
    """Revoke an API token.

    It stops working within seconds.
    """
    await service.revoke(call)
