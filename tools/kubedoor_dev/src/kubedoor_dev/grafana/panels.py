"""The kinds of panels: use is solid, a request dashed, a limit dotted, as in the console's charts."""

from __future__ import annotations

from typing import TypeVar

from grafana_foundation_sdk.builders import (
    common as build_common,
)
from grafana_foundation_sdk.builders import (
    dashboard as build,
)
from grafana_foundation_sdk.builders import (
    piechart,
    prometheus,
    stat,
    table,
    timeseries,
)
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue
from grafana_foundation_sdk.models.piechart import PieChartLabels

from kubedoor_dev.grafana.target import CLICKHOUSE, PROMETHEUS, Target

HEIGHT = 8
WIDTH = 24
MIN_STEP = "1m"
"""Prometheus' usual scrape interval: a rate is over four of it at least."""
WORDS = {"short": "count", "percent": "%"}
TO_SERVICE = (
    "/d/kubedoor-service/?var-env=${env:percentencode}"
    "&var-namespace=${__data.fields.namespace:percentencode}&var-service=${__data.fields.service:percentencode}"
)

Panel = timeseries.Panel | table.Panel | stat.Panel | piechart.Panel
P = TypeVar("P", timeseries.Panel, table.Panel, stat.Panel, piechart.Panel)


def _framed(panel: P, title: str, why: str, width: int) -> P:
    return panel.title(title).description(why).span(width).height(HEIGHT)


def _dashed(panel: timeseries.Panel) -> timeseries.Panel:
    styles = {".*request.*": ("dash", [10, 8]), ".*limit.*": ("dot", [2, 6])}
    for name, (fill, dash) in styles.items():
        line = DynamicConfigValue("custom.lineStyle", {"fill": fill, "dash": dash})
        panel = panel.override_by_regexp(name, [line])
    return panel


def _lines(title: str, why: str, unit: str, width: int) -> timeseries.Panel:
    legend = build_common.VizLegendOptions().display_mode(common.LegendDisplayMode.LIST)
    panel = _framed(timeseries.Panel(), title, why, width).unit(unit).min(0)
    legend = legend.placement(common.LegendPlacement.BOTTOM).show_legend(True)
    tooltip = build_common.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI)
    panel = panel.legend(legend).tooltip(tooltip).show_points(common.VisibilityMode.AUTO)
    return _dashed(panel.line_interpolation(common.LineInterpolation.LINEAR).span_nulls(False))


def trend(title: str, why: str, sql: str, unit: str, width: int = WIDTH // 2) -> timeseries.Panel:
    """Days on a line; days that were not collected are gaps."""
    panel = _lines(title, why, unit, width).datasource(CLICKHOUSE).with_target(Target(sql, "timeseries"))
    return panel.insert_nulls(36 * 3600 * 1000)


def by_label(panel: timeseries.Panel, label: str) -> timeseries.Panel:
    """Name each line by its column and a label."""
    return panel.display_name("${__field.name} ${__field.labels." + label + "}")


def steps(panel: timeseries.Panel) -> timeseries.Panel:
    """Draw counts as steps."""
    return panel.line_interpolation(common.LineInterpolation.STEP_AFTER)


def bars(panel: timeseries.Panel) -> timeseries.Panel:
    """Draw what is counted per day as bars on one another."""
    stacking = build_common.StackingConfig().mode(common.StackingMode.NORMAL)
    return panel.draw_style(common.GraphDrawStyle.BARS).fill_opacity(60).stacking(stacking)


def curves(
    title: str, why: str, unit: str, queries: dict[str, str], width: int = WIDTH // 2
) -> timeseries.Panel:
    """Lines from Prometheus, by the name of their legend."""
    panel = _lines(title, why, unit, width).datasource(PROMETHEUS).interval(MIN_STEP)
    for index, (legend, expression) in enumerate(queries.items()):
        query = prometheus.Dataquery().expr(expression).legend_format(legend).range().interval(MIN_STEP)
        panel = panel.with_target(query.datasource(PROMETHEUS).ref_id("ABC"[index]))
    return panel


def numbers(title: str, why: str, sql: str, unit: str, width: int) -> stat.Panel:
    """One row's figures, each by its column's name."""
    reduced = build_common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)
    panel = _framed(stat.Panel(), title, why, width).unit(unit).datasource(CLICKHOUSE)
    panel = panel.graph_mode(common.BigValueGraphMode.NONE).color_mode(common.BigValueColorMode.NONE)
    return panel.reduce_options(reduced).no_value("–").with_target(Target(sql, "table"))


def words(title: str, why: str, sql: str, width: int) -> stat.Panel:
    """One text."""
    reduced = build_common.ReduceDataOptions().calcs(["lastNotNull"]).fields("/.*/").values(values=False)
    return numbers(title, why, sql, "string", width).reduce_options(reduced)


def rows(title: str, why: str, sql: str, width: int = WIDTH) -> table.Panel:
    """A table."""
    panel = _framed(table.Panel(), title, why, width).datasource(CLICKHOUSE)
    return panel.no_value("–").decimals(1).with_target(Target(sql, "table"))


def ranking(title: str, why: str, sql: str, unit: str) -> table.Panel:
    """The services with the largest values; each leads to its own dashboard."""
    bar = {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
    cell = DynamicConfigValue("custom.cellOptions", bar)
    name = DynamicConfigValue("displayName", WORDS.get(unit, unit.removeprefix("suffix: ")))
    value = [cell, name, DynamicConfigValue("unit", unit), DynamicConfigValue("min", 0)]
    link = build.DashboardLink("This service over time").url(TO_SERVICE)
    panel = rows(title, why, sql, WIDTH // 3).height(10)
    return panel.override_by_name("value", value).data_links([link])


def shares(title: str, why: str, sql: str, unit: str, width: int) -> piechart.Panel:
    """What each part is of the whole."""
    reduced = build_common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=True)
    panel = _framed(piechart.Panel(), title, why, width).unit(unit).datasource(CLICKHOUSE)
    panel = panel.reduce_options(reduced).display_labels([PieChartLabels.NAME, PieChartLabels.PERCENT])
    return panel.with_target(Target(sql, "table"))
