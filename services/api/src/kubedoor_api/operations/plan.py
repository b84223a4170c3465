"""What may be scaled, restarted or rolled back: one pure function for the preview and for the execution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.kube.manifests import autoscaler_of, owner_of, replicas_of, restarted_by, template_of
from kubedoor_api.operations.desired import (
    Bounds,
    BoundsBefore,
    CountBefore,
    Refused,
    Rollback,
    TemplateBefore,
    ToBounds,
    ToCount,
)
from kubedoor_api.operations.template import template_before
from kubedoor_core.errors import KubeDoorError

if TYPE_CHECKING:
    from kubedoor_api.operations.desired import Restart
    from kubedoor_api.operations.models import Reason

    Before = CountBefore | BoundsBefore | TemplateBefore
    Desired = ToCount | ToBounds | Restart | Rollback | Refused

Json = dict[str, Any]

BOUNDS_HELP = "its autoscaler owns the count; give autoscaler_bounds to move its bounds"


class RefusedError(KubeDoorError):
    """A service can't be acted on; the message says why and what would help, the reason in one word."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Registered:
    """What the control table holds for a service.

    :ivar replicas: the effective count; None: it has none.
    :ivar manual: the expert's own count; None: there is none.
    """

    replicas: int | None
    autoscaled: bool
    manual: int | None = None
    updated_by: str = ""


@dataclass(frozen=True)
class Observed:
    """What stands before anything is changed.

    :ivar governed: whether the namespace is governed.
    :ivar live: the Deployment; None: there is none.
    :ivar autoscalers: of its namespace; empty where the plan doesn't need them.
    :ivar registered: None: it is not, or the plan doesn't need it.
    """

    governed: bool
    live: Json | None = None
    autoscalers: Sequence[Json] = ()
    registered: Registered | None = None


@dataclass(frozen=True)
class Plan:
    """What will be done, and what stood before.

    :ivar live: the Deployment as it was observed.
    :ivar replicas: the count to ask for; None: the count is left alone.
    :ivar autoscaler: whose bounds are moved; empty: nobody's.
    :ivar bounds: the bounds that it gets.
    """

    live: Json
    before: Before
    replicas: int | None = None
    autoscaler: str = ""
    bounds: Bounds | None = None

    @property
    def replicas_before(self) -> int:
        """The count that the Deployment asks for now."""
        return replicas_of(self.live)

    @property
    def restarted_by(self) -> str | None:
        """The operation that the pod template names now."""
        return restarted_by(template_of(self.live).get("metadata") or {})


def plan(env: str, namespace: str, name: str, desired: Desired, observed: Observed) -> Plan:
    """Say what will be done with a service.

    :raises RefusedError: it can't be done, and why.
    """
    service = f"{namespace}/{name}"
    if isinstance(desired, Refused):
        raise RefusedError(desired.detail, desired.reason)
    live = require_live(env, namespace, name, observed)
    own = autoscaler_of(observed.autoscalers, name)
    if isinstance(desired, ToBounds):
        return _bounds(service, desired, live, own)
    if isinstance(desired, ToCount):
        return _count(service, desired, live, own, require_registered(env, service, observed.registered))
    if isinstance(desired, Rollback):
        return _rollback(env, service, desired, live, own, observed.registered)
    if live["spec"].get("paused"):
        raise RefusedError(
            f"{service} is paused (kubectl rollout pause): resume it, then restart it", "paused"
        )
    return Plan(live, template_before(live))


def require_live(env: str, namespace: str, name: str, observed: Observed) -> Json:
    """Return the Deployment.

    :raises RefusedError: the namespace is not governed, or it is not there, or not for long.
    """
    service, live = f"{namespace}/{name}", observed.live
    if not observed.governed:
        raise RefusedError(
            f"the namespace {namespace} is not governed: see the setting `namespaces`", "not_governed"
        )
    if live is None:
        raise RefusedError(f"there is no {service} in the cluster {env}", "missing")
    if live["metadata"].get("deletionTimestamp"):
        raise RefusedError(f"{service} is being deleted", "being_deleted")
    return live


def require_registered(env: str, name: str, registered: Registered | None) -> Registered:
    """Return what the control table holds for a service.

    :raises RefusedError: it is not registered.
    """
    if registered is None:
        raise RefusedError(
            f"{name} is not registered in {env}: register it in the console, under Services", "not_registered"
        )
    return registered


def _only(name: str, own: Sequence[Json]) -> Json | None:
    if len(own) > 1:
        names = ", ".join(str(autoscaler["metadata"]["name"]) for autoscaler in own)
        raise RefusedError(f"several autoscalers target {name}: {names}; leave it one", "several_autoscalers")
    return own[0] if own else None


def _count(name: str, desired: ToCount, live: Json, own: Sequence[Json], registered: Registered) -> Plan:
    autoscaler = _only(name, own)
    if autoscaler is not None:
        which = str(autoscaler["metadata"]["name"])
        raise RefusedError(
            f"{name} is autoscaled by the HorizontalPodAutoscaler {which}: {BOUNDS_HELP}", "autoscaled"
        )
    if registered.autoscaled:
        raise RefusedError(f"{name} is set to autoscaled in the control table: {BOUNDS_HELP}", "autoscaled")
    replicas = registered.replicas if desired.replicas is None else desired.replicas
    if replicas is None:
        raise RefusedError(f"the control table has no count for {name}: give one", "no_count")
    before = CountBefore(live=replicas_of(live), manual=registered.manual, made=desired.replicas)
    return Plan(live, before, replicas=replicas)


def _bounds(name: str, desired: ToBounds, live: Json, own: Sequence[Json]) -> Plan:
    autoscaler = _only(name, own)
    if autoscaler is None:
        raise RefusedError(
            f"no HorizontalPodAutoscaler targets {name}: give a count instead", "no_autoscaler"
        )
    which = str(autoscaler["metadata"]["name"])
    if owner := owner_of(autoscaler):
        raise RefusedError(
            f"the HorizontalPodAutoscaler {which} is made by {owner}: change it there", "owned_autoscaler"
        )
    before = BoundsBefore(autoscaler=which, bounds=bounds_of(autoscaler), made=desired.bounds)
    return Plan(live, before, autoscaler=which, bounds=desired.bounds)


def bounds_of(autoscaler: Json) -> Bounds:
    """Return an autoscaler's bounds; a missing lower one means 1."""
    spec = autoscaler["spec"]
    least = spec.get("minReplicas")
    return Bounds(min_replicas=1 if least is None else int(least), max_replicas=int(spec["maxReplicas"]))


def _rollback(
    env: str,
    name: str,
    desired: Rollback,
    live: Json,
    own: Sequence[Json],
    registered: Registered | None,
) -> Plan:
    """Plan to restore the values before an operation, unless somebody has changed them since."""
    before = desired.before
    if isinstance(before, CountBefore):
        return _count_rollback(before, live, require_registered(env, name, registered))
    if isinstance(before, BoundsBefore):
        return _bounds_rollback(before, live, _only(name, own))
    standing = template_before(live)
    if standing.restarted_by not in {desired.operation, before.restarted_by}:
        raise RefusedError(
            "left as it is: something else has changed the pod template since", "left_as_it_is"
        )
    return Plan(live, standing)


def _count_rollback(before: CountBefore, live: Json, registered: Registered) -> Plan:
    standing = registered.manual
    if before.made is not None and standing not in {before.made, before.manual}:
        raise RefusedError(
            f"left as it is: {registered.updated_by} has made it {standing} pods since", "left_as_it_is"
        )
    now = CountBefore(live=replicas_of(live), manual=standing, made=before.manual)
    return Plan(live, now, replicas=before.live)


def _bounds_rollback(before: BoundsBefore, live: Json, autoscaler: Json | None) -> Plan:
    if autoscaler is None or str(autoscaler["metadata"]["name"]) != before.autoscaler:
        raise RefusedError(f"left as it is: the autoscaler {before.autoscaler} is gone", "left_as_it_is")
    standing = bounds_of(autoscaler)
    if standing not in {before.made, before.bounds}:
        least, most = standing.min_replicas, standing.max_replicas
        raise RefusedError(
            f"left as it is: somebody has made the bounds {least} to {most} since", "left_as_it_is"
        )
    now = BoundsBefore(autoscaler=before.autoscaler, bounds=standing, made=before.bounds)
    return Plan(live, now, autoscaler=before.autoscaler, bounds=before.bounds)
