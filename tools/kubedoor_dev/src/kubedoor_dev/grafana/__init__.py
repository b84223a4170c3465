"""Grafana's dashboards as code, for the ClickHouse data source and, per pod, for Prometheus."""
