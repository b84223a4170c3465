"""Requests to a cluster: a failure that may pass is retried, any other raises an error for people to read."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import aiohttp
from kubernetes_asyncio.client import ApiClient, ApiException
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
)

from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.objects.meta import Listing
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

T = TypeVar("T")
AskingReason = Literal[
    "forbidden", "admission", "missing", "conflict", "invalid", "too_many_requests", "cluster_failed",
    "unreachable",
]  # fmt: skip

FORBIDDEN, MISSING, CONFLICT, INVALID, TOO_MANY, BROKEN = 403, 404, 409, 422, 429, 500
PASSING = frozenset({CONFLICT, TOO_MANY, 500, 502, 503, 504})
"""Statuses after which asking again may help. A patch of ours says the same however often it is sent."""
REASONS: dict[int, AskingReason] = {
    MISSING: "missing",
    CONFLICT: "conflict",
    INVALID: "invalid",
    TOO_MANY: "too_many_requests",
}
ATTEMPTS = 6
MAX_PAUSE_S = 30.0
BACKOFF = wait_exponential(multiplier=0.2, max=MAX_PAUSE_S)
RETRY_FOR_S = 90.0
ADMISSION = "admission webhook"
ANSWER_S = 20.0
"""Seconds after which people want to hear that the cluster does not answer."""

APIS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "events", "limitranges", "namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes",
            "pods", "resourcequotas", "services",
        ),
        "/api/v1",
    ),
    **dict.fromkeys(("deployments", "replicasets"), "/apis/apps/v1"),
    "endpointslices": "/apis/discovery.k8s.io/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2",
    "networkpolicies": "/apis/networking.k8s.io/v1",
    "poddisruptionbudgets": "/apis/policy/v1",
    "selfsubjectaccessreviews": "/apis/authorization.k8s.io/v1",
    "verticalpodautoscalers": "/apis/autoscaling.k8s.io/v1",
}  # fmt: skip
"""Which API a resource is of."""
METHODS = {
    "get": "GET", "list": "GET", "watch": "GET", "create": "POST", "patch": "PATCH", "delete": "DELETE",
}  # fmt: skip
Options = Mapping[str, str | int]
"""Options of a request, such as which page of a list, as the API calls them."""
Patch = dict[str, object]
"""A patch of an object, as it is sent."""
MANAGER = "kubedoor-api"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
BAD = 400
PAGE = 500


class AskingError(KubeDoorError):
    """A cluster did not do what it was asked; the message is for people.

    :ivar reason: why, in one word.
    :ivar status: what it answered; None where it did not.
    """

    def __init__(self, message: str, reason: AskingReason, status: int | None = None) -> None:
        super().__init__(message)
        self.reason: AskingReason = reason
        self.status = status


@asynccontextmanager
async def for_people(env: str) -> AsyncIterator[None]:
    """Bound what is asked of a cluster while somebody waits for it.

    :raises AskingError: it does not answer in time.
    """
    try:
        async with asyncio.timeout(ANSWER_S):
            yield
    except TimeoutError as error:
        raise AskingError(f"The cluster {env} does not answer", "unreachable") from error


@dataclass(frozen=True)
class Request:
    """What is asked, as RBAC names it: `patch deployments/scale in namespace shop`.

    :ivar namespace: empty: none, or all.
    :ivar name: of the one object; in a list for people alone.
    :ivar options: as the API calls them, such as which page of a list.
    """

    verb: str
    resource: str
    namespace: str = ""
    name: str = ""
    options: Options = field(default_factory=dict)
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the API server has it."""
        resource, _, subresource = self.resource.partition("/")
        place = ("namespaces", self.namespace) if self.namespace else ()
        name = "" if self.verb in {"list", "watch"} else self.name
        words = (*place, resource, name, subresource)
        return "/".join((APIS[resource], *(quote(word, safe="") for word in words if word)))

    async def open(
        self,
        api: ApiClient,
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 aiohttp's own
    ) -> aiohttp.ClientResponse:
        """Ask once, and return the answer before it is read.

        :raises ApiException: with a refusal's status, headers and body.
        """
        call: Any = api.call_api
        response: aiohttp.ClientResponse = await call(
            self.path,
            METHODS[self.verb],
            query_params=list(self.options.items()),
            header_params={"Accept": "application/json", **self.headers},
            body=self.body,
            auth_settings=["BearerToken"],
            _return_http_data_only=True,
            _preload_content=False,
            _request_timeout=timeout,
        )
        if response.status >= BAD:
            failure: Any = ApiException(status=response.status, reason=response.reason)
            failure.body = await response.text()
            failure.headers = response.headers
            raise failure
        return response

    async def on(self, api: ApiClient, kind: type[T]) -> T:  # noqa: ARG002 says what comes back
        """Ask once, and return the JSON that came back.

        :param kind: the shape of it, which the API server answers for.
        :raises ApiException: with a refusal's status, headers and body.
        """
        found: T = json.loads(await (await self.open(api)).read())
        return found

    async def ask(self, clusters: Clusters, env: str, kind: type[T]) -> T:
        """Return the JSON that comes back, asked for as `send` does.

        :raises AskingError: in plain words.
        """
        return await self.send(clusters, env, lambda api: self.on(api, kind))

    async def items(self, clusters: Clusters, env: str, kind: type[T]) -> list[T]:  # noqa: ARG002 as in `on`
        """Return a list that is asked for in one piece.

        :param kind: the shape of an item.
        :raises AskingError: in plain words.
        """
        return (await self.ask(clusters, env, Listing[T])).get("items") or []

    def pages(self, clusters: Clusters, env: str, kind: type[T]) -> AsyncIterator[Listing[T]]:  # noqa: ARG002 as in `on`
        """Yield a list page by page, each asked for as `send` does.

        :param kind: the shape of an item.
        """
        return pages(self, lambda page: page.ask(clusters, env, Listing[T]))

    async def send(self, clusters: Clusters, env: str, call: Callable[[ApiClient], Awaitable[T]]) -> T:
        """Ask, within the cluster's bound of requests at the same time, and again where that may help.

        :param call: takes the client of the cluster and asks once.
        :raises AskingError: in plain words.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(ClusterUnavailableError)
            | retry_if_exception(
                lambda error: isinstance(error, ClusterRefusedError) and error.status in PASSING
            ),
            wait=_pause_s,
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(RETRY_FOR_S),
            before_sleep=lambda state: log.info(
                "kube.again", env=env, request=str(self), attempt=state.attempt_number
            ),
            reraise=True,
        )

        async def ask() -> T:
            async with clusters.slot(env), clusters.use(env) as api:
                return await call(api)

        try:
            return await retrying(ask)
        except (ClusterRefusedError, ClusterUnavailableError) as error:
            raise self.failure(env, error, retrying.statistics["attempt_number"]) from error

    async def once(self, clusters: Clusters, env: str, call: Callable[[ApiClient], Awaitable[T]]) -> T:
        """Ask a single time: for what is not the same when it is said again.

        :raises AskingError: in plain words.
        """
        try:
            async with clusters.slot(env), clusters.use(env) as api:
                return await call(api)
        except (ClusterRefusedError, ClusterUnavailableError) as error:
            raise self.failure(env, error) from error

    def failure(
        self, env: str, error: ClusterRefusedError | ClusterUnavailableError, attempts: int = 1
    ) -> AskingError:
        """Return what failed, in plain words."""
        if isinstance(error, ClusterUnavailableError):
            return AskingError(f"{error} ({attempts} attempts)", "unreachable")
        reason = REASONS.get(error.status, "cluster_failed")
        if error.status == FORBIDDEN:
            reason = "admission" if ADMISSION in error.words else "forbidden"
        return AskingError(self._words(env, error, attempts), reason, error.status)

    def __str__(self) -> str:
        where = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.verb} {self.resource}{where}"

    def _words(self, env: str, error: ClusterRefusedError, attempts: int) -> str:
        said = f": {error.words}" if error.words else ""
        if error.status == FORBIDDEN:
            refused = "admission refused it" if ADMISSION in error.words else f"may not {self}"
            return f"{refused}{said}"
        if error.status == MISSING:
            what = f"{self.namespace}/{self.name}" if self.name else self.resource
            return f"there is no {what} in the cluster {env}{said}"
        if error.status == CONFLICT:
            return f"others changed it meanwhile, {attempts} times{said}"
        if error.status == INVALID:
            return f"the cluster {env} rejected it as invalid{said}"
        if error.status == TOO_MANY:
            return f"the cluster {env} is overloaded, after {attempts} attempts{said}"
        if error.status >= BROKEN:
            return f"the cluster {env} failed with {error.status}, {attempts} times{said}"
        return f"the cluster {env} refused to {self} with {error.status}{said}"


def patch_of(resource: str, namespace: str, name: str, body: object, how: str = STRATEGIC) -> Request:
    """Return the request that lays a patch over an object.

    :param how: the patch's media type.
    """
    options, headers = {"fieldManager": MANAGER}, {"Content-Type": how}
    return Request("patch", resource, namespace, name, options, body, headers)


async def pages(
    request: Request, ask: Callable[[Request], Awaitable[Listing[T]]]
) -> AsyncIterator[Listing[T]]:
    """Yield a list page by page.

    :param ask: asks for one.
    """
    options: Options = {**request.options, "limit": PAGE}
    while True:
        page = await ask(replace(request, options=options))
        yield page
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return
        options = {**options, "continue": token}


def _pause_s(state: RetryCallState) -> float:
    """Return how long to wait: as long as the cluster says, else longer each time, never all at once."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ClusterRefusedError) and error.retry_after_s is not None:
        return min(error.retry_after_s, MAX_PAUSE_S)
    return BACKOFF(state) * random.uniform(0.5, 1.0)  # noqa: S311 no secret
