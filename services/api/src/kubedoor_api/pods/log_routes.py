"""The endpoint of containers' logs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kubedoor_api.access.roles import Right, Role
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.pods import LogOptions
from kubedoor_api.pods.groups import require_group
from kubedoor_api.pods.logs import LogPart, LogViewers, PodLog
from kubedoor_api.web.endpoint import Call, Stream, endpoint
from kubedoor_api.web.fields import Model, NamespacePath, Nothing, WorkloadName

MAX_TAIL = 100_000
MAX_SINCE_S = 30 * 86_400


class PodPath(NamespacePath):
    """A pod."""

    pod: WorkloadName
    """Name of the pod"""


class LogQuery(Model):
    """Which part of a log."""

    container: Annotated[str, Field(max_length=63, pattern=r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$")] = ""
    """Name of the container; may be left out where there is only one"""
    previous: bool = False
    """That of the container before its last restart"""
    tail: Annotated[int, Field(ge=0, le=MAX_TAIL)] | None = None
    """Only so many of the last lines"""
    since: Annotated[int, Field(ge=1, le=MAX_SINCE_S)] | None = None
    """Only what was written within so many seconds"""
    follow: bool = False
    """Go on with what is written from now on"""


@endpoint(
    "GET",
    "/envs/{env}/namespaces/{namespace}/pods/{pod}/log",
    tag="pods",
    role=Role.VIEWER,
    right=Right.LOGS,
    conflicts=True,
    media_types=("text/event-stream",),
    event_model=LogPart,
)
async def read_pod_log(call: Call[PodPath, LogQuery, Nothing]) -> Stream:
    """Read a container's log.

    Server-sent events: `lines`, and `end`, which says why the log ends there; the data of each is a
    `LogPart`. 10 MiB or 15 minutes end it, whichever comes first; 20 logs of an env can be read at once.
    Takes the right `logs`, and `podActions.logs` of the chart.
    """
    path, query, viewers = call.path, call.query, call.context[LogViewers]
    require_group(call.context, path.env, path.namespace, "logs")
    options = LogOptions(
        container=query.container,
        previous=query.previous,
        tail=query.tail,
        since_s=query.since,
        follow=query.follow,
    )
    log = PodLog(path.env, path.namespace, path.pod)

    async def close() -> None:
        viewers.leave(path.env)
        await log.close()

    viewers.enter(path.env)
    try:
        await log.open(call.context[Clusters], options)
    except BaseException:
        await close()
        raise
    return Stream(log.events(), close)
