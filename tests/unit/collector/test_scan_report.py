"""What a scan says: sums, order and each form; the reading of a store is in `tests/integration/collector`."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
import yaml
from rich.console import Console

from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.scan.__main__ import over
from kubedoor_collector.scan.render import print_table, rendered
from kubedoor_collector.scan.report import Container, Report, Scanned, scanned, totals_of
from kubedoor_collector.scan.scanning import in_words

DAY = date(2026, 3, 2)
WASTES = Scanned("shop", "Deployment", "cart", 3, (Container("app", 1000, 200, 1024, 512),))
LACKS = Scanned("pay", "StatefulSet", "ledger", 2, (Container("app", 100, 300, None, 256),))
SCRIPT = "<script>alert(1)</script>"


def report(**changes: Any) -> Report:
    """A report of two services."""
    usual: dict[str, Any] = {
        "prometheus": "http://prometheus",
        "timezone": "UTC",
        "peak_hours": "10:00-11:30",
        "found_hours": True,
        "days": (DAY,),
        "failed": (),
        "services": (LACKS, WASTES),
        "left_out": (),
    }
    return Report(**{**usual, **changes})


def test_what_is_freed_and_what_is_missing_are_not_set_off() -> None:
    totals = totals_of([WASTES, LACKS])
    assert (totals.requested_cpu_m, totals.proposed_cpu_m) == (3200, 1200)
    assert (totals.freed_cpu_m, totals.missing_cpu_m) == (2400, 400)
    assert (totals.freed_mem_mib, totals.missing_mem_mib) == (3 * 512, 2 * 256)


def test_those_that_ask_for_most_too_much_come_first() -> None:
    assert [one.name for one in report().sorted_by("cpu")] == ["cart", "ledger"]
    assert [one.name for one in report().sorted_by("name")] == ["ledger", "cart"]


def test_rows_of_the_tables_are_put_side_by_side() -> None:
    key = {"namespace": "shop", "kind": "Deployment", "name": "cart"}
    derived = {
        **key, "replicas_observed": None, "containers.name": ["app"], "containers.request_cpu_m": [200],
        "containers.limit_cpu_m": [None], "containers.request_mem_mib": [512],
        "containers.limit_mem_mib": [None],
    }  # fmt: skip
    asked: list[dict[str, Any]] = [
        {**key, "container": "app", "request_cpu_m": 1000, "request_mem_mib": None},
        {**key, "container": "new", "request_cpu_m": 50, "request_mem_mib": 64},
    ]
    (found,) = scanned([derived], asked)
    assert found.pods == 1
    assert found.containers == (Container("app", 1000, 200, None, 512), Container("new", 50, None, 64, None))


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_program_can_read_it(form: Any) -> None:
    failed, left = ((DAY, "too few samples"),), (LeftOut("no_owner", "shop", "bare"),)
    text = rendered(report(failed=failed, left_out=left), form, "cpu")
    found = json.loads(text) if form == "json" else yaml.safe_load(text)
    assert found["totals"]["freed_cpu_m"] == 2400
    assert [one["name"] for one in found["services"]] == ["cart", "ledger"]
    assert found["failed"] == [{"day": "2026-03-02", "reason": "too few samples"}]
    assert found["left_out"][0]["name"] == "bare"


def test_a_spreadsheet_can_read_it() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered(report(), "csv", "cpu"))))
    assert [row["name"] for row in rows] == ["cart", "ledger"]
    assert (rows[1]["request_mem_mib"], rows[1]["proposed_mem_mib"]) == ("", "256")


def test_the_page_needs_nothing_and_believes_no_name() -> None:
    hostile = Scanned("shop", "Deployment", SCRIPT, 1, (Container(SCRIPT, 1, 1, 1, 1),))
    left = (LeftOut("no_owner", "shop", SCRIPT),)
    text = rendered(report(services=(hostile,), left_out=left, peak_hours=SCRIPT), "html", "cpu")
    assert "<script" not in text
    assert "http" not in text, "no address: it is one file"


def test_the_table_says_what_is_not_in_it() -> None:
    out = io.StringIO()
    failed, left = ((DAY, "too few samples"),), (LeftOut("no_owner", "shop", "bare"),)
    print_table(Console(file=out, width=160), report(failed=failed, left_out=left), "cpu", 1)
    text = out.getvalue()
    assert "cart" in text
    assert "1 more services: --all shows them" in text
    assert "not read: 2026-03-02: too few samples" in text
    assert "left out: shop/bare: pods without a controller" in text


def test_a_limit_is_cores_or_a_share() -> None:
    assert over(report(), None) == ""
    assert over(report(), (2.5, False)) == ""
    assert over(report(), (2.0, False)) == "2.4 cores are spare, more than 2"
    assert over(report(), (70.0, True)) == "75.0 % of the requested cpu are spare, more than 70"
    assert over(report(services=()), (0.0, True)) == ""


def test_a_reason_that_several_days_have_is_said_once() -> None:
    first, second, third = (date(2026, 11, day) for day in (26, 27, 28))
    assert in_words([(first, "no samples."), (second, "refused"), (third, "no samples.")]) == (
        "2026-11-26, 2026-11-28: no samples. 2026-11-27: refused."
    )
