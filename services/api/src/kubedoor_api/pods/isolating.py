"""What is looked at before a pod is isolated, and what should be known of it."""

from __future__ import annotations

from kubedoor_api.kube import pods as kube
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters, forbidden
from kubedoor_api.kube.manifests import controller_of
from kubedoor_api.kube.retry import FORBIDDEN, AskingError
from kubedoor_api.pods.isolation import Isolation, isolate
from kubedoor_api.pods.models import ActionParameters, Warn
from kubedoor_api.pods.observed import Observed, ready_after
from kubedoor_api.web.endpoint import Context
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

ISOLATABLE = frozenset({"ReplicaSet", "StatefulSet"})
MESH = "istio-proxy"


def check(observed: Observed) -> None:
    """Refuse a pod that can't be let go, or is isolated already.

    A StatefulSet makes no other pod of that name: it is taken out of its Services alone. A DaemonSet or a
    Job would run a second one beside it where that is not meant.

    :raises Problem: 409.
    """
    metadata, owner = observed.pod["metadata"], controller_of(observed.pod)
    name = metadata["name"]
    if observed.isolated:
        raise Problem(
            409,
            f"{name} is isolated already: undo that action, or delete the pod",
            code=ProblemCode.ISOLATED_ALREADY,
            parameters={"pod": name},
        )
    if owner and owner["kind"] not in ISOLATABLE:
        of = f"{owner['kind']} {owner['name']}"
        raise Problem(
            409,
            f"{name} belongs to the {of}: only pods of a ReplicaSet or StatefulSet, or of nothing, can be"
            " isolated; evict it, or take what you need from its log first",
            code=ProblemCode.NOT_ISOLATABLE,
            parameters={"pod": name, "owner": of},
        )


async def plan(context: Context, env: str, namespace: str, observed: Observed) -> Isolation:
    """Look at what selects the pod, and choose the labels to take off.

    :raises Problem: 409 where the api may not look.
    :raises AskingError: the cluster does not answer.
    """
    clusters, owner = context[Clusters], controller_of(observed.pod)
    try:
        services = await kube.services(clusters, env, namespace)
        policies = await kube.network_policies(clusters, env, namespace)
        sets = await workloads.replica_sets(clusters, env, namespace, "") if owner else []
    except AskingError as error:
        if error.status == FORBIDDEN:
            raise forbidden(env, namespace, "look at", "what selects pods", error) from error
        raise
    replica_set = next((one for one in sets if one["metadata"]["uid"] == owner.get("uid")), None)
    return isolate(observed.pod, replica_set, observed.siblings, services, policies)


def warnings(
    observed: Observed, isolation: Isolation, parameters: ActionParameters, hours: int | None
) -> list[Warn]:
    """Return what should be known before the pod is isolated.

    :param hours: after which it is deleted; None: it is not.
    """
    first = parameters.order == "replacement_first" and bool(isolation.owner_uid)
    containers = (observed.pod.get("spec") or {}).get("containers") or []
    found: dict[Warn, bool] = {
        "no_replacement": not isolation.owner_uid,
        "same_name": controller_of(observed.pod).get("kind") == "StatefulSet",
        "last_ready": not first and observed.ready > 0 and not ready_after(observed),
        "stays": hours is None,
        "policies_change": bool(isolation.policies),
        "istio_open_connections": any(one.get("name") == MESH for one in containers),
        "leaves_early": first and isolation.leaves_early,
    }
    return [name for name, holds in found.items() if holds]
