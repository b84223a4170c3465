"""The endpoint of admission's decisions."""

import json
from typing import Any

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.decisions import queries
from kubedoor_api.admission.decisions.models import Admission, AdmissionPage, AdmissionQuery
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_core.clickhouse import ClickHouse


def _json(text: str) -> Any:  # noqa: ANN401 whatever was logged
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


@endpoint("GET", "/envs/{env}/admissions", tag="admission", role=Role.VIEWER, by_target=True)
async def list_admissions(call: Call[EnvPath, AdmissionQuery, Nothing]) -> AdmissionPage:
    """List what admission decided in an env, the latest first.

    In the namespaces that you may see.
    """
    query = call.query
    rows = await queries.search(
        call.context[ClickHouse],
        env=call.path.env,
        namespace=query.namespace,
        name=query.name,
        outcome=query.outcome or "",
        q=query.q,
        limit=query.limit,
        offset=query.offset,
        scope=await namespace_scope(call.caller, call.context, call.path.env),
    )
    items = [
        Admission.model_validate(
            {
                **{name: row[name] for name in Admission.model_fields},
                **{name: _json(row[name]) for name in ("changes", "notes", "patch")},
            }
        )
        for row in rows
    ]
    return AdmissionPage(items=items, total=rows[0]["total"] if rows else query.offset)
