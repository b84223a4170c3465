"""What stands against accepting advice: of each item, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from kubedoor_api.advice.history import zones_of
from kubedoor_api.advice.making import Live
from kubedoor_api.advice.models import Accept, AcceptItem
from kubedoor_api.advice.queries import Key, Standing
from kubedoor_api.advice.stored import ADVISED
from kubedoor_api.web.fields import ServiceKey
from kubedoor_core.clickhouse import Row
from kubedoor_core.domain.advice import Bound, Constraints
from kubedoor_core.domain.advice.bounds import availability_bound
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.control import ExpertRow
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

MAX_ERRORS = 100
STALE, CONFLICT = 412, 409
BELOW = {"disruption_budget": FieldCode.BELOW_BUDGET, "spread": FieldCode.BELOW_SPREAD}


@dataclass(frozen=True)
class Ground:
    """What an acceptance is checked against.

    :ivar advice: by identity; ``expired`` those of them that can't be accepted any more.
    :ivar expert: the rows of the control table, tombstones included.
    """

    advice: Mapping[str, Row]
    expired: Set[str]
    expert: Mapping[ServiceKey, ExpertRow]
    standing: Mapping[Key, Standing]
    live: Live
    rules: AdvicePolicy

    def of_least(self, item: AcceptItem) -> bool:
        """Tell whether an advice is about the least count of an autoscaler."""
        return bool(self.advice[item.advice_id]["of_least"])


def check(body: Accept, ground: Ground) -> None:
    """Refuse all where something stands against one.

    :raises Problem: 412 for services that were changed since; 409 for advice that there is not, or that was
        computed before the last change, and for counts below what disruptions need; 400 for what only `now`
        can do.
    """
    items = list(enumerate(body.items))
    _refuse(
        STALE, ProblemCode.SERVICES_CHANGED, [one for at, item in items for one in _changed(at, item, ground)]
    )
    outdated = [one for at, item in items for one in _outdated(at, item, ground)]
    _refuse(CONFLICT, ProblemCode.ADVICE_OUTDATED, outdated)
    _refuse(
        CONFLICT, ProblemCode.BELOW_LEAST, [one for at, item in items for one in _below(at, item, ground)]
    )
    ways = [one for at, item in items for one in _way(at, item, body, ground)]
    _refuse(400, None, ways)


def _refuse(status: int, code: ProblemCode | None, errors: Sequence[FieldError]) -> None:
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise Problem(
            status,
            f"Nothing was accepted: {errors[0]['reason']}{more}",
            code=code,
            errors=list(errors[:MAX_ERRORS]),
            parameters={"count": len(errors)},
        )


def _error(at: int, item: AcceptItem, code: FieldCode, reason: str, **about: str | int) -> FieldError:
    named = {"namespace": item.namespace, "kind": item.kind, "name": item.name}
    field = f"items.{at}"
    return {
        "field": field,
        "reason": f"{item.full_name} {reason}",
        "code": code,
        "parameters": {**named, **about},
    }


def _changed(at: int, item: AcceptItem, ground: Ground) -> Iterator[FieldError]:
    standing, row = ground.standing.get((item.namespace, item.name)), ground.expert.get(item.key)
    if standing is None:
        yield _error(at, item, FieldCode.NOT_REGISTERED, "is not registered")
    elif item.version != str(row.version if row else 0):
        by = row.updated_by if row else ""
        yield _error(at, item, FieldCode.CHANGED_SINCE, f"was changed by {by or 'nobody'} since", by=by)


def _outdated(at: int, item: AcceptItem, ground: Ground) -> Iterator[FieldError]:
    row, facts = ground.advice.get(item.advice_id), ground.live.deployments.get((item.namespace, item.name))
    of_it = row is not None and (row["namespace"], row["name"]) == (item.namespace, item.name)
    if row is None or not of_it or row["verdict"] not in ADVISED or facts is None:
        yield _error(at, item, FieldCode.NO_ADVICE, "has no such advice to accept")
        return
    scaled = not row["of_least"] and facts.replicas != row["replicas_now"]
    rolled_out = facts.rolled_out_at is not None and facts.rolled_out_at > datetime.fromisoformat(row["at"])
    changed = str(row["version"]) != item.version or item.advice_id in ground.expired
    if changed or scaled or rolled_out:
        yield _error(at, item, FieldCode.ADVICE_OUTDATED, "has changed since this advice was computed")


def least_of(item: AcceptItem, ground: Ground) -> Bound:
    """Return the least count that disruptions need, as the cluster is now."""
    facts = ground.live.deployments[item.namespace, item.name]
    zones = zones_of(facts, ground.live.domains)
    return availability_bound(
        Constraints(facts.replicas, budget_least=facts.budget_least, zones=zones), ground.rules
    )


def _below(at: int, item: AcceptItem, ground: Ground) -> Iterator[FieldError]:
    bound = least_of(item, ground)
    if item.replicas >= bound.least:
        return
    code, least = BELOW.get(bound.text_code, FieldCode.BELOW_LEAST), bound.least
    budget = ground.live.deployments[item.namespace, item.name].budget
    why = {
        FieldCode.BELOW_BUDGET: f"because of its PodDisruptionBudget {budget}",
        FieldCode.BELOW_SPREAD: "one for each zone that it must be spread over",
    }.get(code, "so that one may be lost")
    field = _error(at, item, code, f"needs at least {least} pods, {why}", least=least, budget=budget)
    yield {**field, "field": f"items.{at}.replicas"}


def _way(at: int, item: AcceptItem, body: Accept, ground: Ground) -> Iterator[FieldError]:
    if not ground.of_least(item):
        return
    if body.how != "now":
        reason = "has an autoscaler: accept it with how=now, which moves the autoscaler's least count"
        yield _error(at, item, FieldCode.ONLY_NOW, reason)
    elif (ground.standing[item.namespace, item.name].most or 0) < item.replicas:
        reason = "has an autoscaler, and nobody knows a largest count of it that is not below this one"
        yield _error(at, item, FieldCode.LEAST_UNKNOWN, reason)
