"""What actions on single pods ask of a cluster; each is bound to the pod's uid, not to its name alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import Clusters, ClusterUnavailableError
from kubedoor_api.kube.workloads import BAD

Json = dict[str, Any]
CONNECT_S = 10.0


@dataclass(frozen=True)
class LogOptions:
    """Which part of a log.

    :ivar previous: that of the container before its last restart.
    :ivar tail: only so many of the last lines; None: all.
    :ivar since_s: only what is not older than so many seconds; None: whatever there is.
    :ivar follow: go on with what is written from now on.
    """

    container: str = ""
    previous: bool = False
    tail: int | None = None
    since_s: int | None = None
    follow: bool = False

    def parameters(self) -> Json:
        """Return the parameters of the request that are set."""
        given = {
            "container": self.container,
            "previous": self.previous,
            "tail_lines": self.tail,
            "since_seconds": self.since_s,
            "follow": self.follow,
        }
        return {name: value for name, value in given.items() if value not in (None, "", False)}


async def read_log(
    clusters: Clusters, env: str, namespace: str, pod: str, options: LogOptions
) -> aiohttp.ClientResponse:
    """Open a container's log, each line with its time before it; the caller closes it.

    Kubelets answer with the first line: where a log is followed in which nothing is written, that can be
    long after, so that only connecting is bounded.

    :raises ClusterRefusedError: 404 without the pod, 400 without the container or a log of it.
    :raises ClusterUnavailableError: it does not answer.
    """
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
    async with clusters.use(env, timeout_s=None) as api:
        call: Any = client.CoreV1Api(api).read_namespaced_pod_log
        response: aiohttp.ClientResponse = await call(
            pod,
            namespace,
            timestamps=True,
            **options.parameters(),
            _preload_content=False,
            _request_timeout=timeout,
        )
        if response.status >= BAD:
            failure: Any = client.ApiException(status=response.status, reason=response.reason)
            failure.body = await response.text()
            response.close()
            raise failure
    return response


async def next_chunk(env: str, response: aiohttp.ClientResponse) -> bytes:
    """Return what comes next of an open log; nothing at its end.

    :raises ClusterUnavailableError: the connection broke.
    """
    try:
        return await response.content.readany()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        text = str(error) or type(error).__name__
        raise ClusterUnavailableError(f"the log of the cluster {env} broke off: {text}") from error
