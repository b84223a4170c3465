"""Watches accepted advice for three days, tells what got worse, and brings back what stood before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kubedoor_api.advice.outcomes import queries
from kubedoor_api.advice.outcomes.looks import LOOKS, Acceptance, Look, looks
from kubedoor_api.advice.queries import insert
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.operations import repository
from kubedoor_api.operations.operation import BeforeAdvice, CountBefore, Operation, Rollback, Target
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.domain.env_policy import ADVICE_RULES
from kubedoor_core.logs import get_logger

BEFORE_DAYS = 14
WATCHED_DAYS = 21
"""So long an accepted count may take to run for three days."""
BY_ITSELF = "api"

log = get_logger(__name__)


async def watch_outcomes(context: Context, env: str, as_of: date) -> None:
    """Look at accepted advice, and write what became of it.

    :param as_of: the last collected day.
    :raises KubeDoorError: ClickHouse could not be asked.
    """
    clickhouse, zone = context[ClickHouse], ZoneInfo(context[ApiSettings].timezone)
    first = as_of - timedelta(days=WATCHED_DAYS)
    rows = await queries.acceptances(clickhouse, env, datetime.combine(first, time(), UTC))
    counts = await queries.outcome_counts(clickhouse, env)
    open_ones = [
        Acceptance(
            one.advice_id,
            one.namespace,
            one.name,
            one.replicas,
            one.before,
            one.at.astimezone(zone).date(),
            one.operation_id,
        )
        for one in rows
        if (done := counts.get(one.advice_id)) is None or (done.looks < LOOKS and not done.regretted)
    ]
    if not open_ones:
        return
    keys = [(one.namespace, one.name) for one in open_ones]
    days = await queries.looked_at(clickhouse, env, keys, first - timedelta(days=BEFORE_DAYS), as_of)
    rules = (await store.policy(context, env))[ADVICE_RULES].rules
    for one in open_ones:
        found = looks(one, days.get((one.namespace, one.name), []), rules)
        seen = counts[one.advice_id].looks if one.advice_id in counts else 0
        if len(found) > seen:
            await _write(context, env, one, found)


async def _write(context: Context, env: str, one: Acceptance, found: Sequence[Look]) -> None:
    clickhouse, now = context[ClickHouse], datetime.now(UTC)
    rows = [
        {
            "env": env,
            "advice_id": one.advice_id,
            "day": look.day.isoformat(),
            "namespace": one.namespace,
            "name": one.name,
            "held": not look.worse,
            "what": json.dumps({**asdict(look), "day": look.day.isoformat()}),
            "written_at": now,
        }
        for look in found
    ]
    worse = found[-1].worse
    # The events first: what is written down is not looked at again.
    if worse:
        what = f"{one.namespace}/{one.name} got worse at {one.replicas} pods: {', '.join(worse)}"
        await _tell(clickhouse, env, "advice.regretted", one, what)
        if context[ApiSettings].advice_rollback and await roll_back(context, env, one, BY_ITSELF) is not None:
            back = f"{one.namespace}/{one.name} gets the count back that it had before the advice"
            await _tell(clickhouse, env, "advice.rolled_back", one, back)
    elif len(found) == LOOKS:
        kept = f"{one.namespace}/{one.name} did well at {one.replicas} pods for {LOOKS} days"
        await _tell(clickhouse, env, "advice.held", one, kept)
    await insert(clickhouse, "advice_outcome", rows)
    log.info("advice.looked_at", env=env, advice=one.advice_id, looks=len(found), worse=list(worse))


async def _tell(clickhouse: ClickHouse, env: str, kind: str, one: Acceptance, message: str) -> None:
    event = event_row(
        f"{kind}:{one.advice_id}",
        datetime.now(UTC),
        env,
        kind,
        message,
        {"advice": one.advice_id},
        namespace=one.namespace,
        name=one.name,
    )
    await clickhouse.insert("event", [event])


async def roll_back(context: Context, env: str, one: Acceptance, actor: str) -> Operation | None:
    """Ask for the operation that restores what stood before an advice was accepted; the same however often.

    :returns: None where the control row does not have the advice's count any more.
    """
    versions = await queries.past(context[ClickHouse], env, one.namespace, one.name)
    if not versions or versions[0].advice_id != one.advice_id:
        return None
    before = next((row for row in versions if row.advice_id != one.advice_id), None)
    accepted = BeforeAdvice(
        advice_id=one.advice_id,
        manual=before.replicas_manual if before else None,
        ai=before.replicas_ai if before else None,
        ai_advice_id=before.advice_id if before else "",
    )
    desired = Rollback(
        operation=one.operation_id,
        before=CountBefore(live=one.before, manual=accepted.manual, accepted=accepted),
    )
    operation = Operation(
        id=f"{one.advice_id}-back",
        env=env,
        kind="scale",
        requested_by=actor,
        requested_at=datetime.now(UTC),
        targets=(Target(one.namespace, one.name, desired),),
        rollback_of=one.operation_id,
        rollout_timeout_s=context[ApiSettings].rollout_timeout_s,
    )
    await repository.add(context, [operation], actor)
    return await repository.OPERATIONS.load(context, env, operation.id)
