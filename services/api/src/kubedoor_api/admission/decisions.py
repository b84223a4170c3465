"""What admission decided."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.admission import queries
from kubedoor_api.admission.models import AdmissionChange, AdmissionNote, Result
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, Page, Search, ServiceName, Time
from kubedoor_core.clickhouse import ClickHouse


class AdmissionQuery(Page):
    """Which decisions, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Most items to return"""
    namespace: Search = ""
    """Only this namespace"""
    name: Search = ""
    """Only this Deployment"""
    outcome: Result | None = None
    """Only this outcome"""
    q: Search = ""
    """Part of a namespace's, a Deployment's or a user's name"""


class Admission(ServiceName):
    """One decision."""

    at: Time
    """When, UTC"""
    uid: str
    """Identity of the AdmissionReview"""
    user: str
    """Who asked Kubernetes"""
    operation: str
    """`CREATE` or `UPDATE`"""
    resource: str
    """`deployments` or `deployments/scale`"""
    rule: int
    """Row of the decision table"""
    mode: str
    """The mode that held"""
    outcome: str
    """What became of it"""
    changes: list[AdmissionChange]
    """The governed values that changed, or would have"""
    notes: list[AdmissionNote]
    """Why something was refused, left alone, or set to another value than the control table's"""
    patch: Any
    """The JSONPatch; null if there was none"""
    warnings: list[str]
    """What kubectl printed, in English"""


class AdmissionPage(Model):
    """One part of the decisions, the latest first."""

    items: list[Admission]
    """The decisions"""
    total: int
    """How many there are in all parts"""


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
