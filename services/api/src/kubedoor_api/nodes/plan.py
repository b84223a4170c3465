"""Which pods could move so that use lies more evenly: a plan, which moves nothing by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date as LocalDate  # noqa: N812 `date` is a field of models
from typing import Annotated

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.kube.manifests import key_of
from kubedoor_api.nodes import queries
from kubedoor_api.nodes.cluster import ClusterSeen, see_for_people
from kubedoor_api.nodes.models import NodeDay
from kubedoor_api.nodes.movable import StayReason, Uses, movable
from kubedoor_api.web.concurrency import Computing, SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, LooseName, Model, NamespaceName, Nothing, WorkloadName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.placement.plan import Use, plan


class AskedMove(Model):
    """A move of the plan."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    pod: WorkloadName
    """Name of the pod"""
    uid: Annotated[str, Field(min_length=1, max_length=100)]
    """The pod's uid, as the plan said: another pod of the same name is left alone"""
    source: LooseName
    """The hot node that it is on"""
    target: LooseName
    """The node that the plan has for it"""


class NodeMove(AskedMove):
    """A pod that would go to another node, which has room for it and is used less."""

    service: str
    """What made it"""
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
    scheduler. Nothing is moved by it. Moving pods does not last where requests are wrong: the scheduler sees
    requests alone.
    """
    context, env = call.context, call.path.env

    async def make() -> NodePlan:
        seen = await see_for_people(context, env)
        days = await queries.latest(context[ClickHouse], env)
        as_of = max((one.date for one in days.values()), default=None)
        uses = await queries.pod_use(context[ClickHouse], env, as_of) if as_of else {}
        return await context[Computing].run(_computed, days, uses, seen, as_of)

    return await context[SingleFlight].get(("nodes.plan", env), make)


def _computed(
    days: Mapping[str, NodeDay], uses: Uses, seen: ClusterSeen, as_of: LocalDate | None
) -> NodePlan:
    usable = {node.name for node in seen.nodes if node.takes_pods and not node.control_plane}
    used = {
        name: Use(day.p95_cpu_m, day.p95_mem_mib)
        for name, day in days.items()
        if name in usable and day.p95_cpu_m is not None and day.p95_mem_mib is not None
    }
    pods = [seen.placed(one) for one in seen.pods]
    may, stay = movable(seen.pods, seen.budgets, uses)
    made = plan([node.node for node in seen.nodes], pods, used, may)
    uids = {key_of(one): str(one["metadata"].get("uid") or "") for one in seen.pods}
    counted = Counter(stay[pod.key] for pod in pods if pod.key in stay and pod.node in made.hot)
    return NodePlan(
        as_of=as_of,
        hot=list(made.hot),
        before=made.before,
        after=made.after,
        moves=[
            NodeMove(
                namespace=one.pod.namespace,
                pod=one.pod.name,
                uid=uids[one.pod.key],
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
