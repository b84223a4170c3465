"""Which Prometheus has an env's series, and how one signs in there."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from kubedoor_core.errors import UnavailableError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.prometheus.store import query_url

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.kube.clusters import PrometheusConfig
    from kubedoor_api.settings import ApiSettings


class StoreSecretError(UnavailableError):
    """A file with credentials or certificates can't be read."""


@dataclass(frozen=True)
class Store:
    """A Prometheus or VictoriaMetrics.

    :ivar url: what `/api/v1` follows.
    :ivar env_label: `key=value` of the env's series; empty: all are.
    :ivar ca_file: certificates that sign the store's; empty: the usual ones.
    """

    url: str
    env_label: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ca_file: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What signs a request in: the token, else user and password."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if self.user:
            return {"Authorization": aiohttp.encode_basic_auth(self.user, self.password)}
        return {}

    def tls(self) -> ssl.SSLContext | bool:
        """Return what verifies the store's certificate.

        :raises StoreSecretError: the file of certificates can't be read.
        """
        if not self.ca_file:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise StoreSecretError(f"the certificates of Prometheus can't be read: {error}") from error


def _own(settings: ApiSettings) -> Store | None:
    if settings.prometheus_url is None:
        return None
    return Store(
        url=query_url(settings.prometheus_url, settings.prometheus_type),
        env_label=settings.prometheus_env_label,
        user=settings.prometheus_user,
        password=settings.prometheus_password.get_secret_value(),
        token=settings.prometheus_token.get_secret_value(),
        ca_file=str(settings.prometheus_ca_file or ""),
    )


def _secret(path: str | None) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise StoreSecretError(f"the credentials of Prometheus can't be read: {error}") from error


def _further(config: PrometheusConfig, own: Store | None) -> Store | None:
    """Return another env's store: one of its own, or ours with that env's label."""
    if config.url is None:
        return own and Store(**{**vars(own), "env_label": config.env_label})
    return Store(
        url=query_url(config.url, config.type),
        env_label=config.env_label,
        user=config.user,
        password=_secret(config.password_file),
        token=_secret(config.token_file),
        ca_file=config.ca_file or "",
    )


def store_of(context: Context, env: str) -> Store:
    """Return the store of an env: the clusters file's, else, for the own env, the settings'.

    :raises Problem: 409 where none is configured.
    :raises StoreSecretError: a file that the clusters file names can't be read.
    """
    own = _own(context.settings)
    config = context.clusters.prometheus_of(env)
    found = _further(config, own) if config else own if env == context.settings.env else None
    if found is None:
        raise Problem(
            409,
            f"No Prometheus is configured for {env}: set PROMETHEUS_URL, or `prometheus` in CLUSTERS_FILE",
            code=ProblemCode.NO_PROMETHEUS,
            parameters={"env": env},
        )
    return found
