"""The admission decision: one AdmissionReview, one row of the control table, one mode in; a decision out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decision import Decision, Result
from kubedoor_core.domain.admission.limit_range import NO_LIMIT_RANGE, LimitRange
from kubedoor_core.domain.admission.manifest import Manifest, Pod
from kubedoor_core.domain.admission.notes import Change, Note, NoteCode
from kubedoor_core.domain.admission.patch import PatchOperation, add
from kubedoor_core.domain.admission.pod_resources import PodPatch, govern
from kubedoor_core.domain.admission.review import Review
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.mode import Mode
from kubedoor_core.domain.quantity import shown
from kubedoor_core.errors import BadValueError

AUTOSCALER = "system:serviceaccount:kube-system:horizontal-pod-autoscaler"
"""Who scales for a HorizontalPodAutoscaler."""
DEPLOYMENT_DEFAULT, SCALE_DEFAULT = 1, 0
"""What a missing `spec.replicas` means."""
OPERATIONS: Mapping[str, frozenset[str]] = {
    "": frozenset({"CREATE", "UPDATE"}),
    "scale": frozenset({"UPDATE"}),
}
"""What can be governed, by subresource."""


class Rules(NamedTuple):
    """What holds for a service beside its row: the env's settings, and its namespace's LimitRange."""

    floors: Floors = Floors()
    scale_to_zero: bool = False
    limit_range: LimitRange = NO_LIMIT_RANGE


DEFAULT_RULES = Rules()


def decide(review: Review, service: Service | None, mode: Mode, rules: Rules = DEFAULT_RULES) -> Decision:
    """Decide by the table of the specification: the first rule that fits.

    :param service: the service's row of the control table, or None for one that is not registered.
    :param mode: what holds for this service; `off` too where its namespace is not governed.
    :raises BadValueError: for an object that is no Deployment or Scale.
    """
    if not in_scope(review):
        return Decision(1, Result.ALLOWED_UNCHANGED)
    if mode is Mode.OFF:
        return Decision(2, Result.ALLOWED_UNCHANGED)
    changed = _Changed.of(review)
    if service is None:
        return _unregistered(review, changed, mode)
    rule = _rule(review, changed)
    if rule in {8, 10}:
        return Decision(rule, Result.ALLOWED_UNCHANGED)
    if rule == 9 and (passes := _passes(review, service, rules)):
        return Decision(rule, Result.UNCHANGED, notes=(passes,))
    return _govern(review, service, mode, rules, rule)


def in_scope(review: Review) -> bool:
    """Tell whether a request is one that could be governed at all (rule 1): no state is needed for that."""
    if review.group != "apps" or review.resource != "deployments":
        return False
    if review.operation not in OPERATIONS.get(review.subresource, ()):
        return False
    return not review.deleting


class _Changed(NamedTuple):
    """What a request changes."""

    template: bool
    replicas: bool

    @classmethod
    def of(cls, review: Review) -> _Changed:
        new, old = review.object, review.old_object
        if new is None:
            raise BadValueError("request.object is missing")
        if review.operation == "CREATE":
            return cls(template=True, replicas=True)
        if old is None:
            raise BadValueError("request.oldObject is missing")
        return cls(
            template=not review.is_scale and not equal(new.template, old.template),
            replicas=_replicas(review, new) != _replicas(review, old),
        )


def _unregistered(review: Review, changed: _Changed, mode: Mode) -> Decision:
    if not (review.is_scale or changed.template or changed.replicas):
        return Decision(4, Result.ALLOWED_UNCHANGED)
    result = Result.WOULD_DENY if mode is Mode.OBSERVE else Result.DENIED
    return Decision(3, result, refusal=_not_registered(review))


def _not_registered(review: Review) -> Note:
    """Say which service it is; one that the API server names after admission can't be known to us."""
    about = {"kind": "Deployment", "namespace": shown(review.namespace)}
    if not review.name:
        return Note.of(NoteCode.NAME_GENERATED, **about)
    return Note.of(NoteCode.NOT_REGISTERED, **about, name=shown(review.name))


def _passes(review: Review, service: Service, rules: Rules) -> Note | None:
    """Say why a scale is not ours to change: an autoscaler's, or to zero and back where that is allowed."""
    before = _replicas(review, review.old_object)
    asked = _replicas(review, review.object)
    if review.user == AUTOSCALER and not (service.autoscaled or service.pinned):
        return Note.of(NoteCode.SCALED_BY_AUTOSCALER, replicas=asked)
    if rules.scale_to_zero and 0 in {before, asked}:
        return Note.of(NoteCode.SCALE_TO_ZERO_ALLOWED, replicas=asked)
    return None


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


def _govern(review: Review, service: Service, mode: Mode, rules: Rules, rule: int) -> Decision:
    given = review.object
    pod = given.pod() if given is not None and rule in {5, 6} else None
    asked = _Asked(rule, _replicas(review, given), given is not None and given.has_spec, pod)
    about = (asked, service, mode is Mode.OBSERVE, rules)
    return _remembered(*about) if _asked_before(about) else _decided(*about)


def _decided(asked: _Asked, service: Service, observed: bool, rules: Rules) -> Decision:
    replicas = _govern_replicas(asked, service)
    pod = govern(asked.pod, service, rules.floors, rules.limit_range) if asked.pod else PodPatch()
    patch = (*replicas.patch, *pod.patch)
    result = Result.UNCHANGED
    if patch:
        result = Result.WOULD_PATCH if observed else Result.PATCHED
    return Decision(
        asked.rule,
        result,
        patch=() if observed else patch,
        changes=(*replicas.changes, *pod.changes),
        notes=(*replicas.notes, *pod.notes),
        unset=pod.unset,
    )


MOST_REMEMBERED = 1024

_remembered = lru_cache(maxsize=MOST_REMEMBERED)(_decided)
_hashes = [0] * MOST_REMEMBERED


def _asked_before(about: tuple[_Asked, Service, bool, Rules]) -> bool:
    """Tell whether the same was asked a moment ago.

    Most of what is asked is asked once: to remember that, and to forget it again, costs more than it saves.
    """
    pod = about[0].pod
    if pod is not None and not pod.is_small:
        return False
    number = hash((about[0], id(about[1]), *about[2:]))  # a copy keeps its services
    slot = number % MOST_REMEMBERED
    before, _hashes[slot] = _hashes[slot], number
    return before == number


class _Replicas(NamedTuple):
    patch: tuple[PatchOperation, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()


def _govern_replicas(asked: _Asked, service: Service) -> _Replicas:
    if service.autoscaled:
        return _Replicas()
    if service.replicas is None:
        return _Replicas(notes=(Note.of(NoteCode.REPLICAS_UNKNOWN, replicas=asked.replicas),))
    if service.replicas == asked.replicas:
        return _Replicas()
    before, after = str(asked.replicas), str(service.replicas)
    change = Change("", "replicas", "", before, after, service.replicas_source or "")
    if not asked.has_spec:
        return _Replicas((add({"replicas": service.replicas}, "spec"),), (change,))
    return _Replicas((add(service.replicas, "spec", "replicas"),), (change,))


def _replicas(review: Review, manifest: Manifest | None) -> int:
    count = None if manifest is None else manifest.replicas
    if count is None:
        return SCALE_DEFAULT if review.is_scale else DEPLOYMENT_DEFAULT
    return count


def equal(one: Any, other: Any) -> bool:  # noqa: ANN401 any JSON
    """Compare two documents as Kubernetes' types would: a null is a key that is not there."""
    if one == other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        keys = {**one, **other}  # in their order: a rollout changes a template's small `metadata`
        return all(equal(one.get(key), other.get(key)) for key in keys)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return False
