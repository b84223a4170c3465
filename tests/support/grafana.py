"""What Grafana fills into a query before it is sent: variables, and the macros of its data sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kubedoor_dev.demo.paths import CHECKOUT

FOLDER = CHECKOUT / "deploy" / "grafana"
Board = dict[str, Any]
BOARDS: dict[str, Board] = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
CLICKHOUSE = "grafana-clickhouse-datasource"


@dataclass(frozen=True)
class Span:
    """The time that is chosen."""

    since: datetime
    until: datetime

    def macros(self, text: str) -> str:
        """Replace the macros of the ClickHouse data source that the dashboards use."""
        first, last = f"toDate('{self.since:%F}')", f"toDate('{self.until:%F}')"
        text = re.sub(r"\$__dateFilter\((\w+)\)", rf"\1 >= {first} AND \1 <= {last}", text)
        begin, end = (f"toDateTime({int(at.timestamp())})" for at in (self.since, self.until))
        return re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 >= {begin} AND \1 <= {end}", text)


def _formatted(value: str, how: str) -> str:
    match how:
        case "sqlstring":
            return "'" + value.replace("'", "''") + "'"
        case "regex":
            return re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", value)
        case _:
            return value


def fill_in(text: str, variables: Mapping[str, str]) -> str:
    """Replace `${name:format}`, `${name}` and `$name`; a name that is not there stays, as in Grafana."""

    def replaced(found: re.Match[str]) -> str:
        name, how = found["name"] or found["bare"], found["how"] or ""
        return _formatted(variables[name], how) if name in variables else found[0]

    return re.sub(r"\$(?:\{(?P<name>\w+)(?::(?P<how>\w+))?\}|(?P<bare>[A-Za-z]\w*))", replaced, text)


def panels(board: Board) -> Iterator[Board]:
    """Return the panels of a dashboard, without the rows between them."""
    return (panel for panel in board["panels"] if panel["type"] != "row")


def targets(uid: str, kind: str) -> Iterator[tuple[str, Board]]:
    """Return each query of a dashboard for a kind of data source, with its panel's title."""
    for panel in panels(BOARDS[uid]):
        for target in panel["targets"]:
            if target["datasource"]["type"] == kind:
                yield panel["title"], target


def variables(uid: str) -> dict[str, Board]:
    """Return the variables of a dashboard by name."""
    return {each["name"]: each for each in BOARDS[uid]["templating"]["list"]}
