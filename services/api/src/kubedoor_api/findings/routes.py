"""The endpoints of findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.findings import queries
from kubedoor_api.findings.facts import Subject
from kubedoor_api.findings.leader import Look, Looks
from kubedoor_api.findings.models import (
    ChangeList,
    ChangesQuery,
    FindingList,
    FindingPath,
    FindingQuery,
    FindingView,
    FindingWatch,
    change_view,
)
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

MOST_CHANGES = 50
COLLECTION = "/envs/{env}/findings"


@endpoint("GET", COLLECTION, tag="findings", role=Role.VIEWER, by_target=True)
async def list_findings(call: Call[EnvPath, FindingQuery, Nothing]) -> FindingList:
    """List what is wrong in an env, in the namespaces that you may see.

    Findings about nodes are for those who may see the whole env. `watch` says whether it is looked for them.
    """
    env, context, query = call.path.env, call.context, call.query
    scope = await namespace_scope(call.caller, context, env)
    items, total = await page_of(partial(queries.search, context[ClickHouse], env, query, scope), query)
    look = context[Looks].get(env, Look())
    watch = FindingWatch(
        on=context[ApiSettings].findings,
        chart_value="findings.watch",
        looked_at=look.at,
        trouble=look.trouble,
        unmeasured=look.unmeasured,
    )
    return FindingList(items=items, total=total, watch=watch)


@endpoint("GET", "/envs/{env}/services/{namespace}/{name}/changes", tag="findings", role=Role.VIEWER)
async def list_service_changes(call: Call[ServicePath, ChangesQuery, Nothing]) -> ChangeList:
    """List what was changed of a service lately: edits, derived values, admission, operations, settings.

    Of each kind the latest five; a rollout by other hands is shown by the findings that it may explain.
    """
    path, since = call.path, datetime.now(UTC) - timedelta(hours=call.query.hours)
    service = Subject(path.kind, path.namespace, path.name)
    found = await queries.changes(call.context[ClickHouse], path.env, [service], since)
    own = [
        one
        for one in found
        if one.aspects and (one.subject == service or one.subject.namespace in ("", path.namespace))
    ]
    latest = sorted(own, key=lambda one: (one.at, one.source), reverse=True)[:MOST_CHANGES]
    return ChangeList(items=[change_view(number, one) for number, one in enumerate(latest, 1)])


@endpoint("GET", COLLECTION + "/{id}", tag="findings", role=Role.VIEWER, by_target=True)
async def get_finding(call: Call[FindingPath, Nothing, Nothing]) -> FindingView:
    """Show a finding: what was seen, and what was changed within the hour before."""
    path = call.path
    found = await queries.one(call.context[ClickHouse], path.env, path.id)
    if found is None:
        raise Problem(
            404,
            f"There is no finding {path.id} in {path.env}",
            code=ProblemCode.NO_FINDING,
            parameters={"env": path.env, "id": path.id},
        )
    authorize(call.caller.principal.grants, Role.VIEWER, path.env, found.namespace or None)
    return found
