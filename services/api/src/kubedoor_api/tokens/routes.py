"""The endpoints of API tokens."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.tokens import service
from kubedoor_api.tokens.models import MadeToken, NewToken, TokenList, TokenPath


async def list_tokens(call: Call[Nothing, Nothing, Nothing]) -> TokenList:
    """List the API tokens of scripts."""
    return await service.list_tokens(call.context)


async def make_token(call: Call[Nothing, Nothing, NewToken]) -> MadeToken:
    """Make an API token for a script.

    The secret is in this answer and nowhere else: only its hash is kept.
    """
    return await service.make(call)


async def revoke_token(call: Call[TokenPath, Nothing, Nothing]) -> None:
    """Revoke an API token.

    It stops working within seconds.
    """
    await service.revoke(call)


OPERATIONS: tuple[Operation, ...] = (
    operation("GET", "/tokens", list_tokens, tag="tokens", role=Role.ADMIN),
    operation("POST", "/tokens", make_token, tag="tokens", role=Role.ADMIN, status=201),
    operation("DELETE", "/tokens/{id}", revoke_token, tag="tokens", role=Role.ADMIN, status=204),
)
