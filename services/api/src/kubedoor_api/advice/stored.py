"""Advice as a row, and a row as it is told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kubedoor_api.advice.models import Advice
from kubedoor_api.advice.queries import Key
from kubedoor_core.domain import advice as core
from kubedoor_core.domain.advice import AdvicePolicy, TextCode

Row = Mapping[str, Any]
SHARES: Mapping[TextCode, str] = {
    "cpu_of_limit": "limit_share",
    "one_lost_of_limit": "one_lost_share",
    "memory_of_limit": "limit_memory_margin",
    "memory_never_fits": "limit_memory_margin",
    "heap_of_max": "heap_share",
    "traffic_proved": "proved_step",
    "one_step": "kept_share",
}
"""Which share of the policy a bound's sentence names beside its facts, in per cent."""
SAME = (
    "as_of", "replicas_now", "replicas_needed", "replicas_advised", "replicas_available", "of_least",
    "verdict", "binding", "bounds", "facts", "saving", "not_because", "version",
)  # fmt: skip
"""What makes one advice another than the one before."""
ADVISED = ("fewer", "more")
"""Verdicts that can be accepted."""
EXPIRES_BY = ("verdict", "replicas_now", "replicas_advised", "of_least", "version")
"""What must stay as it was while the days go on, so that advice of before can still be accepted."""


def row_of(
    env: str,
    key: Key,
    found: core.Advice,
    policy: AdvicePolicy,
    *,
    available: int | None,
    as_of: date,
    version: int,
    currency: str,
    now: datetime,
) -> dict[str, Any]:
    """Return advice as it is written, with an identity of its own.

    :param available: the least count that disruptions need.
    """
    facts, bounds = _facts_and_bounds(found, policy)
    numbers = found.saving._asdict().items() if found.saving else ()
    saving = {name: None if value is None else round(value, 2) for name, value in numbers}
    return {
        "env": env,
        "id": uuid.uuid4().hex,
        "at": now,
        "as_of": as_of.isoformat(),
        "namespace": key[0],
        "name": key[1],
        "replicas_now": found.replicas,
        "replicas_needed": found.needed,
        "replicas_advised": found.advised,
        "replicas_available": available,
        "of_least": found.of_least,
        "verdict": found.verdict,
        "binding": found.binding.name if found.binding else "",
        "confidence": round(found.confidence, 4),
        "bounds": json.dumps(bounds),
        "facts": json.dumps(facts),
        "saving": json.dumps({**saving, "currency": currency} if saving else None),
        "not_because": list(found.reasons),
        "version": version,
    }


def _facts_and_bounds(
    found: core.Advice, policy: AdvicePolicy
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    facts: dict[core.Fact, dict[str, Any]] = {}
    for bound in found.bounds:
        for fact in bound.facts:
            if fact not in facts:
                facts[fact] = {
                    "id": f"f{len(facts) + 1}",
                    "name": fact.name,
                    "value": round(fact.value, 4),
                    "date": fact.date.isoformat() if fact.date else None,
                    "from": fact.source,
                    "container": fact.container,
                }
    bounds = [
        {
            "name": bound.name,
            "least": bound.least,
            "text_code": bound.text_code,
            "parameters": _parameters(bound, [facts[fact] for fact in bound.facts], policy),
            "facts": [facts[fact]["id"] for fact in bound.facts],
            "container": bound.container,
        }
        for bound in found.bounds
    ]
    return list(facts.values()), bounds


def _parameters(bound: core.Bound, facts: list[dict[str, Any]], policy: AdvicePolicy) -> dict[str, Any]:
    """Return the numbers of a bound's sentence."""
    found: dict[str, Any] = {}
    for fact in facts:
        found[fact["name"]] = fact["value"]
        if fact["date"] is not None:
            found[f"{fact['name']}_date"] = fact["date"]
    if bound.container is not None:
        found["container"] = bound.container
    if (share := SHARES.get(bound.text_code)) is not None:
        found[f"{share}_pct"] = round(100 * getattr(policy, share), 2)
    return found


def advice_of(row: Row, policy: AdvicePolicy, load: Sequence[float | None] = ()) -> Advice:
    """Return a row as it is told.

    :param load: of one pod by the day.
    """
    as_of = date.fromisoformat(row["as_of"])
    more = row["verdict"] in ("fewer", "more") and row["replicas_advised"] != row["replicas_needed"]
    return Advice.model_validate(
        {
            **{name: row[name] for name in Advice.model_fields if name in row},
            "as_of": as_of,
            "load": load,
            "kind": row.get("kind") or "Deployment",
            "version": str(row["version"]),
            "binding": row["binding"] or None,
            "bounds": json.loads(row["bounds"]),
            "facts": json.loads(row["facts"]),
            "saving": json.loads(row["saving"]),
            "next_step_after": as_of + timedelta(days=1 + policy.settle_days) if more else None,
        }
    )


def says_the_same(one: Row, other: Row) -> bool:
    """Tell whether two rows give the same advice, whenever they were made."""
    return all(str(one[name]) == str(other[name]) for name in SAME)


def has_expired(one: Row, now: Row | None) -> bool:
    """Tell whether advice that could be accepted can't be any more.

    :param now: what is advised on its service now; None: nothing, as nothing is known of it any more.
    """
    if one["verdict"] not in ADVISED:
        return False
    return now is None or any(str(one[name]) != str(now[name]) for name in EXPIRES_BY)


def expiry_of(one: Row, now: Row | None, at: datetime) -> dict[str, Any]:
    """Return the decision that nobody took: advice has expired."""
    named = {name: one[name] for name in ("env", "namespace", "kind", "name")}
    said = {"decision": "expired", "reason": "gone" if now is None else "changed"}
    return {**named, "advice_id": one["id"], "at": at, "actor": "api", **said}
