"""The store of metrics that has an env's series, and how it is signed in to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.cluster_configs import PrometheusConfig
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.web.endpoint import Context
from kubedoor_core.errors import UnavailableError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.prometheus import Store
from kubedoor_core.prometheus.headers import check_one_sign_in, parse_headers
from kubedoor_core.prometheus.settings import store_of as store_of_settings
from kubedoor_core.prometheus.store import query_url


class StoreSecretError(UnavailableError):
    """A file with credentials can't be read."""

    part = "prometheus"


def _secret(path: str | None) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise StoreSecretError(f"the credentials of Prometheus can't be read: {error}") from error


def _of_its_own(config: PrometheusConfig, url: str, settings: ApiSettings) -> Store:
    """Return a store that the clusters file names; what may be asked of it the settings say."""
    token, headers_file = _secret(config.token_file), config.headers_file
    try:
        headers = parse_headers(_secret(headers_file))
        check_one_sign_in(headers, config.user, token)
    except ValueError as error:
        raise StoreSecretError(f"the headers of Prometheus in {headers_file}: {error}") from error
    return replace(
        store_of_settings(settings, url),
        url=query_url(url, config.type),
        type=config.type,
        env_label=config.env_label,
        user=config.user,
        password=_secret(config.password_file),
        token=token,
        headers=headers,
        ca_file=Path(config.ca_file) if config.ca_file else None,
    )


def store_of(context: Context, env: str) -> Store:
    """Return the store of an env: the clusters file's, else, for the own env, the settings'.

    :raises Problem: 409 where none is configured.
    :raises StoreSecretError: a file that the clusters file names can't be read.
    """
    settings, config = context[ApiSettings], context[Clusters].prometheus_of(env)
    if config is not None and config.url is not None:
        return _of_its_own(config, config.url, settings)
    if settings.prometheus_url is None or (config is None and env != settings.env):
        raise Problem(
            409,
            f"No Prometheus is configured for {env}: set PROMETHEUS_URL, or `prometheus` in CLUSTERS_FILE",
            code=ProblemCode.NO_PROMETHEUS,
            parameters={"env": env},
        )
    own = store_of_settings(settings, settings.prometheus_url)
    return own if config is None else replace(own, env_label=config.env_label)
