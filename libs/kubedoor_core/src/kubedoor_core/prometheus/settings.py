"""How a service reaches Prometheus or VictoriaMetrics, and which of its series are a cluster's."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator

from kubedoor_core.prometheus.env_label import parse_env_label
from kubedoor_core.prometheus.headers import check_one_sign_in, parse_headers
from kubedoor_core.prometheus.store import Store, StoreType, query_url
from kubedoor_core.settings import ReadableFile, ServiceSettings


def _headers(value: SecretStr) -> SecretStr:
    parse_headers(value.get_secret_value())
    return value


EnvLabel = Annotated[str, AfterValidator(parse_env_label)]
Headers = Annotated[SecretStr, AfterValidator(_headers)]


class PrometheusSettings(ServiceSettings):
    """What the store takes, and what may be asked of it."""

    prometheus_type: StoreType = Field(
        "prometheus", description="`prometheus`, `victoria-metrics-single` or `victoria-metrics-cluster`"
    )
    prometheus_env_label: EnvLabel = Field(
        "", description="`key=value` of this cluster's series, where several clusters share one store"
    )
    prometheus_user: str = Field("", description="User for basic authentication; empty: none")
    prometheus_password: SecretStr = Field(SecretStr(""), description="Its password")
    prometheus_token: SecretStr = Field(SecretStr(""), description="Bearer token; empty: none")
    prometheus_headers: Headers = Field(
        SecretStr(""),
        description="Headers of every request, `name=value`, one a line, such as `X-Scope-OrgID=team-a` for a"
        " tenant of Mimir or Cortex. Answers come compressed over https alone, since gzip doubles the store's"
        " work; `Accept-Encoding=gzip` asks for it over http, too",
    )
    prometheus_ca_file: ReadableFile | None = Field(
        None, description="CA of the store's certificate; empty: the usual ones"
    )
    prometheus_timeout_s: float = Field(60, gt=0, description="Seconds that one query may take")
    prometheus_concurrency: int = Field(4, ge=1, le=10, description="Queries that run at once")
    prometheus_max_answer_mib: int = Field(
        64, ge=1, le=1024, description="Largest answer to one query, MiB; what would bring more is split"
    )

    @model_validator(mode="after")
    def _sign_in_is_one(self) -> PrometheusSettings:
        headers = parse_headers(self.prometheus_headers.get_secret_value())
        try:
            check_one_sign_in(headers, self.prometheus_user, self.prometheus_token.get_secret_value())
        except ValueError as error:
            raise ValueError(f"KUBEDOOR_PROMETHEUS_HEADERS: {error}") from error
        return self


def store_of(settings: PrometheusSettings, url: str) -> Store:
    """Return the store at the address that a service's settings give, with all else that they say of it."""
    return Store(
        url=query_url(url, settings.prometheus_type),
        type=settings.prometheus_type,
        env_label=settings.prometheus_env_label,
        user=settings.prometheus_user,
        password=settings.prometheus_password.get_secret_value(),
        token=settings.prometheus_token.get_secret_value(),
        headers=parse_headers(settings.prometheus_headers.get_secret_value()),
        ca_file=settings.prometheus_ca_file,
        timeout_s=settings.prometheus_timeout_s,
        concurrency=settings.prometheus_concurrency,
        max_answer_bytes=settings.prometheus_max_answer_mib << 20,
    )
