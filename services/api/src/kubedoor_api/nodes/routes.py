"""The endpoints of nodes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import owner_of
from kubedoor_api.kube.retry import AskingError, for_people
from kubedoor_api.nodes import queries
from kubedoor_api.nodes.control import no_node
from kubedoor_api.nodes.models import NodeDetail, NodeList, NodePath, NodePod
from kubedoor_api.nodes.reading import see
from kubedoor_api.nodes.simulation import Simulation, SimulationRequest, simulation
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_api.workloads.room import FINISHED, asked_by
from kubedoor_core.clickhouse import ClickHouse

NODES = "/envs/{env}/nodes"
DAYS = 90


@endpoint("GET", NODES, tag="nodes", role=Role.VIEWER)
async def list_nodes(call: Call[EnvPath, Nothing, Nothing]) -> NodeList:
    """List an env's nodes: what each gives, is asked for and uses; for those who see the whole env.

    Use and requests of the last peak come from the collection, what is used now from the store of metrics,
    taints, cordons, zones and ages from the cluster. Whichever does not answer is told, with its reason.
    """
    seen = await see(call.context, call.path.env)
    cpu, mem = seen.balances()
    return NodeList(
        as_of=max((one.date for one in seen.days.values()), default=None),
        cluster_reason=seen.live.reason,
        cluster_detail=seen.live.detail,
        now_at=seen.now.at,
        now_reason=seen.now.reason,
        now_code=seen.now.code,
        may_control=call.context[ApiSettings].node_control,
        cpu=cpu,
        mem=mem,
        items=seen.summaries(),
    )


@endpoint("POST", NODES + "/simulation", tag="nodes", role=Role.VIEWER, audited=False, conflicts=True)
async def simulate_nodes(call: Call[EnvPath, Nothing, SimulationRequest]) -> Simulation:
    """Say how many nodes could go, by group of like nodes; for those who see the whole env.

    Two numbers: at least so many, as there is a packing without them that keeps to required affinity and
    anti-affinity, spread, tolerations, host ports, pod slots, the headroom and the spare nodes; and at most
    so many, as no packing does with fewer than its lower bound. Pods stay within their group and so within
    their zone; pods of DaemonSets stay with their nodes. Nothing is changed.
    """
    context, env, asked = call.context, call.path.env, call.body
    key = ("nodes.simulation", env, asked.model_dump_json())
    return await context[SingleFlight].get(key, lambda: simulation(context, env, asked))


@endpoint("GET", NODES + "/{name}", tag="nodes", role=Role.VIEWER)
async def get_node(call: Call[NodePath, Nothing, Nothing]) -> NodeDetail:
    """Show a node, its peaks of the last 90 days, and the pods on it."""
    context, path = call.context, call.path
    seen = await see(context, path.env)
    summary = next((one for one in seen.summaries() if one.node == path.name), None)
    since = (datetime.now(UTC) - timedelta(days=DAYS)).date()
    days = await queries.days(context[ClickHouse], path.env, path.name, since)
    if summary is None:
        raise no_node(path)
    reason, detail, pods = seen.live.reason, seen.live.detail, None
    if not reason:
        try:
            async with for_people(path.env):
                found = await workloads.pods_on_node(context[Clusters], path.env, path.name)
        except AskingError as error:
            reason, detail = error.reason, str(error)
        else:
            phases = [(pod, str((pod.get("status") or {}).get("phase") or "")) for pod in found]
            pods = [
                NodePod(
                    namespace=pod["metadata"]["namespace"],
                    name=pod["metadata"]["name"],
                    owner=owner_of(pod),
                    phase=phase,
                    **asdict(asked_by(pod.get("spec") or {})),
                )
                for pod, phase in phases
                if phase not in FINISHED
            ]
    return NodeDetail(node=summary, days=days, pods=pods, cluster_reason=reason, cluster_detail=detail)
