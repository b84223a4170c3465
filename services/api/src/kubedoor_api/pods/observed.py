"""What is looked at before anything is done to a pod, and the refusals that all actions share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kubedoor_api.config.environment import ApiSettings, PodActionGroup
from kubedoor_api.kube import pods as kube
from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import Clusters, forbidden, no_cluster
from kubedoor_api.kube.manifests import condition_of, controller_of, made_by, selects
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.kube.retry import FORBIDDEN, MISSING, AskingError
from kubedoor_api.pods.isolation import is_isolated
from kubedoor_api.web.endpoint import Context
from kubedoor_core.domain.generated_names import service_of
from kubedoor_core.domain.workload import WorkloadKind
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

MAKERS = frozenset({"ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job"})
"""What makes a new pod where one of its own goes; of others it is not known."""


def is_ready(pod: Pod) -> bool:
    """Tell whether a pod takes requests."""
    going = pod["metadata"].get("deletionTimestamp")
    return not going and condition_of(pod, "Ready").get("status") == "True"


@dataclass(frozen=True)
class Budget:
    """A PodDisruptionBudget that holds a pod.

    :ivar allowed: so many pods may go now, as Kubernetes reckons.
    """

    name: str
    allowed: int


@dataclass(frozen=True)
class Observed:
    """A pod and what is around it.

    :ivar siblings: all pods of the same controller, itself among them.
    :ivar node_gone: it was on a node that there is no more.
    """

    pod: Pod
    siblings: tuple[Pod, ...]
    budgets: tuple[Budget, ...]
    node_gone: bool

    @property
    def uid(self) -> str:
        """The pod's."""
        return str(self.pod["metadata"]["uid"])

    @property
    def isolated(self) -> bool:
        """Tell whether it has been taken out of its Services by hand, and not been put back."""
        return is_isolated(self.pod)

    @property
    def service(self) -> tuple[WorkloadKind, str] | None:
        """Kind and name of the service that it is of, by what made it; None: of none that is known."""
        owner = controller_of(self.pod)
        return service_of(owner["kind"], owner["name"]) if owner else None

    @property
    def ready(self) -> int:
        """How many of the siblings take requests."""
        return sum(map(is_ready, self.siblings))

    @property
    def maker(self) -> str:
        """What makes a new one when it goes, such as `ReplicaSet cart-5d9f7c6b8d`; empty if nothing does."""
        owner = controller_of(self.pod)
        return f"{owner['kind']} {owner['name']}" if owner.get("kind") in MAKERS else ""


def budgets_of(budgets: Iterable[PodDisruptionBudget], pod: Pod) -> tuple[Budget, ...]:
    """Return the budgets that hold a pod."""
    labels = pod["metadata"].get("labels") or {}
    found = (one for one in budgets if selects((one.get("spec") or {}).get("selector"), labels))
    return tuple(
        Budget(one["metadata"]["name"], int((one.get("status") or {}).get("disruptionsAllowed") or 0))
        for one in found
    )


async def observe(context: Context, env: str, namespace: str, name: str) -> Observed:
    """Look at a pod.

    :raises Problem: 404 without the pod, 409 where the api may not look.
    :raises AskingError: the cluster does not answer.
    """
    clusters = context[Clusters]
    try:
        pod = await kube.read(clusters, env, namespace, name)
        every = await workloads.pods(clusters, env, namespace, "")
        budgets = await surroundings.disruption_budgets(clusters, env, namespace)
        place = str((pod.get("spec") or {}).get("nodeName") or "")
        node_gone = bool(place) and not await workloads.nodes(clusters, env, place)
    except AskingError as error:
        if error.status == MISSING:
            raise no_pod(env, namespace, name) from error
        if error.status == FORBIDDEN:
            raise forbidden(env, namespace, "look at", "pods", error) from error
        raise
    siblings = tuple(made_by(str(controller_of(pod).get("uid") or ""), every))
    return Observed(pod, siblings or (pod,), budgets_of(budgets, pod), node_gone)


def replacement(owner_uid: str, before: Collection[str], pods: Iterable[Pod]) -> Pod | None:
    """Return a ready pod of an owner that is none of those before; None: there is none yet."""
    new = (pod for pod in made_by(owner_uid, pods) if pod["metadata"].get("uid") not in before)
    return next(filter(is_ready, new), None)


def require_same(observed: Observed, uid: str, env: str) -> None:
    """Refuse where the pod is not the one that was meant.

    :raises Problem: 409.
    """
    if observed.uid != uid:
        name = observed.pod["metadata"]["name"]
        raise Problem(
            409,
            f"{name} is another pod by now, of the same name: look at it again",
            code=ProblemCode.POD_REPLACED,
            parameters={"env": env, "pod": name, "uid": observed.uid},
        )


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


def ready_after(observed: Observed) -> int:
    """Return how many of the siblings take requests once the pod is gone, before a new one is there."""
    return observed.ready - is_ready(observed.pod)
