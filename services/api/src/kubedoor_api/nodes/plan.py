"""Which pods could move so that use lies more evenly: a plan that is shown, and never carried out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date as LocalDate  # noqa: N812 `date` is a field of models
from typing import TYPE_CHECKING, Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.kube.manifests import selects
from kubedoor_api.kube.nodes import LiveNode, read_node
from kubedoor_api.kube.objects.pods import Pod as PodObject
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.nodes import queries
from kubedoor_api.pods.isolation import ISOLATED
from kubedoor_api.pods.observed import MAKERS, controller_of, is_ready
from kubedoor_api.web.concurrency import Computing, SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing
from kubedoor_api.workloads import placing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.placement.plan import Plan, Use, plan
from kubedoor_core.problems import unavailable

if TYPE_CHECKING:
    from kubedoor_api.nodes.models import NodeDay
    from kubedoor_api.web.endpoint import Context

Key = tuple[str, str]
LIMIT_S = 60.0
SAFE = "kubedoor.io/safe-to-move"
LOCAL = ("emptyDir", "hostPath")
StayReason = Literal[
    "no_owner", "daemon", "opted_out", "isolated", "local_storage", "budget", "single", "unmeasured"
]  # fmt: skip
"""Why a pod on a hot node may not move: nobody would remake it; it is a DaemonSet's; its annotation
`kubedoor.io/safe-to-move` is "false"; it is isolated; it has data on its node; its budget allows none to go;
fewer than two pods of its owner are ready; its use was not measured."""


class NodeMove(Model):
    """A pod that would go to another node."""

    namespace: str
    """Kubernetes namespace"""
    pod: str
    """Name of the pod"""
    service: str
    """What made it"""
    source: str
    """Node that it is on"""
    target: str
    """Node that has room for it, and is used less"""
    cpu_m: float
    """What a pod of its service used at the last peak, millicores: so much the node is freed of"""
    mem_mib: float
    """Likewise memory, MiB"""
    deviation: float
    """Standard deviation of the nodes' use afterwards, points, the mean of cpu and memory"""


class Staying(Model):
    """Pods on hot nodes that may not move."""

    reason: StayReason
    """Why"""
    pods: int
    """How many"""


class NodePlan(Model):
    """Moves by which use would lie more evenly."""

    as_of: LocalDate | None
    """The day whose peak it is by; null where no collection knew nodes"""
    hot: list[str]
    """Nodes used by 10 points more than the mean, of cpu or memory"""
    before: float
    """Standard deviation of the nodes' use, points, the mean of cpu and memory"""
    after: float
    """The same once all moves are done"""
    moves: list[NodeMove]
    """The moves, in this order: every state between them fits; at most 20"""
    staying: list[Staying]
    """Why other pods on hot nodes may not move"""


@endpoint("GET", "/envs/{env}/nodes/plan", tag="nodes", role=Role.VIEWER, conflicts=True)
async def get_node_plan(call: Call[EnvPath, Nothing, Nothing]) -> NodePlan:
    """Show which pods could move so that use at the peak lies more evenly; for those who see the whole env.

    From nodes that are used by 10 points more than the mean to those below it, each time the move after which
    use lies most evenly. Whether a pod fits is decided by what it requests and by every rule of the
    scheduler. Nothing is moved. Moving pods does not last where requests are wrong: the scheduler sees
    requests alone.
    """
    context, env = call.context, call.path.env
    if env not in context[Clusters].names:
        raise no_cluster(env)
    return await context[SingleFlight].get(("nodes.plan", env), lambda: _made(context, env))


async def _made(context: Context, env: str) -> NodePlan:
    clusters, clickhouse = context[Clusters], context[ClickHouse]
    days = await queries.latest(clickhouse, env)
    as_of = max((one.date for one in days.values()), default=None)
    uses = await queries.pod_use(clickhouse, env, as_of) if as_of else {}
    try:
        async with asyncio.timeout(LIMIT_S):
            nodes = [read_node(one) for one in await workloads.nodes(clusters, env)]
            pods = [pod async for page in workloads.pods_in_pages(clusters, env) for pod in page]
            budgets = await surroundings.disruption_budgets(clusters, env)
    except AskingError as error:
        raise unavailable(str(error), "cluster") from error
    except TimeoutError as error:
        raise unavailable(
            f"the cluster {env} did not tell its pods within {LIMIT_S:.0f} s", "cluster"
        ) from error
    there = [pod for pod in pods if placing.is_there(pod)]
    return await context[Computing].run(_computed, days, uses, nodes, there, budgets, as_of)


def _computed(
    days: Mapping[str, NodeDay],
    uses: Mapping[tuple[str, str, str], Use],
    nodes: Sequence[LiveNode],
    found: Sequence[PodObject],
    budgets: Sequence[PodDisruptionBudget],
    as_of: LocalDate | None,
) -> NodePlan:
    usable = {node.name for node in nodes if node.takes_pods and not node.control_plane}
    used = {
        name: Use(day.p95_cpu_m, day.p95_mem_mib)
        for name, day in days.items()
        if name in usable and day.p95_cpu_m is not None and day.p95_mem_mib is not None
    }
    pods = [placing.read_pod(one) for one in found]
    movable, staying = _movable(found, budgets, uses)
    made = plan([node.node for node in nodes], pods, used, movable)
    return _told(made, staying, as_of)


def _movable(
    found: Sequence[PodObject],
    budgets: Sequence[PodDisruptionBudget],
    uses: Mapping[tuple[str, str, str], Use],
) -> tuple[dict[Key, Use], dict[str, Counter[StayReason]]]:
    """Return the pods that may move with what each uses, and by node why others may not."""
    ready: Counter[str] = Counter(str(controller_of(pod).get("uid")) for pod in found if is_ready(pod))
    movable: dict[Key, Use] = {}
    staying: dict[str, Counter[StayReason]] = {}
    for pod in found:
        metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
        use = uses.get(_service(pod))
        reason = _reason(pod, budgets, ready[str(controller_of(pod).get("uid"))], measured=use is not None)
        if reason is None and use is not None:
            movable[str(metadata.get("namespace") or ""), str(metadata.get("name") or "")] = use
        elif reason is not None:
            staying.setdefault(str(spec.get("nodeName") or ""), Counter())[reason] += 1
    return movable, staying


def _service(pod: PodObject) -> tuple[str, str, str]:
    """Return namespace, kind and name of the service that a pod is of, as daily rows name it."""
    namespace = str((pod.get("metadata") or {}).get("namespace") or "")
    deployment, owner = placing.deployment_of(pod), controller_of(pod)
    if deployment is not None:
        return namespace, "Deployment", deployment[1]
    return namespace, str(owner.get("kind") or ""), str(owner.get("name") or "")


def _reason(
    pod: PodObject, budgets: Sequence[PodDisruptionBudget], ready: int, *, measured: bool
) -> StayReason | None:
    metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    labels, kind = metadata.get("labels") or {}, controller_of(pod).get("kind")
    held = (
        one
        for one in budgets
        if (one.get("metadata") or {}).get("namespace") == metadata.get("namespace")
        and selects((one.get("spec") or {}).get("selector"), labels)
    )
    stands: dict[StayReason, bool] = {
        "daemon": kind == "DaemonSet",
        "no_owner": kind not in MAKERS or placing.pin_of(pod) == "static",
        "opted_out": (metadata.get("annotations") or {}).get(SAFE) == "false",
        "isolated": labels.get(ISOLATED) == "true",
        "local_storage": any(name in volume for volume in spec.get("volumes") or [] for name in LOCAL),
        "budget": any(int((one.get("status") or {}).get("disruptionsAllowed") or 0) < 1 for one in held),
        "single": ready < 2,
        "unmeasured": not measured,
    }
    return next((name for name, holds in stands.items() if holds), None)


def _told(made: Plan, staying: Mapping[str, Counter[StayReason]], as_of: LocalDate | None) -> NodePlan:
    counted: Counter[StayReason] = Counter()
    for node in made.hot:
        counted.update(staying.get(node, {}))
    return NodePlan(
        as_of=as_of,
        hot=list(made.hot),
        before=made.before,
        after=made.after,
        moves=[
            NodeMove(
                namespace=one.pod.namespace,
                pod=one.pod.name,
                service=one.pod.service,
                source=one.source,
                target=one.target,
                cpu_m=one.use.cpu_m,
                mem_mib=one.use.mem_mib,
                deviation=one.deviation,
            )
            for one in made.moves
        ],
        staying=[Staying(reason=reason, pods=count) for reason, count in counted.most_common()],
    )
