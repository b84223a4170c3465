"""How a service signs in at Prometheus or VictoriaMetrics, and which of its series are a cluster's."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from kubedoor_core.settings import ReadableFile, ServiceSettings

StoreType = Literal["prometheus", "victoria-metrics-single", "victoria-metrics-cluster"]
CLUSTER_PATH = "/select/0/prometheus"


def _label(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.+", value):
        raise ValueError(f"{value!r} is not a label, key=value")
    return value


EnvLabel = Annotated[str, AfterValidator(_label)]


class PrometheusSettings(ServiceSettings):
    """What it takes besides the address."""

    prometheus_type: StoreType = Field(
        "prometheus", description="`prometheus`, `victoria-metrics-single` or `victoria-metrics-cluster`"
    )
    prometheus_env_label: EnvLabel = Field(
        "", description="`key=value` of this cluster's series, where several clusters share one store"
    )
    prometheus_user: str = Field("", description="User for basic authentication; empty: none")
    prometheus_password: SecretStr = Field(SecretStr(""), description="Its password")
    prometheus_token: SecretStr = Field(SecretStr(""), description="Bearer token; empty: none")
    prometheus_ca_file: ReadableFile | None = Field(
        None, description="CA of the store's certificate; empty: the usual ones"
    )


def query_url(url: str, store: StoreType) -> str:
    """Return the address that `/api/v1` follows: a VictoriaMetrics cluster has a path per tenant."""
    if store == "victoria-metrics-cluster" and "/select/" not in url:
        return url + CLUSTER_PATH
    return url
