"""Accepting advice, all of it or none; dismissing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kubedoor_api.access.roles import Role
from kubedoor_api.advice import queries
from kubedoor_api.advice.checking import Ground, check
from kubedoor_api.advice.making import Live, live_of
from kubedoor_api.advice.models import (
    Accept,
    Accepted,
    AcceptItem,
    AcceptResult,
    Dismiss,
    Dismissed,
    DismissItem,
)
from kubedoor_api.advice.queries import Which
from kubedoor_api.advice.routes import COLLECTION
from kubedoor_api.commits.writer import Beside, Columns, Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.control import queries as services
from kubedoor_api.control.edit import editable
from kubedoor_api.kube.clusters import Clusters, forbidden
from kubedoor_api.operations import repository, serializers
from kubedoor_api.operations.models import AskedTarget, AutoscalerBounds, Care, NewOperation
from kubedoor_api.operations.operation import BeforeAdvice, Operation, Target, ToCount
from kubedoor_api.operations.requests import authorize_targets, new_operation, require_cluster
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServiceKey, ServiceName, path_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.domain.env_policy import ADVICE_RULES
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem, bad_field

SAID = {"namespace", "kind", "name", "replicas", "advice_id"}
MAX_DISMISSED_DAYS = 400
"""So long a decision is kept: advice that was dismissed for longer would come back without a word."""
Before = Mapping[ServiceKey, ExpertRow]


@endpoint("POST", COLLECTION + "/accept", tag="advice", role=Role.OPERATOR, conflicts=True, by_target=True)
async def accept_advice(call: Call[EnvPath, Nothing, Accept]) -> AcceptResult:
    """Accept advice, all of it or none.

    The counts go into the control table, where a manual count gives way to them, and hold from the next
    admission on; with `how=now` an operation scales to them besides. Advice on an autoscaler's least count
    moves that. 412 names the services that were changed since their `version`; 409 advice that was computed
    before a service's last change or has expired, and counts below what a PodDisruptionBudget or zones ask
    for.
    """
    context, env, body = call.context, call.path.env, call.body
    authorize_targets(call.caller, Role.OPERATOR, env, (item.namespace for item in body.items))
    require_cluster(context, env)
    live = await _live(context[Clusters], env, body.items)
    now, actor = datetime.now(UTC), call.caller.principal.name
    operation_id = uuid.uuid4().hex if body.how == "now" else ""
    found: list[tuple[Ground, Before]] = []

    async def prepare() -> list[Columns]:
        ground = await _ground(context, env, body.items, live)
        check(body, ground)
        before = {item.key: editable(ground.expert.get(item.key), path_of(env, item)) for item in body.items}
        found[:] = [(ground, before)]
        rows = [
            replace(
                before[item.key], replicas_manual=None, replicas_ai=item.replicas, advice_id=item.advice_id
            )
            for item in body.items
            if not ground.of_least(item)
        ]
        call.audit.set(
            [_counts(before[item.key]) for item in body.items],
            [{**item.model_dump(include=SAID), "how": body.how} for item in body.items],
        )
        return [row.columns() for row in rows]

    def decisions() -> Beside:
        return {"advice_decision": [_decision(env, actor, now, item, operation_id) for item in body.items]}

    version = await context[Writer].commit("control", actor, prepare, call.audit, decisions)
    [(ground, before)] = found
    in_table = any(not ground.of_least(item) for item in body.items)
    operation = None
    if operation_id:
        made = _operation(context, env, actor, body, ground, before, now)
        operation = replace(made, id=operation_id)
        # Where the control table was left alone, what was decided is part of this commit.
        audit, beside = (None, dict) if in_table else (call.audit, decisions)
        added = await repository.add(context, [operation], actor, audit, beside)
        operation = replace(operation, version=added)
    return AcceptResult(
        items=[_told(item, ground) for item in body.items],
        version=str(version) if in_table else None,
        operation=serializers.detail_of(context, operation) if operation else None,
    )


async def _live(clusters: Clusters, env: str, items: Sequence[AcceptItem]) -> Live:
    """Ask the cluster what it asks of the counts.

    :raises Problem: 409 where it may not be asked.
    """
    names: dict[str, list[str]] = {}
    for item in items:
        names.setdefault(item.namespace, []).append(item.name)
    together = Live({}, {})
    for namespace, of in names.items():
        found = await live_of(clusters, env, Which(namespace, tuple(of)))
        if found is None:
            why = "without them nobody knows the least counts"
            raise forbidden(env, namespace, "list", "poddisruptionbudgets, nodes and deployments", why)
        together = Live({**together.deployments, **found.deployments}, {**together.domains, **found.domains})
    return together


async def _ground(context: Context, env: str, items: Sequence[AcceptItem], live: Live) -> Ground:
    clickhouse = context[ClickHouse]
    scope, ids = sorted({item.namespace for item in items}), [item.advice_id for item in items]
    return Ground(
        await queries.by_id(clickhouse, env, ids),
        await queries.decided(clickhouse, env, ids, "expired"),
        await services.expert_rows(clickhouse, env, scope),
        await queries.standing(clickhouse, env, Which(scope=scope)),
        live,
        (await store.policy(context, env))[ADVICE_RULES].rules,
    )


def _counts(row: ExpertRow) -> dict[str, Any]:
    named = {"namespace": row.namespace, "kind": row.kind, "name": row.name}
    return {
        **named,
        "replicas_manual": row.replicas_manual,
        "replicas_ai": row.replicas_ai,
        "advice_id": row.advice_id,
    }


def _told(item: AcceptItem, ground: Ground) -> Accepted:
    named = {"namespace": item.namespace, "kind": item.kind, "name": item.name}
    before = ground.standing[item.namespace, item.name].replicas
    return Accepted(**named, advice_id=item.advice_id, replicas=item.replicas, replicas_before=before)


def _operation(
    context: Context, env: str, actor: str, body: Accept, ground: Ground, before: Before, now: datetime
) -> Operation:
    """Return what scales to the accepted counts; rolled back, it gives back what the control table had."""
    asked = NewOperation(
        kind="scale",
        targets=[_target(item, ground) for item in body.items],
        **{name: getattr(body, name) for name in Care.model_fields},
    )
    operation = new_operation(context, env, actor, asked, now)
    targets = (
        _from_advice(target, before[item.key], item)
        for target, item in zip(operation.targets, body.items, strict=True)
    )
    return replace(operation, targets=tuple(targets))


def _target(item: AcceptItem, ground: Ground) -> AskedTarget:
    bounds = None
    most = ground.standing[item.namespace, item.name].most
    if ground.of_least(item) and most is not None:
        bounds = AutoscalerBounds(min_replicas=item.replicas, max_replicas=most)
    return AskedTarget(namespace=item.namespace, name=item.name, autoscaler_bounds=bounds)


def _from_advice(target: Target, row: ExpertRow, item: AcceptItem) -> Target:
    if not isinstance(target.desired, ToCount):
        return target
    before = BeforeAdvice(
        advice_id=item.advice_id,
        manual=row.replicas_manual,
        ai=row.replicas_ai,
        ai_advice_id=row.advice_id,
    )
    return replace(target, desired=ToCount(accepted=before))


def _decision(
    env: str,
    actor: str,
    now: datetime,
    item: AcceptItem | DismissItem,
    operation_id: str = "",
    **said: object,
) -> dict[str, Any]:
    return {
        "env": env,
        "advice_id": item.advice_id,
        "at": timestamp(now),
        "actor": actor,
        "decision": "accepted",
        "namespace": item.namespace,
        "kind": item.kind,
        "name": item.name,
        "replicas": getattr(item, "replicas", None),
        "operation_id": operation_id,
        **said,
    }


@endpoint("POST", COLLECTION + "/dismiss", tag="advice", role=Role.OPERATOR, conflicts=True, by_target=True)
async def dismiss_advice(call: Call[EnvPath, Nothing, Dismiss]) -> Dismissed:
    """Dismiss advice: there is none on these services until a day.

    It takes the role in the namespace of each. 409 names what is no advice on its service.
    """
    context, env, body = call.context, call.path.env, call.body
    authorize_targets(call.caller, Role.OPERATOR, env, (item.namespace for item in body.items))
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(context[ApiSettings].timezone)).date()
    first, last = today + timedelta(days=1), today + timedelta(days=MAX_DISMISSED_DAYS)
    if body.until > last:
        reason, span = f"must lie between {first} and {last}", {"first": str(first), "last": str(last)}
        raise bad_field("until", reason, FieldCode.OUT_OF_RANGE, **span)
    if body.until < first:
        reason = f"{body.until} is past; the day must be in the future"
        raise bad_field("until", reason, FieldCode.IN_THE_PAST, value=body.until.isoformat())
    found = await queries.by_id(context[ClickHouse], env, [item.advice_id for item in body.items])
    _refuse_unknown(body, found)
    call.audit.set(None, body.model_dump(mode="json"))
    actor, said = call.caller.principal.name, {"until": body.until.isoformat(), "reason": body.reason}
    rows = [_decision(env, actor, now, item, decision="dismissed", **said) for item in body.items]
    await queries.insert(context[ClickHouse], "advice_decision", rows)
    named = [ServiceName(namespace=item.namespace, kind=item.kind, name=item.name) for item in body.items]
    return Dismissed(items=named, until=body.until)


def _refuse_unknown(body: Dismiss, found: Mapping[str, Any]) -> None:
    errors: list[FieldError] = [
        {
            "field": f"items.{at}",
            "reason": f"{item.full_name} has no such advice",
            "code": FieldCode.NO_ADVICE,
            "parameters": {"namespace": item.namespace, "kind": item.kind, "name": item.name},
        }
        for at, item in enumerate(body.items)
        if (row := found.get(item.advice_id)) is None
        or (row["namespace"], row["kind"], row["name"]) != item.key
    ]
    if errors:
        detail = f"Nothing was dismissed: {errors[0]['reason']}"
        parameters = {"count": len(errors)}
        raise Problem(409, detail, code=ProblemCode.ADVICE_OUTDATED, errors=errors, parameters=parameters)
