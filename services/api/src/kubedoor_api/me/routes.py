"""The endpoint of the signed-in user."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.me.models import GrantView, Me


async def get_me(call: Call[Nothing, Nothing, Nothing]) -> Me:
    """Say who I am and what I may do."""
    principal = call.caller.principal
    grants = [
        GrantView(role=grant.role.value, env=grant.env, namespace=grant.namespace)
        for grant in principal.grants
    ]
    return Me(name=principal.name, role=principal.role.value, grants=grants)


OPERATIONS: tuple[Operation, ...] = (operation("GET", "/me", get_me, tag="me", role=Role.VIEWER),)
