"""Which groups of actions on pods there are here, and the refusals that all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.config.environment import ApiSettings, PodActionGroup
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context


def require_group(context: Context, env: str, namespace: str, group: PodActionGroup) -> None:
    """Refuse where a group of actions is not switched on, or there is no cluster to ask.

    :raises Problem: 409, with the value of the chart that switches it on.
    """
    settings = context[ApiSettings]
    if env not in context[Clusters].names:
        raise no_cluster(env)
    parameters = {"group": group, "namespace": namespace}
    if group not in settings.pod_action_groups:
        detail = (
            f"Actions on pods of the group {group} are off: set podActions.{group} of the chart to true,"
            f" or add {group} to KUBEDOOR_POD_ACTIONS and give the api's account the rights"
        )
        raise Problem(409, detail, code=ProblemCode.POD_ACTIONS_OFF, parameters=parameters)
    if not settings.acts_on_pods_of(namespace):
        detail = (
            f"Actions on pods are off in the namespace {namespace}: add it to podActions.namespaces of the"
            " chart, or to KUBEDOOR_POD_ACTIONS_NAMESPACES"
        )
        raise Problem(409, detail, code=ProblemCode.POD_ACTIONS_OFF, parameters=parameters)


def no_pod(env: str, namespace: str, pod: str) -> Problem:
    """Return the refusal of what is about a pod that is not there."""
    return Problem(
        404,
        f"There is no pod {namespace}/{pod} in the cluster {env}",
        code=ProblemCode.NO_POD,
        parameters={"env": env, "namespace": namespace, "pod": pod},
    )
