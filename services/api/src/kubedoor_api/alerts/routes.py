"""The endpoints of alerts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

from kubedoor_api.access.roles import Right, Role, authorize
from kubedoor_api.alerts import queries
from kubedoor_api.alerts.intake import Intake
from kubedoor_api.alerts.models import (
    Acknowledged,
    Acknowledgement,
    AlertGroup,
    AlertGroups,
    AlertPage,
    AlertPod,
    AlertQuery,
    OccurrenceQuery,
)
from kubedoor_api.alerts.row import (
    AlertmanagerAlert,
    AlertmanagerMessage,
    AlertsTaken,
    CustomAlert,
    CustomAlerts,
    row_of,
    version_of,
)
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.env_policy import ALERTMANAGER_URL
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

COLLECTION = "/envs/{env}/alerts"
MAX_MESSAGE_BYTES = 8 << 20
"""Of one group of Alertmanager's: about 8,000 alerts."""

log = get_logger(__name__)


async def _take(context: Context, env: str, sent: Sequence[AlertmanagerAlert | CustomAlert]) -> AlertsTaken:
    now = datetime.now(UTC)
    rows = [row_of(env, one, now) for one in sent]
    await context[Intake].write(rows)
    return AlertsTaken(taken=len(rows), cut=sum(int(str(row["cut"])) for row in rows))


@endpoint(
    "POST",
    COLLECTION + "/alertmanager",
    tag="alerts",
    role=Role.INGEST,
    right=Right.INGEST,
    audited=False,
    max_body_bytes=MAX_MESSAGE_BYTES,
)
async def receive_alertmanager(call: Call[EnvPath, Nothing, AlertmanagerMessage]) -> AlertsTaken:
    """Take what Alertmanager sends (`webhook_configs`, version 4).

    Takes a token of the role `ingest`. The answer comes when the alerts are stored; 503 asks Alertmanager to
    send them again. What is sent twice is there once, and an alert that was sent before it was resolved and
    comes after that opens nothing.
    """
    if call.body.truncated:
        log.warning("alerts.truncated", env=call.path.env, left_out=call.body.truncated, by="max_alerts")
    return await _take(call.context, call.path.env, call.body.alerts)


@endpoint("POST", COLLECTION + "/custom", tag="alerts", role=Role.INGEST, right=Right.INGEST, audited=False)
async def receive_custom_alerts(call: Call[EnvPath, Nothing, CustomAlerts]) -> AlertsTaken:
    """Take alerts of a script's own.

    Takes a token of the role `ingest`. An alert is known by its name, its labels and `starts_at`: send the
    same with `resolved` to close it.
    """
    return await _take(call.context, call.path.env, call.body.alerts)


def silence_url(alertmanager: str, alertname: str, namespace: str) -> str | None:
    """Return where Alertmanager makes a silence; None where nobody has said where it is."""
    if not alertmanager:
        return None
    matchers = {"alertname": alertname, **({"namespace": namespace} if namespace else {})}
    text = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in matchers.items())
    return f"{alertmanager.rstrip('/')}/#/silences/new?filter={quote('{' + text + '}', safe='')}"


@endpoint("GET", COLLECTION, tag="alerts", role=Role.VIEWER, by_target=True)
async def list_alerts(call: Call[EnvPath, AlertQuery, Nothing]) -> AlertGroups:
    """List alerts by day, name and service.

    In the namespaces that you may see; those of no namespace are for who may see the whole env.
    """
    env, context = call.path.env, call.context
    scope = await namespace_scope(call.caller, context, env)
    timezone = context[ApiSettings].timezone
    part = partial(queries.groups, context[ClickHouse], env, timezone, scope, call.query)
    found, total = await page_of(part, call.query)
    url = (await store.policy(context, env))[ALERTMANAGER_URL]
    items = [
        AlertGroup(
            **{name: value for name, value in group._asdict().items() if name not in {"pods", "total"}},
            pods=[
                AlertPod(pod=pod, count=n, firing=firing, last=last) for pod, n, firing, last in group.pods
            ],
            silence_url=silence_url(url, group.alertname, group.namespace),
        )
        for group in found
    ]
    return AlertGroups(items=items, total=total)


@endpoint("GET", COLLECTION + "/occurrences", tag="alerts", role=Role.VIEWER, by_target=True)
async def list_alert_occurrences(call: Call[EnvPath, OccurrenceQuery, Nothing]) -> AlertPage:
    """List single alerts with their labels, the latest first.

    In the namespaces that you may see; those of no namespace are for who may see the whole env.
    """
    env, context = call.path.env, call.context
    scope = await namespace_scope(call.caller, context, env)
    timezone = context[ApiSettings].timezone
    part = partial(queries.alerts, context[ClickHouse], env, timezone, scope, call.query)
    items, total = await page_of(part, call.query)
    return AlertPage(items=items, total=total)


@endpoint("POST", COLLECTION + "/ack", tag="alerts", role=Role.OPERATOR, by_target=True)
async def acknowledge_alerts(call: Call[EnvPath, Nothing, Acknowledgement]) -> Acknowledged:
    """Say that somebody takes care of alerts, and what is done about them.

    It stays when the alert is sent again. Doing so once more replaces the note.
    """
    env, body, caller, now = call.path.env, call.body, call.caller, datetime.now(UTC)
    found = await queries.asked(call.context[ClickHouse], env, body.alerts)
    for namespace in {one.namespace for one in found}:
        authorize(caller.principal.grants, Role.OPERATOR, env, namespace or None)
    missing = {(key.fingerprint, key.starts_at) for key in body.alerts} - {one[:2] for one in found}
    if missing:
        fingerprint, starts_at = min(missing)
        raise Problem(
            404,
            f"There is no alert {fingerprint} since {starts_at.isoformat()} in {env}",
            code=ProblemCode.NO_ALERT,
            parameters={"env": env, "fingerprint": fingerprint},
        )
    acknowledged = [
        {
            "env": env,
            "fingerprint": one.fingerprint,
            "starts_at": timestamp(one.starts_at),
            "part": "ack",
            "ack_by": caller.principal.name,
            "ack_note": body.note,
            "received_at": timestamp(now),
            "version": version_of(now, resolved=False),
        }
        for one in found
    ]
    await call.context[ClickHouse].insert("alert", acknowledged)
    told = [f"{one.alertname} {one.fingerprint}" for one in found]
    call.audit.set(None, {"alerts": told, "note": body.note})
    return Acknowledged(count=len(found))
