"""What may be scaled, restarted or rolled back: one pure function for the preview and for the execution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kubedoor_api.operations.manifests import Autoscaler, Live
from kubedoor_api.operations.notes import RefusedError, note
from kubedoor_api.operations.operation import (
    Before,
    Bounds,
    BoundsBefore,
    CountBefore,
    Desired,
    PodsBefore,
    Refused,
    Resize,
    Resources,
    Rollback,
    ToBounds,
    ToCount,
)


@dataclass(frozen=True)
class Lasting:
    """The count that is meant to last, below one that holds for a time only.

    :ivar manual: the expert's own count; None: there is none.
    :ivar replicas: the effective count with it; None: there is none.
    """

    manual: int | None
    replicas: int | None


@dataclass(frozen=True)
class Registered:
    """What the control table holds for a service.

    :ivar replicas: the effective count; None: it has none.
    :ivar manual: the expert's own count; None: there is none.
    :ivar advice_id: the advice whose count it has; empty: none.
    :ivar lasting: what comes back after a manual count that a schedule, or a scale for a time, made;
        None: what stands is meant to last.
    """

    replicas: int | None
    autoscaled: bool
    manual: int | None = None
    updated_by: str = ""
    advice_id: str = ""
    lasting: Lasting | None = None


@dataclass(frozen=True)
class Observed:
    """What stands before anything is changed.

    :ivar governed: whether the namespace is governed.
    :ivar live: the Deployment; None: there is none.
    :ivar autoscalers: that target it; empty where the plan doesn't need them.
    :ivar registered: None: it is not, or the plan doesn't need it.
    :ivar admitted: requests and limits that admission gives new pods, where the plan needs them.
    :ivar running: those of the first pod that runs; empty where none does, or the plan doesn't need them.
    """

    governed: bool
    live: Live | None = None
    autoscalers: Sequence[Autoscaler] = ()
    registered: Registered | None = None
    admitted: tuple[Resources, ...] = ()
    running: tuple[Resources, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What will be done, and what stood before.

    :ivar live: the Deployment as it was observed.
    :ivar replicas: the count to ask for; None: the count is left alone.
    :ivar gives_back: the lasting count that the control table gets back before; None: it keeps its own.
    :ivar autoscaler: whose bounds are moved; empty: nobody's.
    :ivar bounds: the bounds that it gets.
    :ivar resources: requests and limits that its running pods get; None: they are left alone.
    """

    live: Live
    before: Before
    replicas: int | None = None
    gives_back: Lasting | None = None
    autoscaler: str = ""
    bounds: Bounds | None = None
    resources: tuple[Resources, ...] | None = None


def plan(env: str, namespace: str, name: str, desired: Desired, observed: Observed) -> Plan:
    """Say what will be done with a service.

    :raises RefusedError: it can't be done, and why.
    """
    service = f"{namespace}/{name}"
    if isinstance(desired, Refused):
        raise RefusedError(desired.note)
    live = require_live(env, namespace, name, observed)
    if isinstance(desired, ToBounds):
        return _bounds(service, desired, live, _only(service, observed))
    if isinstance(desired, ToCount):
        registered = _require_registered(env, service, observed)
        return _count(service, desired, live, _only(service, observed), registered)
    if isinstance(desired, Rollback):
        return _rollback(env, service, desired, live, observed)
    if isinstance(desired, Resize):
        _require_registered(env, service, observed)
        return Plan(live, PodsBefore(containers=observed.running), resources=observed.admitted)
    if live.paused:
        raise RefusedError(note("paused", service=service))
    return Plan(live, live.template)


def require_live(env: str, namespace: str, name: str, observed: Observed) -> Live:
    """Return the Deployment.

    :raises RefusedError: the namespace is not governed, or it is not there, or not for long.
    """
    service = f"{namespace}/{name}"
    if not observed.governed:
        raise RefusedError(note("not_governed", namespace=namespace))
    if observed.live is None:
        raise RefusedError(note("missing", service=service, env=env))
    if observed.live.being_deleted:
        raise RefusedError(note("being_deleted", service=service))
    return observed.live


def _require_registered(env: str, service: str, observed: Observed) -> Registered:
    if observed.registered is None:
        raise RefusedError(note("not_registered", service=service, env=env))
    return observed.registered


def _only(service: str, observed: Observed) -> Autoscaler | None:
    if len(observed.autoscalers) > 1:
        names = ", ".join(one.name for one in observed.autoscalers)
        raise RefusedError(note("several_autoscalers", service=service, autoscalers=names))
    return observed.autoscalers[0] if observed.autoscalers else None


def _count(
    service: str, desired: ToCount, live: Live, autoscaler: Autoscaler | None, registered: Registered
) -> Plan:
    if autoscaler is not None:
        raise RefusedError(note("autoscaled", service=service, autoscaler=autoscaler.name))
    if registered.autoscaled:
        raise RefusedError(note("set_to_autoscaled", service=service))
    manual, lasting = registered.manual, registered.lasting
    if desired.replicas is not None:
        # Whoever rolls this back restores what lasts: a count for a time never becomes the governed one.
        standing = live.replicas if lasting is None or lasting.replicas is None else lasting.replicas
        kept = manual if lasting is None else lasting.manual
        return Plan(
            live, CountBefore(live=standing, manual=kept, made=desired.replicas), replicas=desired.replicas
        )
    replicas = registered.replicas if lasting is None else lasting.replicas
    if replicas is None:
        raise RefusedError(note("no_count", service=service))
    made = lasting.manual if lasting else None
    before = CountBefore(live=live.replicas, manual=manual, made=made, accepted=desired.accepted)
    return Plan(live, before, replicas=replicas, gives_back=lasting)


def _bounds(service: str, desired: ToBounds, live: Live, autoscaler: Autoscaler | None) -> Plan:
    if autoscaler is None:
        raise RefusedError(note("no_autoscaler", service=service))
    name = autoscaler.name
    if autoscaler.owner:
        raise RefusedError(note("owned_autoscaler", autoscaler=name, owner=autoscaler.owner))
    before = BoundsBefore(autoscaler=name, bounds=autoscaler.bounds, made=desired.bounds)
    return Plan(live, before, autoscaler=name, bounds=desired.bounds)


def _rollback(env: str, service: str, desired: Rollback, live: Live, observed: Observed) -> Plan:
    """Plan to restore the values before an operation, unless somebody has changed them since."""
    before = desired.before
    if isinstance(before, CountBefore):
        registered = _require_registered(env, service, observed)
        manual, by = registered.manual, registered.updated_by
        if before.made is not None and manual not in {before.made, before.manual}:
            removed = note("count_removed_since", by=by)
            raise RefusedError(
                removed if manual is None else note("count_changed_since", by=by, count=manual)
            )
        if before.accepted is not None and registered.advice_id != before.accepted.advice_id:
            raise RefusedError(note("advice_changed_since", by=by))
        now = CountBefore(live=live.replicas, manual=manual, made=before.manual)
        return Plan(live, now, replicas=before.live)
    if isinstance(before, BoundsBefore):
        return _bounds_rollback(before, live, _only(service, observed))
    if isinstance(before, PodsBefore):
        return Plan(live, PodsBefore(containers=observed.running), resources=before.containers)
    standing = live.template
    if standing.restarted_by not in {desired.operation, before.restarted_by}:
        raise RefusedError(note("template_changed_since"))
    return Plan(live, standing)


def _bounds_rollback(before: BoundsBefore, live: Live, autoscaler: Autoscaler | None) -> Plan:
    if autoscaler is None or autoscaler.name != before.autoscaler:
        raise RefusedError(note("autoscaler_gone", autoscaler=before.autoscaler))
    standing = autoscaler.bounds
    if standing not in {before.made, before.bounds}:
        least, most = standing.min_replicas, standing.max_replicas
        raise RefusedError(note("bounds_changed_since", least=least, most=most))
    now = BoundsBefore(autoscaler=before.autoscaler, bounds=standing, made=before.bounds)
    return Plan(live, now, autoscaler=before.autoscaler, bounds=before.bounds)
