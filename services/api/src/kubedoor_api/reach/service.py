"""What somebody may see of an env: all of it, or some of its namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.auth.roles import Role, allowed
from kubedoor_api.reach import queries

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Caller

Reach = tuple[str, ...] | None
"""Names of namespaces; None: all that there are, and all that there will be."""


def sees(caller: Caller, env: str, namespace: str | None) -> bool:
    """Tell whether somebody may see a namespace, or without one the whole env."""
    return allowed(caller.principal.grants, Role.VIEWER, env, namespace)


async def reach_of(caller: Caller, context: Context, env: str) -> Reach:
    """Return of which namespaces of an env somebody may see the rows.

    Grants are regular expressions; they are applied here, and ClickHouse gets names.
    """
    if sees(caller, env, None):
        return None
    known = await queries.known(context.clickhouse, env)
    return tuple(namespace for namespace in known if sees(caller, env, namespace))
