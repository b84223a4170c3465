"""Which clusters there are, and how each is reached: KUBECONFIG, CLUSTERS_FILE, or the pod's own account."""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kubedoor_api.web.fields import EnvName
from kubedoor_core.mutate_settings import MutateSecret
from kubedoor_core.prometheus.settings import EnvLabel
from kubedoor_core.prometheus.store import StoreType
from kubedoor_core.settings import BadSettingError, HttpUrl


class PrometheusConfig(BaseModel):
    """Where one cluster's series are; without `url` in the store of the settings, under another label."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

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

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

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
FILE = TypeAdapter(dict[EnvName, ClusterConfig | str], config=ConfigDict(hide_input_in_errors=True))
IN_CLUSTER = "in-cluster"


def read_clusters_file(path: Path) -> dict[str, ClusterConfig]:
    """Read which env is reached by which kubeconfig: `env: path`, `env: in-cluster` or a mapping.

    :raises BadSettingError: naming the setting, and nothing of what the file holds: there are secrets in it.
    """
    try:
        raw = FILE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadSettingError(f"KUBEDOOR_CLUSTERS_FILE: line {line}: {error.problem}") from error
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
