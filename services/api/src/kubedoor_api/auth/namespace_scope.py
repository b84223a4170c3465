"""What somebody may see of an env: all of it, or some of its namespaces."""

from __future__ import annotations

from kubedoor_api.access.roles import Role, allowed
from kubedoor_api.auth import queries
from kubedoor_api.web.endpoint import Caller, Context
from kubedoor_core.clickhouse import ClickHouse

NamespaceScope = tuple[str, ...] | None
"""Names of namespaces; None: all that there are, and all that there will be."""


def sees(caller: Caller, env: str, namespace: str | None) -> bool:
    """Tell whether somebody may see a namespace, or without one the whole env."""
    return allowed(caller.principal.grants, Role.VIEWER, env, namespace)


async def namespace_scope(caller: Caller, context: Context, env: str) -> NamespaceScope:
    """Return of which namespaces of an env somebody may see the rows.

    Grants are regular expressions; they are applied here, and ClickHouse gets names.
    """
    if sees(caller, env, None):
        return None
    known = await queries.known(context[ClickHouse], env)
    return tuple(namespace for namespace in known if sees(caller, env, namespace))
