"""The dashboards as Grafana reads them: names, units, variables, and where links lead."""

from __future__ import annotations

import re

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.chart import CHART, values
from kubedoor_dev.demo.paths import CHECKOUT
from support.grafana import BOARDS, CLICKHOUSE, FOLDER, fill_in, panels, variables

UNITS = re.compile(r"\(.*(cores|GiB|MiB|millicores|count|%|date).*\)$")
WORDS = {
    "suffix: cores": "cores",
    "suffix: GiB": "GiB",
    "suffix: MiB": "MiB",
    "suffix: m": "millicores",
    "percent": "%",
    "short": "count",
    "string": "date",
}
BUILT_IN = re.compile(r"\$__\w+|\$\{__[\w.]+(:\w+)?\}")


def test_there_are_three_and_the_chart_has_the_same() -> None:
    assert BOARDS.keys() == {"kubedoor-cluster", "kubedoor-service", "kubedoor-pods"}
    for uid, board in BOARDS.items():
        assert board["uid"] == uid
        assert (CHART / "files" / "grafana" / f"{uid}.json").read_text() == (
            FOLDER / f"{uid}.json"
        ).read_text()


@pytest.mark.parametrize("uid", BOARDS)
def test_every_panel_has_its_unit_in_the_title_and_says_what_it_is(uid: str) -> None:
    assert BOARDS[uid]["description"]
    titles = [panel["title"] for panel in panels(BOARDS[uid])]
    assert len(titles) == len(set(titles))
    for panel in panels(BOARDS[uid]):
        assert UNITS.search(panel["title"]), panel["title"]
        assert len(panel["description"]) > 15, panel["title"]
        assert panel["targets"], panel["title"]


@pytest.mark.parametrize("uid", BOARDS)
def test_a_panels_unit_is_that_of_its_title(uid: str) -> None:
    for panel in panels(BOARDS[uid]):
        defaults = panel["fieldConfig"]["defaults"]
        given = [
            each for override in panel["fieldConfig"].get("overrides", []) for each in override["properties"]
        ]
        units = [each["value"] for each in given if each["id"] == "unit"]
        unit = next(iter([*units, defaults.get("unit", "")]))
        assert not unit or WORDS[unit] in panel["title"], panel["title"]


@pytest.mark.parametrize("uid", BOARDS)
def test_panels_lie_beside_each_other(uid: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARDS[uid]["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells


@pytest.mark.parametrize("uid", BOARDS)
def test_every_variable_that_is_used_is_there_and_the_other_way_round(uid: str) -> None:
    names = variables(uid).keys()
    expected = (
        {"clickhouse", "env"} if uid == "kubedoor-cluster" else {"clickhouse", "env", "namespace", "service"}
    )
    assert names == expected | ({"prometheus", "matchers"} if uid == "kubedoor-pods" else set())
    used = str(BOARDS[uid]["panels"]) + str(BOARDS[uid]["templating"])
    left = BUILT_IN.sub("", fill_in(used, dict.fromkeys(names, "x")))
    assert "$" not in left, re.findall(r".{20}\$.{20}", left)
    for name in names - {"clickhouse", "prometheus", "env"}:
        assert re.search(rf"\$\{{?{name}\b", used), name


def test_a_text_from_the_address_bar_stays_within_its_quotes() -> None:
    for board in BOARDS.values():
        for panel in panels(board):
            for target in panel["targets"]:
                filled_in = re.findall(r"\$\{?(?!__)(\w+)(?::(\w+))?", target.get("rawSql", ""))
                assert {how for _, how in filled_in} <= {"sqlstring"}, panel["title"]


@pytest.mark.parametrize("uid", BOARDS)
def test_data_sources_can_be_chosen_and_default_to_those_that_are_provisioned(uid: str) -> None:
    for panel in panels(BOARDS[uid]):
        for target in panel["targets"]:
            kind, chosen = target["datasource"]["type"], target["datasource"]["uid"]
            assert (kind, chosen) in ((CLICKHOUSE, "${clickhouse}"), ("prometheus", "${prometheus}"))
    assert variables(uid)["clickhouse"]["current"]["value"] == "kubedoor-clickhouse"


def test_links_between_dashboards_lead_to_one_with_those_variables() -> None:
    found = 0
    for board in BOARDS.values():
        for panel in panels(board):
            for link in panel["fieldConfig"]["defaults"].get("links", []):
                uid = re.match(r"/d/([\w-]+)/", link["url"])
                assert uid
                assert set(re.findall(r"var-(\w+)=", link["url"])) <= variables(uid[1]).keys()
                found += 1
    assert found > 5


def test_nothing_in_them_can_be_edited_away() -> None:
    assert all(board["editable"] is False for board in BOARDS.values())


def test_the_readme_says_what_is_so() -> None:
    text = (FOLDER / "README.md").read_text()
    paths = {value.path for value in values()}
    assert set(re.findall(r"`(grafana\.[a-z]+)\b(?!\.)[^`]*`", text)) - {"grafana.ini"} <= paths
    assert all(f"`{uid}.json`" in text for uid in BOARDS)
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (FOLDER / target).exists(), target
    for named in re.findall(r"tools/[\w/]+", text):
        assert (CHECKOUT / named).exists(), named


async def test_clickhouse_knows_the_statements_of_the_readme(clickhouse: ClickHouse) -> None:
    """Its users can't be tried here: the embedded engine has none but its own."""
    text = (FOLDER / "README.md").read_text().partition("```sql\n")[2].partition("```")[0]
    statements = [statement.strip() for statement in text.split(";") if statement.strip()]
    assert len(statements) == 2
    for statement in statements:
        (row,) = await clickhouse.fetch("SELECT formatQuery({sql:String}) AS text", sql=statement)
        assert row["text"].split()[0] == statement.split()[0]
