"""docs/operations.md says what is so: its values, commands, objects, metrics and links exist."""

from __future__ import annotations

import re
from pathlib import Path

import helm_python as helm
import pytest

from kubedoor_dev.chart import CHART, values
from kubedoor_dev.demo.paths import CHECKOUT
from support.rendering import objects_of

PATH = CHECKOUT / "docs" / "operations.md"
TEXT = PATH.read_text()
SECTIONS = {value.path.partition(".")[0] for value in values() if "." in value.path}


def code() -> list[str]:
    """Return every piece of code, in blocks and in lines."""
    blocks = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    return [*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))]


def test_values_that_it_names_exist() -> None:
    paths = {value.path for value in values()}
    named = set(
        re.findall(
            rf"\b((?:{'|'.join(SECTIONS)})\.[a-z]\w+(?:\.\w+)*)",
            " ".join(code()).replace("://prometheus.", "://"),
        )
    )
    assert len(named) > 10
    assert named <= paths


def test_what_it_says_to_set_can_be_set() -> None:
    plain = {"true": True, "false": False}
    found = re.findall(r"`(\w+(?:\.\w+)+)=([\w-]+)`", TEXT)
    assert len(found) > 5
    with helm.Chart.load(CHART) as chart:
        for path, value in found:
            given: dict[str, object] = {path.rpartition(".")[2]: plain.get(value, value)}
            for part in reversed(path.split(".")[:-1]):
                given = {part: given}
            chart.validate_schema(given)


@pytest.mark.parametrize("kind", ["deployment", "secret"])
def test_objects_that_it_names_are_made(kind: str) -> None:
    made = {found["metadata"]["name"] for found in objects_of("minimal") if found["kind"].lower() == kind}
    named = set(re.findall(rf"{kind}[/ ](kubedoor-[a-z-]+)", " ".join(code())))
    assert named
    assert named <= made


def test_metrics_that_it_names_exist() -> None:
    sources = "".join(path.read_text() for path in CHECKOUT.glob("services/*/src/**/*.py"))
    named = set(re.findall(r"kubedoor_[a-z]+_[a-z_]+", TEXT)) - {"kubedoor_core"}
    assert len(named) >= 8
    for metric in named:
        assert f'"{metric.removesuffix("_total")}"' in sources, metric


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (PATH.parent / target).exists(), target


def test_files_that_it_names_are_there() -> None:
    for name in re.findall(r"\bdeploy/[\w/.-]+", TEXT):
        assert (CHECKOUT / name).exists(), name


SERVED = {"console": "console", "webhook": "webhook", "api": "api", "ClickHouse": "clickhouse"}
"""Who is connected to, as the document calls it, and the component of the chart."""


def ports_of(component: str) -> set[int]:
    """Return the ports of a component's first container and of its Service."""
    found: set[int] = set()
    for made in objects_of("minimal"):
        spec = made.get("spec", {})
        if made["kind"] in ("Deployment", "StatefulSet"):
            pod = spec["template"]
            if pod["metadata"]["labels"]["app.kubernetes.io/component"] == component:
                found |= {port["containerPort"] for port in pod["spec"]["containers"][0]["ports"]}
        elif made["kind"] == "Service" and spec["selector"]["app.kubernetes.io/component"] == component:
            found |= {port["port"] for port in spec["ports"]}
    return found


@pytest.mark.parametrize("path", [PATH, PATH.with_name("operations.zh-CN.md")], ids=["English", "Chinese"])
@pytest.mark.parametrize("called", SERVED)
def test_the_table_of_connections_has_the_ports_of_the_chart(path: Path, called: str) -> None:
    rows = re.findall(rf"^\| [^|]+ \| {called} \| ([^|]+) \|", path.read_text(), re.MULTILINE)
    told = {int(port) for row in rows for port in re.findall(r"\d+", row)}
    assert told == ports_of(SERVED[called])


def test_the_failure_table_names_every_part() -> None:
    table = TEXT.partition("## When something is down")[2].partition("\n## ")[0].lower()
    for part in ("clickhouse", "webhook", "api", "console", "collector", "prometheus", "ldap", "certificate"):
        assert re.search(rf"^\| [^|]*\b{part}\b", table, re.MULTILINE), part
