"""The endpoint that says how far an env is set up: from its line in the clusters file to its mode."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.envs import queries as envs
from kubedoor_api.fleet import queries
from kubedoor_api.kube import rights
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.leader.leadership import lease_namespace
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Model, ModeName, Nothing, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.mode import Mode

ASK_S = 5.0

StepName = Literal["configured", "reachable", "rights", "collector", "webhook", "mode"]
StepState = Literal["done", "open", "failed"]


class SetupStep(Model):
    """One step of setting up an env."""

    step: StepName
    """`configured`: it is in the clusters file; `reachable`: its API server answers; `rights`: the api's
    account may do all that it needs there; `collector`, `webhook`: they have written rows of it; `mode`:
    admission is not off"""
    state: StepState
    """`open`: not yet, `failed`: it was tried, and `detail` says why not"""
    detail: str
    """What the cluster said, or the rights that are missing, one a line; empty where nothing is wrong"""
    at: Time | None
    """When it was written last, UTC; null for the other steps"""


class EnvSetup(Model):
    """How far an env is set up."""

    env: str
    """Name of the env"""
    mode: ModeName
    """Its admission mode"""
    steps: list[SetupStep]
    """The steps in their order"""


def _step(step: StepName, state: StepState, detail: str = "", at: Time | None = None) -> SetupStep:
    return SetupStep(step=step, state=state, detail=detail, at=at)


async def _of_cluster(context: Context, env: str) -> list[SetupStep]:
    """Return the steps that a cluster is asked about."""
    clusters, settings = context[Clusters], context[ApiSettings]
    if env not in clusters.names:
        return [_step("configured", "open"), _step("reachable", "open"), _step("rights", "open")]
    done = [_step("configured", "done")]
    try:
        lacking = await rights.missing(clusters, env, lease_namespace(settings), settings.lease_name, ASK_S)
    except ClusterUnavailableError as error:
        return [*done, _step("reachable", "failed", str(error)), _step("rights", "open")]
    except ClusterRefusedError as error:
        return [*done, _step("reachable", "done"), _step("rights", "failed", str(error))]
    words = "\n".join(map(str, lacking))
    return [*done, _step("reachable", "done"), _step("rights", "failed" if lacking else "done", words)]


@endpoint("GET", "/envs/{env}/setup", tag="envs", role=Role.VIEWER)
async def get_setup(call: Call[EnvPath, Nothing, Nothing]) -> EnvSetup:
    """Say how far an env is set up, also one that there is not yet.

    Nothing is changed: its cluster is asked whether the api's account has its rights.
    """
    context, env = call.context, call.path.env
    clickhouse = context[ClickHouse]
    collected = (await envs.collected(clickhouse)).get(env)
    decided = (await queries.webhooks(clickhouse)).get(env)
    mode = (await store.policy(context, env)).modes.get("", Mode.OFF)
    return EnvSetup(
        env=env,
        mode=mode.value,
        steps=[
            *await _of_cluster(context, env),
            _step("collector", "done" if collected else "open", at=collected.at if collected else None),
            _step("webhook", "done" if decided else "open", at=decided.at if decided else None),
            _step("mode", "open" if mode is Mode.OFF else "done"),
        ],
    )
