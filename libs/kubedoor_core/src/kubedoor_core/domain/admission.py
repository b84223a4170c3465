"""The admission decision: one AdmissionReview, one row of the control table, one mode in; a decision out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from kubedoor_core.domain.control import Service
from kubedoor_core.domain.decision import Decision, Result
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.patch import Operation, add
from kubedoor_core.domain.quantity import shown
from kubedoor_core.domain.resources import Outcome, Pod, govern, read_pod
from kubedoor_core.domain.review import Object, Review
from kubedoor_core.domain.settle import Change, Floors
from kubedoor_core.errors import BadValueError

DEFAULT_FLOORS = Floors()
MAX_WARNING_CHARS = 200
DEPLOYMENT_DEFAULT, SCALE_DEFAULT = 1, 0
"""What a missing `spec.replicas` means."""


def decide(review: Review, service: Service | None, mode: Mode, floors: Floors = DEFAULT_FLOORS) -> Decision:
    """Decide by the table of the specification: the first rule that fits.

    :param service: the service's row of the control table, or None for one that is not registered.
    :param mode: what holds for this service; `off` too where its namespace is not governed.
    :raises BadValueError: for an object that is no Deployment or Scale.
    """
    if not concerns_us(review):
        return Decision(1, Result.AS_IT_CAME)
    if mode is Mode.OFF:
        return Decision(2, Result.AS_IT_CAME)
    changed = _Changed.of(review)
    if service is None:
        return _unregistered(review, changed, mode)
    rule = _rule(review, changed)
    if rule in {8, 10}:
        return Decision(rule, Result.AS_IT_CAME)
    return _govern(review, service, mode, floors, rule)


def concerns_us(review: Review) -> bool:
    """Tell whether a request is one that could be governed at all (rule 1): no state is needed for that."""
    if (review.group, review.resource) != ("apps", "deployments"):
        return False
    operations = {"": {"CREATE", "UPDATE"}, "scale": {"UPDATE"}}
    if review.operation not in operations.get(review.subresource, ()):
        return False
    metadata = review.object.get("metadata")
    return not (isinstance(metadata, dict) and metadata.get("deletionTimestamp"))


class _Changed(NamedTuple):
    """What a request changes."""

    template: bool
    replicas: bool

    @classmethod
    def of(cls, review: Review) -> _Changed:
        if not review.object:
            raise BadValueError("request.object is missing")
        if review.operation == "UPDATE" and not review.old_object:
            raise BadValueError("request.oldObject is missing")
        new, old = _spec(review.object), _spec(review.old_object)
        if review.operation == "CREATE":
            return cls(template=True, replicas=True)
        return cls(
            template=not review.is_scale and not _equal(new.get("template"), old.get("template")),
            replicas=_replicas(review, new) != _replicas(review, old),
        )


def _unregistered(review: Review, changed: _Changed, mode: Mode) -> Decision:
    if not (review.is_scale or changed.template or changed.replicas):
        return Decision(4, Result.AS_IT_CAME)
    message = _not_registered(review)
    if mode is Mode.OBSERVE:
        return Decision(3, Result.WOULD_DENY, warnings=(_short(f"would be refused: {message}"),))
    return Decision(3, Result.DENIED, message=message)


def _not_registered(review: Review) -> str:
    """Say which service it is and what to do; one named by the API server later can't be known to us."""
    if not review.name:
        return (
            f"A Deployment in {review.namespace} has no name yet (metadata.generateName), so it can't be"
            " registered in KubeDoor: give it a metadata.name, and register that in the console"
        )
    return (
        f"Deployment {review.namespace}/{shown(review.name)} is not registered in KubeDoor:"
        " register it in the console, under Services"
    )


def _rule(review: Review, changed: _Changed) -> int:
    if review.is_scale:
        return 9 if changed.replicas else 10
    if review.operation == "CREATE":
        return 5
    if changed.template:
        return 6
    return 7 if changed.replicas else 8


class _Asked(NamedTuple):
    """All of a request that its governing depends on: small, so that what was decided can be remembered."""

    rule: int
    replicas: int
    has_spec: bool
    pod: Pod | None


def _govern(review: Review, service: Service, mode: Mode, floors: Floors, rule: int) -> Decision:
    spec = _spec(review.object)
    pod = read_pod(_pod_spec(spec)) if rule in {5, 6} else None
    asked = _Asked(rule, _replicas(review, spec), review.object.get("spec") is not None, pod)
    settled = _remembered if pod is None or pod.is_small else _settled
    return settled(asked, service, mode is Mode.OBSERVE, floors)


def _settled(asked: _Asked, service: Service, observed: bool, floors: Floors) -> Decision:
    replicas = _govern_replicas(asked, service)
    resources = govern(asked.pod, service, floors) if asked.pod else Outcome()
    patch = (*replicas.patch, *resources.patch)
    changes = (*replicas.changes, *resources.changes)
    said = [f"would change {change}" if observed else str(change) for change in changes]
    result = Result.UNCHANGED
    if patch:
        result = Result.WOULD_PATCH if observed else Result.PATCHED
    return Decision(
        asked.rule,
        result,
        patch=() if observed else patch,
        warnings=tuple([_short(warning) for warning in (*said, *replicas.warnings, *resources.warnings)]),
        unset=resources.unset,
        changes=changes,
    )


_remembered = lru_cache(maxsize=1024)(_settled)


class _Replicas(NamedTuple):
    patch: tuple[Operation, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()


def _govern_replicas(asked: _Asked, service: Service) -> _Replicas:
    if service.autoscaled:
        return _Replicas()
    if service.replicas is None:
        left = f"replicas left at {asked.replicas}: no count is known for this service yet"
        return _Replicas(warnings=(left,))
    if service.replicas == asked.replicas:
        return _Replicas()
    change = Change("replicas", str(asked.replicas), str(service.replicas), service.replicas_source or "")
    if not asked.has_spec:
        return _Replicas((add({"replicas": service.replicas}, "spec"),), (change,))
    return _Replicas((add(service.replicas, "spec", "replicas"),), (change,))


def _spec(holder: Object) -> Object:
    return _child(holder, "spec", "spec")


def _pod_spec(spec: Object) -> Object:
    template = _child(spec, "template", "spec.template")
    return _child(template, "spec", "spec.template.spec")


def _child(holder: Object, key: str, place: str) -> Object:
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadValueError(f"{place} must be an object")
    return value


def _replicas(review: Review, spec: Object) -> int:
    count = spec.get("replicas")
    if count is None:
        return SCALE_DEFAULT if review.is_scale else DEPLOYMENT_DEFAULT
    if not isinstance(count, int) or isinstance(count, bool):
        raise BadValueError("spec.replicas must be a whole number")
    return count


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 any JSON
    """Compare two documents as Kubernetes' types would: a null is a key that is not there."""
    if one == other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        keys = one.keys() | other.keys()
        return all(_equal(one.get(key), other.get(key)) for key in keys)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return False


def _short(warning: str) -> str:
    if not warning.isprintable():
        warning = "".join(character if character.isprintable() else " " for character in warning)
    return warning if len(warning) <= MAX_WARNING_CHARS else warning[: MAX_WARNING_CHARS - 3] + "..."
