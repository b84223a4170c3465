"""The dashboards, as the JSON that Grafana reads."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from kubedoor_dev.grafana import cluster, pods, service, variables
from kubedoor_dev.grafana.panels import Panel

TAG = "kubedoor"
Rows = Iterable[tuple[str, list[Panel]]]


def _dashboard(
    uid: str, title: str, why: str, since: str, chosen: list[build.QueryVariable], rows: Rows
) -> build.Dashboard:
    others = build.DashboardLink("KubeDoor").type(model.DashboardLinkType.DASHBOARDS).tags([TAG])
    board = build.Dashboard(title).uid(uid).description(why).tags([TAG]).timezone("utc").readonly()
    board = board.tooltip(model.DashboardCursorSync.CROSSHAIR).time(since, "now")
    board = board.link(others.include_vars(include_vars=True)).with_variable(variables.clickhouse())
    for variable in chosen:
        board = board.with_variable(variable)
    for name, panels in rows:
        board = board.with_row(build.Row(name))
        for panel in panels:
            board = board.with_panel(panel)
    return board


def _cluster() -> build.Dashboard:
    return _dashboard(
        "kubedoor-cluster",
        "KubeDoor: the cluster at its peak",
        "What all services of a cluster used and asked for at their daily peak: the last peak day in the"
        " chosen time, how it came to that, the largest, and each namespace's share. Days are local.",
        "now-90d",
        [variables.env()],
        cluster.rows(),
    )


def _service() -> build.Dashboard:
    return _dashboard(
        "kubedoor-service",
        "KubeDoor: a service over a year",
        "What the containers of one service used at each day's peak, beside what they asked for; what holds"
        " now, who changed it and what admission did. Days are local.",
        "now-1y",
        [variables.env(), variables.namespace(), variables.service()],
        service.rows(),
    )


def _pods() -> build.Dashboard:
    board = _dashboard(
        "kubedoor-pods",
        "KubeDoor: each pod of a service",
        "The pods of one service now and lately, from Prometheus or VictoriaMetrics. Where several clusters"
        " share one, add a matcher; where each has its own, choose it.",
        "now-6h",
        [variables.env(), variables.namespace(), variables.service()],
        pods.rows(),
    )
    return board.with_variable(variables.prometheus()).with_variable(variables.matchers())


BOARDS: dict[str, Callable[[], build.Dashboard]] = {
    "kubedoor-cluster": _cluster,
    "kubedoor-service": _service,
    "kubedoor-pods": _pods,
}


def text(uid: str) -> str:
    """Return a dashboard's JSON, the panels numbered in their order."""
    board = BOARDS[uid]().build()
    for number, panel in enumerate(board.panels or [], start=1):
        panel.id_val = number
    return json.dumps(board, cls=JSONEncoder, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def files(folder: Path) -> dict[Path, Callable[[], str]]:
    """Return what is written into a folder: a file for each dashboard."""
    return {folder / f"{uid}.json": functools.partial(text, uid) for uid in BOARDS}
