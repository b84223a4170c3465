"""Two namespaces with a row of each in every table, and live Deployments: one drifted, one unknown."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.alerts.row import AlertmanagerAlert
from kubedoor_api.alerts.row import row_of as alert_row
from kubedoor_api.findings.facts import Subject
from kubedoor_api.findings.models import FindingView, view_of
from kubedoor_api.findings.queries import write
from kubedoor_api.findings.tracking import Finding, Key
from kubedoor_api.kube_events import queries as kube_events
from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_api.operations import operation as operations
from kubedoor_api.operations.notes import note
from kubedoor_api.pods.action import PodAction, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS
from support.alerts import sent_alert
from support.api import BASE, ENV, SERVICES, Api
from support.operations import deployment
from support.rows import containers, derived_row, set_mode
from support.schedules import SCHEDULES, schedule

OWN, FOREIGN = "shop", "hidden"
"""The second name is in every row of its namespace and nowhere else."""
DAYS = tuple((datetime.now(UTC) - timedelta(days=ago)).date().isoformat() for ago in (2, 1))
BATCH = {"note": "together"}


def of(namespace: str) -> str:
    """The one service of a namespace."""
    return "cart" if namespace == OWN else f"{FOREIGN}-cart"


def _daily(namespace: str, day: str) -> dict[str, Any]:
    return {
        "env": ENV, "namespace": namespace, "name": of(namespace), "container": namespace, "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000",
        "collected_at": f"{day} 04:00:00.000", "pod_count": 2, "p95_cpu_m": 100, "p95_mem_mib": 200,
        "request_cpu_m": 300, "request_mem_mib": 600, "limit_cpu_m": 500, "limit_mem_mib": 800,
        "cpu_pct": 20.0, "mem_pct": 25.0, "oom_kills": 1, "coverage": 1.0, "owner_source": "metrics",
    }  # fmt: skip


def _traffic(namespace: str, day: str) -> dict[str, Any]:
    return {
        "env": ENV, "namespace": namespace, "name": of(namespace), "date": day, "source": "istio",
        "qps_p95": 10.0, "error_pct": 2.0, "collected_at": f"{day} 04:00:00.000",
    }  # fmt: skip


def _jvm(namespace: str, day: str) -> dict[str, Any]:
    return {
        "env": ENV, "namespace": namespace, "name": of(namespace), "container": namespace, "date": day,
        "source": "micrometer", "heap_used_p95_mib": 300.0, "collected_at": f"{day} 04:00:00.000",
    }  # fmt: skip


def _admission(namespace: str) -> dict[str, Any]:
    return {
        "at": timestamp(datetime.now(UTC)), "env": ENV, "namespace": namespace, "name": of(namespace),
        "uid": namespace, "user": namespace, "operation": "UPDATE", "resource": "deployments", "rule": 7,
        "mode": "enforce", "outcome": "patched", "before": "{}", "after": "{}", "patch": "[]",
        "warnings": [namespace],
    }  # fmt: skip


def _event(namespace: str) -> dict[str, Any]:
    return {
        "id": namespace, "at": timestamp(datetime.now(UTC)), "env": ENV, "namespace": namespace,
        "name": of(namespace), "kind": "service.new", "severity": "info", "message": namespace,
        "data": "{}", "source": "collector",
    }  # fmt: skip


def _score(namespace: str, day: str) -> dict[str, Any]:
    deduction = {
        "part": "cost", "rule": "request_unused", "date": day, "points": 9.0, "value": 0.4, "threshold": 0.8,
        "container": namespace, "changes": 1,
        "remedy": {"action": "set_request", "parameters": {"container": namespace, "value": 1.0}},
    }  # fmt: skip
    parts = dict.fromkeys(("cost", "safety", "count", "runtime", "steadiness"))
    return {
        "env": ENV, "namespace": namespace, "name": of(namespace), "date": day, "score": 91.0, "cost": 2.0,
        "known_pct": 80.0, "parts": json.dumps(parts), "deductions": json.dumps([deduction]),
        "written_at": f"{day} 05:00:00.000",
    }  # fmt: skip


def _advice(namespace: str) -> dict[str, Any]:
    return {
        "env": ENV, "id": uuid.uuid5(uuid.NAMESPACE_DNS, namespace).hex, "at": timestamp(datetime.now(UTC)),
        "as_of": DAYS[1], "namespace": namespace, "name": of(namespace), "replicas_now": 4,
        "replicas_needed": 2, "replicas_advised": 3, "replicas_available": 2, "verdict": "fewer",
        "binding": "cpu", "confidence": 0.8, "bounds": "[]", "facts": "[]", "saving": "null",
        "not_because": [], "version": 0,
    }  # fmt: skip


def _ai_call(namespace: str) -> dict[str, Any]:
    now = timestamp(datetime.now(UTC))
    return {
        "id": namespace, "at": now, "env": ENV, "namespace": namespace, "name": of(namespace),
        "task": "explain_score", "task_version": 1, "model": "small", "language": "en", "share": "names",
        "actor": "bob", "cache_key": namespace, "state": "failed", "failure": "timeout", "sent": namespace,
        "written_at": now,
    }  # fmt: skip


def _operation(identity: str, *namespaces: str) -> dict[str, Any]:
    targets = tuple(
        operations.Target(
            name, of(name), operations.Restart(), state="failed", notes=(note("said", text=name),)
        )
        for name in namespaces
    )
    now = datetime.now(UTC)
    made = operations.Operation(
        id=identity, env=ENV, kind="restart", requested_by="bob", requested_at=now, targets=targets,
        state="failed",
    )  # fmt: skip
    return operations.row_of(made)


def _pod_action(namespace: str) -> dict[str, Any]:
    return row_of(
        PodAction(
            id=namespace, env=ENV, kind="delete", namespace=namespace, pod=of(namespace), uid=namespace,
            parameters={}, requested_at=datetime.now(UTC), requested_by="bob", state="done",
        )
    )  # fmt: skip


def _alert(namespace: str) -> dict[str, Any]:
    labels = {"namespace": namespace, "deployment": of(namespace), "alertname": namespace}
    sent = AlertmanagerAlert.model_validate({**sent_alert(len(namespace)), "labels": labels})
    return dict(alert_row(ENV, sent, datetime.now(UTC)))


def _kube_event(namespace: str) -> KubeEvent:
    now, pod = datetime.now(UTC), f"{of(namespace)}-5d9f7c6b8d-x2vbn"
    return KubeEvent(
        namespace,
        1,
        now,
        now,
        "Warning",
        "BackOff",
        namespace,
        "Pod",
        pod,
        namespace,
        "Deployment",
        of(namespace),
    )


def _finding(namespace: str) -> FindingView:
    at, key = datetime.now(UTC), Key("oom", Subject("Deployment", namespace, of(namespace)), "app")
    return view_of(Finding(namespace, key, at, at, at, ()))


async def _rows(clickhouse: ClickHouse) -> None:
    both = (OWN, FOREIGN)
    values = containers(app=(100, None, 128, None))
    rows = [derived_row(ENV, name, of(name), replicas_observed=3, **values) for name in both]
    await clickhouse.insert("derived", rows)
    await clickhouse.insert("resource_daily", [_daily(name, day) for name in both for day in DAYS])
    await clickhouse.insert("traffic_daily", [_traffic(name, day) for name in both for day in DAYS])
    await clickhouse.insert("jvm_daily", [_jvm(name, day) for name in both for day in DAYS])
    await clickhouse.insert("score_daily", [_score(name, day) for name in both for day in DAYS])
    await clickhouse.insert("admission_log", [_admission(name) for name in both])
    await clickhouse.insert("event", [_event(name) for name in both])
    past = [{**_advice(name), "id": f"{name}-2"} for name in both]
    await clickhouse.insert("advice", [*past, *(_advice(name) for name in both)])
    decided = [
        {"env": ENV, "advice_id": f"{name}-1", "at": timestamp(datetime.now(UTC)), "actor": name,
         "decision": "dismissed", "namespace": name, "name": of(name)} for name in both
    ]  # fmt: skip
    accepted = [
        {**one, "advice_id": f"{one['namespace']}-2", "decision": "accepted", "replicas": 3}
        for one in decided
    ]
    await clickhouse.insert("advice_decision", [*decided, *accepted])
    jobs = [_operation(OWN, OWN), _operation(FOREIGN, FOREIGN), _operation("both", OWN, FOREIGN)]
    await clickhouse.insert("operation", [{**job, "version": 1} for job in jobs])
    await clickhouse.insert("ai_call", [_ai_call(name) for name in both])
    await clickhouse.insert("pod_action", [{**_pod_action(name), "version": 1} for name in both])
    await clickhouse.insert("alert", [_alert(name) for name in both])
    await kube_events.insert(clickhouse, ENV, [_kube_event(name) for name in both])
    await write(clickhouse, ENV, [_finding(name) for name in both], datetime.now(UTC))
    for name in both:
        await set_mode(clickhouse, ENV, "observe", name)


async def _schedule(api: Api, namespace: str) -> str:
    target = {"namespace": namespace, "name": of(namespace)}
    made = await api.change("POST", SCHEDULES, schedule(name=namespace, targets=[target]))
    assert made.status == 201, made.text
    identity: str = made.json["id"]
    return identity


async def _edits(api: Api) -> None:
    """Edits by the api, so that the audit tells of each namespace, and of both at once."""
    changes = []
    for name in (OWN, FOREIGN):
        path = f"{SERVICES}/{name}/{of(name)}"
        version = (await api.get(path)).json["version"]
        changed = await api.change("PATCH", path, {"note": name}, version=version)
        assert changed.status == 200, changed.text
        place = {"namespace": name, "name": of(name)}
        changes.append({**place, "version": changed.json["version"], "edit": BATCH})
    assert (await api.change("POST", f"{SERVICES}/batch", {"changes": changes})).status == 200


async def fill(api: Api, clickhouse: ClickHouse, cluster: Cluster) -> dict[str, str]:
    """Fill everything and return the schedules' identities by their namespace."""
    await _rows(clickhouse)
    for name in (OWN, FOREIGN):
        for deployed in (of(name), f"new-{of(name)}"):
            made = deployment(deployed)
            made["metadata"] |= {"namespace": name, "labels": {"team": f"team-{name}"}}
            await cluster.create(Target(DEPLOYMENTS, name, deployed), made)
    await _edits(api)
    asked = await api.change("POST", f"{BASE}/collections", {"dates": [_window_over()]})
    assert asked.status == 202, asked.text
    return {name: await _schedule(api, name) for name in (OWN, FOREIGN)}


def _window_over() -> str:
    return (datetime.now(UTC) - timedelta(days=3)).date().isoformat()


def manifest(namespace: str) -> str:
    """The Deployment of a namespace, to be previewed."""
    made = deployment(of(namespace))
    made["metadata"]["namespace"] = namespace
    return json.dumps(made)
