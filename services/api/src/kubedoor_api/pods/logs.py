"""A container's log as a stream of events, within bounds, which says why it ended, and its endpoint."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Literal

import aiohttp
from pydantic import Field

from kubedoor_api.access.roles import Right, Role
from kubedoor_api.kube import pods as kube
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError, forbidden
from kubedoor_api.kube.pods import LogOptions
from kubedoor_api.kube.retry import FORBIDDEN, MISSING
from kubedoor_api.pods.log_lines import LineSplitter
from kubedoor_api.pods.observed import no_pod, require_group
from kubedoor_api.web.endpoint import Call, Stream, endpoint
from kubedoor_api.web.fields import Model, NamespacePath, Nothing, WorkloadName
from kubedoor_api.web.stream import event
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

MAX_BYTES = 10 << 20
MAX_S = 900.0
VIEWERS_PER_ENV = 20
"""Of one instance: each holds a connection to the API server, and one to a kubelet behind it."""
RETRY_AFTER_S = 10
REFUSED_AT_ONCE_S = 2.0
"""Within so many seconds a cluster refuses, or the log begins or has nothing yet."""
BEAT_S = 10.0
BEAT = ": waiting\n\n"

EndReason = Literal["complete", "size", "time", "broken"]


class LogLine(Model):
    """A line of a log, or a piece of a long one."""

    at: str
    """When it was written, RFC 3339, as the node's clock says; empty where that is not told"""
    text: str
    """What was written. May hold terminal escape sequences"""
    continued: bool
    """It goes on with the line before it, which is too long to come in one piece"""


class LogEnd(Model):
    """Why a log ends here."""

    reason: EndReason
    """`complete`: all that was asked for is there; `size`: 10 MiB have come; `time`: 15 minutes have passed;
    `broken`: the connection to the cluster broke off"""
    bytes: int = Field(ge=0)
    """So many bytes of lines have come"""
    detail: str
    """What broke; empty otherwise"""


class LogPart(Model):
    """What an event of a log holds."""

    lines: list[LogLine]
    """The lines that came together, in the order in which they were written"""
    end: LogEnd | None
    """Of the last event"""


class LogViewers:
    """Counts who reads logs of an env here."""

    def __init__(self) -> None:
        self._reading: Counter[str] = Counter()

    def enter(self, env: str) -> None:
        """Count one more.

        :raises Problem: 429 where too many read.
        """
        if self._reading[env] >= VIEWERS_PER_ENV:
            raise Problem(
                429,
                f"{VIEWERS_PER_ENV} logs of {env} are being read, the most that this instance reads at once:"
                " close one, or try again later",
                code=ProblemCode.TOO_MANY_LOG_VIEWERS,
                headers={"Retry-After": str(RETRY_AFTER_S)},
                parameters={"env": env, "most": VIEWERS_PER_ENV},
            )
        self._reading[env] += 1

    def leave(self, env: str) -> None:
        """Count one less."""
        self._reading[env] -= 1


class PodLog:
    """One log that somebody reads.

    :ivar clock: monotonic seconds.
    """

    def __init__(self, env: str, namespace: str, pod: str, clock: Callable[[], float] | None = None) -> None:
        self._env, self._namespace, self._pod = env, namespace, pod
        self._clock = clock or asyncio.get_running_loop().time
        self._opening: asyncio.Task[aiohttp.ClientResponse] | None = None
        self._bytes = 0

    async def open(self, clusters: Clusters, options: kube.LogOptions) -> None:
        """Ask for it; what is refused at once is refused here.

        :raises Problem: 404, 409.
        :raises ClusterUnavailableError: it does not answer.
        """
        asked = kube.read_log(clusters, self._env, self._namespace, self._pod, options)
        self._opening = asyncio.create_task(asked)
        await asyncio.wait({self._opening}, timeout=REFUSED_AT_ONCE_S)
        if self._opening.done():
            try:
                self._opening.result()
            except ClusterRefusedError as error:
                if error.status == MISSING:
                    raise no_pod(self._env, self._namespace, self._pod) from error
                if error.status == FORBIDDEN:
                    raise forbidden(self._env, self._namespace, "get", "pods/log", error) from error
                raise Problem(
                    409,
                    f"The cluster {self._env} has no such log of {self._namespace}/{self._pod}:"
                    f" {error.words}",
                    code=ProblemCode.NO_LOG,
                    parameters={"env": self._env, "words": error.words},
                ) from error

    async def close(self) -> None:
        """Close the connection, if there is one, or will be."""
        opening, self._opening = self._opening, None
        if opening is None:
            return
        opening.cancel()
        await asyncio.wait({opening})
        if not opening.cancelled() and opening.exception() is None:
            opening.result().close()

    async def events(self) -> AsyncIterator[str]:
        """Return the events, until the log or a bound ends them."""
        ends_at = self._clock() + MAX_S
        splitter = LineSplitter()
        reading: asyncio.Task[bytes] | None = None
        try:
            while True:
                reading = reading or asyncio.create_task(self._read())
                left_s = ends_at - self._clock()
                await asyncio.wait({reading}, timeout=max(0.0, min(BEAT_S, left_s)))
                if not reading.done():
                    if left_s <= 0:
                        yield self._end("time")
                        return
                    yield BEAT
                    continue
                chunk, reading = reading.result(), None
                lines = splitter.add(chunk) if chunk else splitter.end()
                if lines:
                    self._bytes += sum(len(line.text.encode()) + 1 for line in lines)
                    found = [LogLine(at=line.at, text=line.text, continued=line.continued) for line in lines]
                    yield event("lines", LogPart(lines=found, end=None))
                if not chunk or self._bytes >= MAX_BYTES or self._clock() >= ends_at:
                    yield self._end(
                        "complete" if not chunk else "size" if self._bytes >= MAX_BYTES else "time"
                    )
                    return
        except (ClusterRefusedError, ClusterUnavailableError) as error:
            yield self._end("broken", str(error))
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.wait({reading})

    async def _read(self) -> bytes:
        assert self._opening is not None
        return await kube.next_chunk(self._env, await asyncio.shield(self._opening))

    def _end(self, reason: EndReason, detail: str = "") -> str:
        end = LogEnd(reason=reason, bytes=self._bytes, detail=detail)
        return event("end", LogPart(lines=[], end=end))


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
