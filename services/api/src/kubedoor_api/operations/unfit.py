"""Targets that can't be acted on, as the request itself shows: each fails by itself, and the others go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.http.fields import MAX_COUNT
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError, Problem

if TYPE_CHECKING:
    from kubedoor_api.operations.models import AskedTarget, Reason

MAX_SHOWN_CHARS = 40


@dataclass(frozen=True)
class Unfit:
    """Why a target can't be acted on, in words and by one word, and as the field of a request."""

    reason: Reason
    detail: str
    error: FieldError


def _wrong_count(place: str, replicas: float) -> Unfit | None:
    code, about = _fault_of(replicas)
    if code is None:
        return None
    given = str(int(replicas) if replicas == int(replicas) else replicas)[:MAX_SHOWN_CHARS]
    detail = f"{given} is no count of pods: give a whole number from 0 to {MAX_COUNT}"
    error: FieldError = {"field": f"{place}.replicas", "reason": detail, "code": code, "parameters": about}
    return Unfit("bad_count", detail, error)


def _fault_of(replicas: float) -> tuple[FieldCode | None, dict[str, Any]]:
    if replicas < 0:
        return FieldCode.GREATER_THAN_EQUAL, {"ge": 0}
    if replicas > MAX_COUNT:
        return FieldCode.LESS_THAN_EQUAL, {"le": MAX_COUNT}
    return (None, {}) if replicas == int(replicas) else (FieldCode.INT_FROM_FLOAT, {})


def unfit(targets: Sequence[AskedTarget]) -> dict[int, Unfit]:
    """Find the targets that can't be acted on, by their place."""
    found: dict[int, Unfit] = {}
    seen: set[tuple[str, str]] = set()
    for index, target in enumerate(targets):
        key, place = (target.namespace, target.deployment), f"targets.{index}"
        name = "/".join(key)
        if key in seen:
            detail = f"{name} is there twice: what comes first counts"
            about = {"name": name}
            error: FieldError = {
                "field": place, "reason": detail, "code": FieldCode.TWICE, "parameters": about,
            }  # fmt: skip
            found[index] = Unfit("twice", detail, error)
        elif target.replicas is not None and (wrong := _wrong_count(place, target.replicas)):
            found[index] = wrong
        seen.add(key)
    return found


def require_one_fit(targets: Sequence[AskedTarget], found: dict[int, Unfit]) -> None:
    """Refuse an operation that could act on nothing.

    :raises Problem: 400 naming each place.
    """
    if len(found) < len(targets):
        return
    errors = [one.error for one in found.values()]
    raise Problem(400, f"{errors[0]['field']}: {errors[0]['reason']}", errors=errors)
