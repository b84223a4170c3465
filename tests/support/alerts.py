"""Alerts as Alertmanager sends them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
NEVER = "0001-01-01T00:00:00Z"
POD = "cart-7d9c5b8f6d-x2x4z"


def sent_alert(number: int = 1, state: str = "firing", **labels: str) -> dict[str, Any]:
    """One alert of its body; the number makes the fingerprint."""
    return {
        "status": state,
        "labels": {"alertname": "PodCrashLooping", "severity": "Warning", "namespace": "shop", **labels},
        "annotations": {"summary": f"it restarts ({number})"},
        "startsAt": BEGAN.isoformat(),
        "endsAt": datetime.now(UTC).isoformat() if state == "resolved" else NEVER,
        "generatorURL": "http://prometheus:9090/graph?g0.expr=up",
        "fingerprint": f"{number:016x}",
    }


def message(*alerts: dict[str, Any]) -> dict[str, Any]:
    """The body of Alertmanager's webhook."""
    return {
        "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing", "receiver": "kubedoor",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093", "alerts": list(alerts),
    }  # fmt: skip
