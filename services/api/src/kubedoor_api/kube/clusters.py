"""The clusters by env, each with a client of its own; one that can't be reached hurts no other."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import yaml
from kubernetes_asyncio import client, config
from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter, ValidationError

from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.mutate_settings import MutateSecret
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.prometheus.settings import EnvLabel
from kubedoor_core.prometheus.store import StoreType
from kubedoor_core.settings import BadSettingError, HttpUrl

if TYPE_CHECKING:
    from kubedoor_api.config.environment import ApiSettings

log = get_logger(__name__)

TIMEOUT_S = 10
MAX_IN_FLIGHT = 10
MAX_WORDS_CHARS = 300
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


class PrometheusConfig(BaseModel):
    """Where one cluster's series are; without `url` in the store of the settings, under another label."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpUrl | None = None
    type: StoreType = "prometheus"
    env_label: EnvLabel = ""
    user: str = ""
    password_file: str | None = None
    token_file: str | None = None
    headers_file: str | None = None
    """`name=value`, one a line, such as the tenant's; as in KUBEDOOR_PROMETHEUS_HEADERS"""
    ca_file: str | None = None


class ClusterConfig(BaseModel):
    """How to reach one cluster."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kubeconfig: str | None = None
    """File; None: the service account of the pod that this runs in"""
    context: str | None = None
    """Context in it; None: the current one"""
    webhook_url: str | None = None
    """Where this cluster finds its own webhook, in the place of the settings of these names"""
    webhook_service: str | None = None
    webhook_ca_file: str | None = None
    webhook_cert_manager: str | None = None
    mutate_secret: MutateSecret | None = None
    """MUTATE_SECRET of this cluster's webhook; the setting of the api itself is that of its own env"""
    prometheus: PrometheusConfig | None = None
    """For the curves of its pods"""


OF_WEBHOOK = {"webhook_url", "webhook_service", "webhook_ca_file", "webhook_cert_manager", "mutate_secret"}
FILE = TypeAdapter(dict[str, ClusterConfig | str])
IN_CLUSTER = "in-cluster"


def read_clusters_file(path: Path) -> dict[str, ClusterConfig]:
    """Read which env is reached by which kubeconfig: `env: path`, `env: in-cluster` or a mapping.

    :raises BadSettingError: naming the setting.
    """
    try:
        raw = FILE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise BadSettingError(f"KUBEDOOR_CLUSTERS_FILE: {' '.join(str(error).split())[:300]}") from error
    short = {env: ClusterConfig(kubeconfig=to) for env, to in raw.items() if isinstance(to, str)}
    short |= {env: ClusterConfig() for env, to in raw.items() if to == IN_CLUSTER}
    return {env: to if isinstance(to, ClusterConfig) else short[env] for env, to in raw.items()}


def cluster_configs(env: str, kubeconfig: str, clusters_file: str) -> dict[str, ClusterConfig]:
    """Return what is configured: the file, else KUBECONFIG for the own env, else in-cluster, else none."""
    if clusters_file:
        return read_clusters_file(Path(clusters_file))
    if kubeconfig:
        if not Path(kubeconfig).is_file():
            raise BadSettingError(f"KUBEDOOR_KUBECONFIG: there is no file {kubeconfig}")
        return {env: ClusterConfig(kubeconfig=kubeconfig)}
    return {env: ClusterConfig()} if os.environ.get("KUBERNETES_SERVICE_HOST") else {}


def no_cluster(env: str) -> Problem:
    """Return the refusal of what takes a cluster, for an env that has none here."""
    return Problem(
        409,
        f"No cluster is configured for {env}: set KUBECONFIG or CLUSTERS_FILE",
        code=ProblemCode.NO_CLUSTER,
        parameters={"env": env},
    )


class Clusters:
    """Opens a client per env when it is first needed."""

    def __init__(self, configs: dict[str, ClusterConfig]) -> None:
        self._configs = configs
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

    async def close(self) -> None:
        """Close every client."""
        clients, self._clients = list(self._clients.values()), {}
        await asyncio.gather(*(opened.close() for opened in clients))

    async def _open(self, env: str) -> client.ApiClient:
        async with self._opening:
            if env not in self._clients:
                wanted, configuration = self._configs[env], client.Configuration()
                if wanted.kubeconfig is None:
                    config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]  # untyped library
                else:
                    await config.load_kube_config(
                        wanted.kubeconfig,
                        context=wanted.context,
                        client_configuration=configuration,
                        persist_config=False,
                    )
                self._clients[env] = client.ApiClient(configuration)
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
