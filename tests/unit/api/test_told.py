"""What people are told of a change: one line that says who, what, where, and from what to what."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.middleware import difference, event_of
from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_core.domain.events import KINDS, is_wanted, wanted

READ_ONLY = {"admission", "ai", "audit", "envs", "me", "notifications", "statistics"}


def entry(before: object, after: object, outcome: str = "succeeded") -> AuditEntry:
    was, now = (json.dumps(value) if value is not None else "" for value in (before, after))
    who, where = ("alice", "admin", "10.0.0.1", "r1"), ("prod", "shop", "cart")
    return AuditEntry(*who, "changeService", outcome, *where, was, now)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"replicas_manual": 3, "version": 1}, {"replicas_manual": 5}, "replicas_manual 3 -> 5"),
        (None, {"mode": "enforce"}, "mode – -> enforce"),
        ({"margin_pct": 20}, None, "margin_pct 20 -> –"),
        ({"note": ""}, {"note": "x" * 100}, f"note – -> {'x' * 79}…"),
        ([{"a": 1}, None], [{"a": 2}, {"a": 1}], "2 services"),
        ({f"f{n}": 0 for n in range(10)}, {}, ", ".join(f"f{n} 0 -> –" for n in range(8)) + " and 2 more"),
    ],
)
def test_the_difference_is_told_in_one_line(before: object, after: object, words: str) -> None:
    one = entry(before, after)
    assert difference(one.before, one.after) == words


def test_a_change_that_succeeded_is_told_and_nothing_else() -> None:
    event = event_of(entry({"replicas_manual": 3}, {"replicas_manual": 5}), "services", "Change a service")
    assert event is not None
    assert event["message"] == "alice: Change a service: shop/cart: replicas_manual 3 -> 5"
    assert (event["kind"], event["severity"], event["env"]) == ("change.services", "info", "prod")
    for other in (entry({"a": 1}, {"a": 2}, "failed"), entry(None, None)):
        assert event_of(other, "services", "x") is None
    assert event_of(entry(None, {"a": 1}), "me", "x") is None


def test_every_operation_that_changes_something_has_a_kind() -> None:
    tags = {operation.tag for operation in ENDPOINTS if operation.method != "GET"}
    assert tags - READ_ONLY <= {kind.removeprefix("change.") for kind in KINDS}


def test_kinds_are_chosen_by_list_or_by_pattern() -> None:
    assert "change.mode" in wanted("")
    assert "change.services" not in wanted("")
    assert wanted("service.*") == ["service.new"]
    assert is_wanted("change.services", "info", ["change.services"], "")
    assert not is_wanted("change.mode", "warning", [], "")
    assert is_wanted("new.kind", "error", None, "")
    assert not is_wanted("new.kind", "error", None, "service.*")


TELLERS = (
    "services/collector/src/kubedoor_collector/events.py",
    "services/webhook/src/kubedoor_webhook/records.py",
    "services/api/src/kubedoor_api/operations/events.py",
    "services/api/src/kubedoor_api/schedules/runs.py",
)
KIND = re.compile(
    r'(?<!log\.warning\()"((?:admission|collection|operation|rollout|schedule|service)\.[a-z_]+)"'
)


def test_every_kind_that_a_service_tells_can_be_chosen() -> None:
    checkout = Path(__file__).resolve().parents[3]
    told = {kind for path in TELLERS for kind in KIND.findall((checkout / path).read_text())}
    assert len(told) > 8
    assert told <= set(KINDS)
