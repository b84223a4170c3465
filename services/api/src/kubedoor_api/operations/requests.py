"""From a request to an operation: which targets are invalid, who may ask, what is desired of each service."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.operations.models import AskedTarget, Care, NewOperation
from kubedoor_api.operations.notes import OperationNote, note
from kubedoor_api.operations.operation import (
    Bounds,
    Desired,
    Operation,
    Refused,
    Resize,
    Restart,
    Target,
    ToBounds,
    ToCount,
)
from kubedoor_api.web.endpoint import Caller, Context
from kubedoor_api.web.fields import MAX_COUNT
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError, Problem, bad_field

MAX_GIVEN_CHARS = 40


@dataclass(frozen=True)
class InvalidTarget:
    """Why a target can't be acted on, as a note and as the field of a request."""

    note: OperationNote
    error: FieldError


def validate_targets(targets: Sequence[AskedTarget]) -> dict[int, InvalidTarget]:
    """Find the targets that can't be acted on, by their place."""
    found: dict[int, InvalidTarget] = {}
    seen: set[tuple[str, str]] = set()
    for index, target in enumerate(targets):
        key, place = (target.namespace, target.name), f"targets.{index}"
        if key in seen:
            why, name = note("twice", service=target.full_name), target.full_name
            found[index] = InvalidTarget(why, _error(place, why, FieldCode.TWICE, name=name))
        elif target.replicas is not None and (wrong := _wrong_count(f"{place}.replicas", target.replicas)):
            found[index] = wrong
        seen.add(key)
    return found


def _error(place: str, why: OperationNote, code: FieldCode, **parameters: str | int) -> FieldError:
    return {"field": place, "reason": str(why), "code": code, "parameters": parameters}


def _wrong_count(place: str, replicas: float) -> InvalidTarget | None:
    whole = replicas == int(replicas)
    if whole and 0 <= replicas <= MAX_COUNT:
        return None
    given = str(int(replicas) if whole else replicas)[:MAX_GIVEN_CHARS]
    why = note("bad_count", given=given, most=MAX_COUNT)
    if replicas < 0:
        return InvalidTarget(why, _error(place, why, FieldCode.GREATER_THAN_EQUAL, ge=0))
    if replicas > MAX_COUNT:
        return InvalidTarget(why, _error(place, why, FieldCode.LESS_THAN_EQUAL, le=MAX_COUNT))
    return InvalidTarget(why, _error(place, why, FieldCode.INT_FROM_FLOAT))


def require_one_valid(targets: Sequence[AskedTarget], found: dict[int, InvalidTarget]) -> None:
    """Refuse an operation that could act on nothing.

    :raises Problem: 400 naming each place.
    """
    if len(found) < len(targets):
        return
    errors = [one.error for one in found.values()]
    raise Problem(400, f"{errors[0]['field']}: {errors[0]['reason']}", errors=errors)


def desired_of(kind: str, target: AskedTarget, invalid: InvalidTarget | None = None) -> Desired:
    """Say what is asked for with one service.

    :param invalid: why it can't be, where the request itself shows it.
    """
    if invalid is not None:
        return Refused(note=invalid.note)
    if kind == "restart":
        return Restart()
    if kind == "resize":
        return Resize()
    if target.autoscaler_bounds is not None:
        return ToBounds(bounds=Bounds.model_validate(target.autoscaler_bounds.model_dump()))
    return ToCount(replicas=None if target.replicas is None else int(target.replicas))


def authorize_targets(caller: Caller, role: Role, env: str, namespaces: Iterable[str]) -> None:
    """Refuse where the caller's role doesn't reach each of the namespaces.

    :raises Problem: 403 naming the first.
    """
    for namespace in dict.fromkeys(namespaces):
        authorize(caller.principal.grants, role, env, namespace)


def require_cluster(context: Context, env: str) -> None:
    """Refuse where there is no cluster to act on.

    :raises Problem: 409.
    """
    if env not in context[Clusters].names:
        raise no_cluster(env)


def new_operation(
    context: Context, env: str, actor: str, request: NewOperation, now: datetime, schedule_id: str = ""
) -> Operation:
    """Return the operation that a request asks for, not begun.

    :param schedule_id: the schedule that makes it, or empty.
    :raises Problem: 400 for a time that is past, or where nothing could be acted on.
    """
    invalid = validate_targets(request.targets)
    require_one_valid(request.targets, invalid)
    until = now + timedelta(seconds=request.for_s) if request.for_s is not None else request.until
    if until is not None and until <= now:
        given = until.isoformat()
        reason = f"{given} is past; the time must be in the future"
        raise bad_field("until", reason, FieldCode.IN_THE_PAST, value=given)
    targets = tuple(
        Target(one.namespace, one.name, desired_of(request.kind, one, invalid.get(index)), kind=one.kind)
        for index, one in enumerate(request.targets)
    )
    return Operation(
        id=uuid.uuid4().hex,
        env=env,
        kind=request.kind,
        requested_by=actor,
        requested_at=now,
        targets=targets,
        rollout_timeout_s=request.rollout_timeout_s or context[ApiSettings].rollout_timeout_s,
        until=until,
        schedule_id=schedule_id,
        **{name: getattr(request, name) for name in Care.model_fields},
    )
