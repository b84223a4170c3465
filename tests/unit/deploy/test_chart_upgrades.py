"""`helm upgrade --reuse-values`: the values of an older chart in the place of this one's defaults are enough.

Helm then computes with the old release's values alone, so a group that came later is missing; what is
rendered must be what the new defaults make.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import helm_python as helm
import pytest
import yaml

from kubedoor_dev.chart import CHART
from kubedoor_dev.generate import FILES
from support.rendering import MINIMAL, Object, merged, objects, templates

OLDER = sorted((Path(__file__).parent / "older_values").glob("*.yaml"))


def reusing(older: Path, over: Object, folder: Path) -> dict[str, str]:
    """Render this chart as Helm does with the values of an older release, and some given over them."""
    chart = folder / "kubedoor"
    shutil.copytree(CHART, chart)
    shutil.copyfile(older, chart / "values.yaml")
    with helm.Chart.load(chart) as loaded:
        rendered = loaded.render(merged(MINIMAL, over), name="kubedoor", namespace="kubedoor")
    return {path.rpartition("/")[2]: text for path, text in rendered.items()}


def comparable(texts: dict[str, str]) -> dict[tuple[str, str], Any]:
    """Return the objects of a render but for what each makes anew: Secrets, and Jobs named by the values."""
    found = objects(texts)
    return {
        (each["kind"], each["metadata"]["name"]): each
        for each in found
        if each["kind"] not in ("Secret", "Job")
    }


@cache
def todays(over: str) -> dict[tuple[str, str], Any]:
    """Return the objects with this chart's own values, rendered once.

    :param over: values over the minimal ones, as JSON.
    """
    return comparable(templates(merged(MINIMAL, json.loads(over))))


def test_the_values_of_charts_that_have_landed_are_kept() -> None:
    assert OLDER


@pytest.mark.parametrize("older", OLDER, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "over",
    [
        {},
        {"backup": {"enabled": True}, "monitoring": {"serviceMonitor": True, "prometheusRule": True}},
        {"webhook": {"enabled": False}, "clickhouse": {"mode": "external", "url": "http://ch:8123"}},
    ],
    ids=["minimal", "backed up and watched", "without webhook"],
)
def test_an_older_charts_values_render_what_this_ones_do(older: Path, over: Object, tmp_path: Path) -> None:
    assert comparable(reusing(older, over, tmp_path)) == todays(json.dumps(over))


@pytest.mark.parametrize("group", sorted(yaml.safe_load((CHART / "values.yaml").read_text())))
def test_a_missing_group_is_filled_in(group: str, tmp_path: Path) -> None:
    """Whichever group comes next: the templates don't know which are new."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    values.pop(group)
    older = tmp_path / "older.yaml"
    older.write_text(yaml.safe_dump(values))
    assert comparable(reusing(older, {}, tmp_path)) == todays("{}")


def test_false_and_empty_stay_what_they_are(tmp_path: Path) -> None:
    """Filling in is not for what somebody has switched off or emptied."""
    over: Object = {"collector": {"enabled": False}, "console": {"replicas": 1}, "namespacesExcluded": ""}
    texts = reusing(OLDER[0], over, tmp_path)
    assert not texts["collector-deployment.yaml"].strip()
    assert yaml.safe_load(texts["console-deployment.yaml"])["spec"]["replicas"] == 1


def test_a_limit_that_was_taken_out_stays_out(tmp_path: Path) -> None:
    texts = reusing(OLDER[0], {"webhook": {"resources": {"limits": None}}}, tmp_path)
    deployment = yaml.safe_load(texts["webhook-deployment.yaml"])
    assert "limits" not in deployment["spec"]["template"]["spec"]["containers"][0]["resources"]


def test_the_defaults_that_templates_read_are_the_values() -> None:
    path = CHART / "files" / "values.yaml"
    assert yaml.safe_load(path.read_text()) == yaml.safe_load((CHART / "values.yaml").read_text())
    assert path in FILES
