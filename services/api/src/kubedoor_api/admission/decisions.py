"""The endpoint of what admission decided."""

from __future__ import annotations

from functools import partial

from kubedoor_api.access.roles import Role
from kubedoor_api.admission import queries
from kubedoor_api.admission.models import AdmissionPage, AdmissionQuery
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of
from kubedoor_core.clickhouse import ClickHouse


@endpoint("GET", "/envs/{env}/admissions", tag="admission", role=Role.VIEWER, by_target=True)
async def list_admissions(call: Call[EnvPath, AdmissionQuery, Nothing]) -> AdmissionPage:
    """List what admission decided in an env, the latest first.

    In the namespaces that you may see.
    """
    env, query = call.path.env, call.query
    scope = await namespace_scope(call.caller, call.context, env)
    items, total = await page_of(partial(queries.search, call.context[ClickHouse], env, query, scope), query)
    return AdmissionPage(items=items, total=total)
