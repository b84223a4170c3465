"""The endpoint that finds services over all envs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.fleet import queries
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import PRINTABLE, Model, Nothing, ServiceName
from kubedoor_core.clickhouse import ClickHouse


class FleetSearch(Model):
    """What is looked for."""

    q: Annotated[str, Field(pattern=PRINTABLE, min_length=1, max_length=253)]
    """Words that namespace and name hold together"""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """Most services to return"""


class FleetService(ServiceName):
    """A registered service of some env."""

    env: str
    """Name of the env"""


class FleetServices(Model):
    """Services that were found, the closest first."""

    items: list[FleetService]
    """The services"""
    more: bool
    """Whether there are more than these"""


@endpoint("GET", "/fleet/services", tag="envs", role=Role.VIEWER)
async def find_services(call: Call[Nothing, FleetSearch, Nothing]) -> FleetServices:
    """Find registered services by name in all envs that you may see.

    Those of that very name first, then those that begin with the words.
    """
    found: list[FleetService] = []
    words = call.query.q.lower().split()
    async for row in queries.found(call.context[ClickHouse], words):
        if not sees(call.caller, row["env"], row["namespace"]):
            continue
        if len(found) == call.query.limit:
            return FleetServices(items=found, more=True)
        found.append(FleetService.model_validate(row))
    return FleetServices(items=found, more=False)
