"""The files of alert rules: for whoever has a Prometheus, and for the chart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kubedoor_dev.rules import jvm, nodes, own, traffic, workloads
from kubedoor_dev.rules.model import Group, document

OF_CLUSTERS: dict[str, Callable[[], list[Group]]] = {
    "workloads": workloads.groups,
    "nodes": nodes.groups,
    "jvm": jvm.groups,
    "traffic": traffic.groups,
}
OWN = "kubedoor"


def files(folder: Path, release: own.Release) -> dict[Path, Callable[[], str]]:
    """Return what makes each file of a folder.

    :param release: whose own rules are in `kubedoor.yaml`.
    """
    every: dict[str, Callable[[], list[Group]]] = {**OF_CLUSTERS, OWN: partial(own.groups, release)}
    return {folder / f"{name}.yaml": partial(_text, groups) for name, groups in every.items()}


def _text(groups: Callable[[], list[Group]]) -> str:
    return document(groups())
