"""The clusters by env, each with a client of its own; one that can't be reached hurts no other."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from kubernetes_asyncio import client, config
from pydantic import SecretStr

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.cluster_configs import OF_WEBHOOK, ClusterConfig, PrometheusConfig
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

log = get_logger(__name__)

TIMEOUT_S = 10
MAX_IN_FLIGHT = 10
MAX_WORDS_CHARS = 300
RETIRED_S = 60.0
"""Seconds after which the client of a cluster that is configured otherwise is closed."""
NOT_FOUND = 404


class ClusterUnavailableError(UnavailableError):
    """A cluster's API server could not be asked."""

    part = "cluster"


class ClusterRefusedError(KubeDoorError):
    """A cluster's API server refused a request.

    :ivar words: its own.
    :ivar retry_after_s: when it wants to be asked again, if it said so.
    """

    def __init__(
        self, message: str, status: int, words: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.words = words
        self.retry_after_s = retry_after_s


def no_cluster(env: str) -> Problem:
    """Return the refusal of what takes a cluster, for an env that has none here."""
    return Problem(
        409,
        f"No cluster is configured for {env}: set KUBECONFIG or CLUSTERS_FILE",
        code=ProblemCode.NO_CLUSTER,
        parameters={"env": env},
    )


@dataclass(frozen=True)
class Changed:
    """Which envs' clusters are configured otherwise."""

    added: list[str]
    removed: list[str]
    changed: list[str]


class Clusters:
    """Opens a client per env when it is first needed."""

    def __init__(self, configs: Mapping[str, ClusterConfig]) -> None:
        self._configs = dict(configs)
        self._generations = dict.fromkeys(configs, 1)
        self._retired: list[tuple[float, client.ApiClient]] = []
        self._clients: dict[str, client.ApiClient] = {}
        self._reachable: dict[str, bool] = {}
        self._opening = asyncio.Lock()
        self._slots: dict[str, asyncio.Semaphore] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The envs with a configured cluster."""
        return tuple(self._configs)

    def reachable(self, env: str) -> bool | None:
        """Tell whether the cluster answered when it was last asked; None: never asked or none there."""
        return self._reachable.get(env)

    def settings_of(self, env: str, settings: ApiSettings) -> ApiSettings:
        """Return the settings with what the clusters file says of an env's own webhook."""
        own = self._configs.get(env, ClusterConfig()).model_dump(include=OF_WEBHOOK, exclude_none=True)
        if "webhook_service" in own:
            own.setdefault("webhook_url", "")
        if env != settings.env:
            own.setdefault("mutate_secret", SecretStr(""))
        return settings.model_copy(update=own)

    def prometheus_of(self, env: str) -> PrometheusConfig | None:
        """Return what the clusters file says of an env's Prometheus."""
        return self._configs.get(env, ClusterConfig()).prometheus

    def slot(self, env: str) -> asyncio.Semaphore:
        """Return what bounds how many of an env's operations ask its cluster at the same time."""
        return self._slots.setdefault(env, asyncio.Semaphore(MAX_IN_FLIGHT))

    def generation(self, env: str) -> int:
        """Return a number that grows when an env's cluster is configured otherwise; 0 while it has none."""
        return self._generations.get(env, 0) if env in self._configs else 0

    def replace(self, configs: Mapping[str, ClusterConfig], renewed: Collection[str] = ()) -> Changed:
        """Take other clusters in the place of those that were there; what stays as it was keeps its client.

        A client that is no longer used is closed a while later: what is under way with it can end.

        :param renewed: envs whose files have changed, though they are called the same.
        """
        before = self._configs
        changed = Changed(
            added=sorted(configs.keys() - before.keys()),
            removed=sorted(before.keys() - configs.keys()),
            changed=sorted(
                env for env in configs.keys() & before.keys() if configs[env] != before[env] or env in renewed
            ),
        )
        self._configs = dict(configs)
        for env in (*changed.added, *changed.removed, *changed.changed):
            self._generations[env] = self._generations.get(env, 0) + 1
            self._reachable.pop(env, None)
            if opened := self._clients.pop(env, None):
                self._retired.append((time.monotonic() + RETIRED_S, opened))
        return changed

    async def close_retired(self) -> None:
        """Close the clients that have not been used for a while."""
        due = [opened for at, opened in self._retired if at <= time.monotonic()]
        self._retired = [one for one in self._retired if one[1] not in due]
        await asyncio.gather(*(opened.close() for opened in due))

    async def close(self) -> None:
        """Close every client."""
        clients = [*self._clients.values(), *(opened for _, opened in self._retired)]
        self._clients, self._retired = {}, []
        await asyncio.gather(*(opened.close() for opened in clients))

    def apart(self, env: str) -> Clusters:
        """Return the cluster of an env by itself, for what lasts: no `replace` here closes its client.

        The caller closes it.

        :raises Problem: 409, none is configured for the env.
        """
        if env not in self._configs:
            raise no_cluster(env)
        return Clusters({env: self._configs[env]})

    async def _open(self, env: str) -> client.ApiClient:
        async with self._opening:
            if env not in self._clients:
                wanted, configuration = self._configs.get(env), client.Configuration()
                if wanted is None:  # removed while this waited
                    raise no_cluster(env)
                generation = self._generations[env]
                if wanted.kubeconfig is None:
                    config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]  # untyped library
                else:
                    await config.load_kube_config(
                        wanted.kubeconfig,
                        context=wanted.context,
                        client_configuration=configuration,
                        persist_config=False,
                    )
                opened = client.ApiClient(configuration)
                if generation != self.generation(env):  # replaced meanwhile
                    self._retired.append((time.monotonic() + RETIRED_S, opened))
                    return opened
                self._clients[env] = opened
            return self._clients[env]

    @asynccontextmanager
    async def use(self, env: str, timeout_s: float | None = TIMEOUT_S) -> AsyncIterator[client.ApiClient]:
        """Lend the client of an env and translate what it raises.

        :param timeout_s: how long it is lent; None: the caller bounds the wait.
        :raises Problem: 409, none is configured for the env.
        :raises ClusterUnavailableError: it does not answer.
        :raises ClusterRefusedError: it refused.
        """
        if env not in self._configs:
            raise no_cluster(env)
        try:
            async with asyncio.timeout(timeout_s):
                yield await self._open(env)
        except client.ApiException as error:
            self._reachable[env] = True
            said = " ".join(str(error.body or "").split())[:MAX_WORDS_CHARS]
            message = f"the cluster {env} refused: {error.status} {error.reason}: {said}"
            again = str(error.headers.get("Retry-After", "")) if error.headers else ""
            again_s = float(again) if re.fullmatch(r"[0-9]{1,6}", again) else None
            raise ClusterRefusedError(message, error.status, _words(error), again_s) from error
        except (aiohttp.ClientError, TimeoutError, OSError, config.ConfigException) as error:
            self._reachable[env] = False
            text = str(error) or "no answer in time"
            raise ClusterUnavailableError(f"the cluster {env} can't be reached: {text}") from error
        self._reachable[env] = True


def _words(error: client.ApiException) -> str:
    """Return the message of the Status that the API server answers with, else whatever it says."""
    body = error.body or ""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    text = said.get("message", "") if isinstance(said, dict) else body
    return " ".join(str(text or error.reason or "").split())[:MAX_WORDS_CHARS]


def forbidden(env: str, namespace: str, verb: str, resource: str, why: object) -> Problem:
    """Return the refusal of what the api's account may not do in a cluster.

    :param namespace: empty: in none of its namespaces.
    :param why: the cluster's words, or the error that holds them.
    """
    where = f"in namespace {namespace}" if namespace else "in all namespaces"
    return Problem(
        409,
        f"KubeDoor may not {verb} {resource} {where} of the cluster {env}: {why}",
        code=ProblemCode.CLUSTER_FORBIDS,
        parameters={"env": env, "namespace": namespace, "verb": verb, "resource": resource},
    )


def no_deployment(env: str, namespace: str | None, name: str | None) -> Problem:
    """Return the refusal of what is about a Deployment that does not run."""
    return Problem(
        404,
        f"There is no Deployment {namespace}/{name} in {env}",
        code=ProblemCode.NO_DEPLOYMENT,
        parameters={"env": env, "namespace": namespace, "name": name},
    )
