"""The alert rules of `deploy/rules`: each is tried by Prometheus' own tool, firing and silent."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.rules.files import OF_CLUSTERS
from kubedoor_dev.tools import find
from support.rendering import MINIMAL, merged, objects, templates

RULES = CHECKOUT / "deploy" / "rules"
MEANT = re.compile(r'alertname=~?"([^"]+)"')


def promtool(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(find("promtool")), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def alerts(path: Path) -> set[str]:
    """Return the names of the alerts of a file."""
    groups = yaml.safe_load(path.read_text())["groups"]
    return {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}


def tried(path: Path) -> tuple[set[str], set[str]]:
    """Return which alerts a file of tests expects to fire, and which to be silent."""
    fire, silent = set[str](), set[str]()
    for test in yaml.safe_load(path.read_text())["tests"]:
        for one in test["promql_expr_test"]:
            samples: list[dict[str, Any]] = one["exp_samples"]
            for sample in samples:
                fire |= set(MEANT.findall(sample["labels"]))
            if not samples:
                silent |= {name for names in MEANT.findall(one["expr"]) for name in names.split("|")}
    return fire, silent


@pytest.mark.parametrize("path", sorted(RULES.glob("*.yaml")), ids=lambda path: path.stem)
def test_prometheus_takes_the_rules(path: Path) -> None:
    done = promtool("check", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OF_CLUSTERS)
def test_each_alert_fires_and_is_silent_as_it_should(name: str) -> None:
    done = promtool("test", "rules", RULES / "tests" / f"{name}.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OF_CLUSTERS)
def test_no_alert_is_left_untried(name: str) -> None:
    fire, silent = tried(RULES / "tests" / f"{name}.yaml")
    assert fire == silent == alerts(RULES / f"{name}.yaml")


def test_the_chart_has_them_all_for_the_operator() -> None:
    values = merged(MINIMAL, {"monitoring": {"prometheusRule": True, "clusterRules": True}})
    found = [one for one in objects(templates(values)) if one["kind"] == "PrometheusRule"]
    in_chart = {rule.get("alert") for group in found[0]["spec"]["groups"] for rule in group["rules"]}
    assert {name for file in OF_CLUSTERS for name in alerts(RULES / f"{file}.yaml")} < in_chart


def test_every_alert_has_a_name_of_its_own() -> None:
    every = [name for path in RULES.glob("*.yaml") for name in sorted(alerts(path))]
    assert len(every) == len(set(every))
