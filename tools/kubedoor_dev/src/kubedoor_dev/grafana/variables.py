"""What is chosen at the top of a dashboard."""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model

from kubedoor_dev.grafana import queries
from kubedoor_dev.grafana.target import CLICKHOUSE


def _datasource(name: str, label: str, kind: str, uid: str) -> build.DatasourceVariable:
    return (
        build.DatasourceVariable(name)
        .label(label)
        .type(kind)
        .current(model.VariableOption(selected=True, text=label, value=uid))
    )


def _query(name: str, label: str, sql: str) -> build.QueryVariable:
    return (
        build.QueryVariable(name)
        .label(label)
        .datasource(CLICKHOUSE)
        .query(sql.strip())
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.DISABLED)
    )


def clickhouse() -> build.DatasourceVariable:
    """Which ClickHouse."""
    return _datasource("clickhouse", "KubeDoor", "grafana-clickhouse-datasource", "kubedoor-clickhouse")


def prometheus() -> build.DatasourceVariable:
    """Which Prometheus: where each cluster has its own, the one of the env."""
    return _datasource("prometheus", "Prometheus", "prometheus", "kubedoor-prometheus")


def env() -> build.QueryVariable:
    """Which cluster."""
    return _query("env", "Cluster (env)", queries.ENVS)


def namespace() -> build.QueryVariable:
    """Which namespace."""
    return _query("namespace", "Namespace", queries.NAMESPACES)


def service() -> build.QueryVariable:
    """Which Deployment."""
    return _query("service", "Service", queries.SERVICES)


def matchers() -> build.TextBoxVariable:
    """What else to ask for in Prometheus."""
    return (
        build.TextBoxVariable("matchers")
        .label("Further matchers")
        .description('Where several clusters share one store: a comma and a matcher, such as ,cluster="a"')
        .default_value("")
    )
