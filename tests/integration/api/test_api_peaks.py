"""One day's peak data: filtered, sorted, paged, flagged and exported."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any, get_args

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.control.flags import flags_of
from kubedoor_api.control.models import Container, ContainerPeak, PeakFlag, Provenance, ResourceValues
from kubedoor_api.control.queries import Days
from kubedoor_api.statistics.daily.models import PeakRow
from kubedoor_api.statistics.daily.queries import CONDITIONS
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api
from support.runs import left_out, run_row

PEAKS = f"{BASE}/peaks"
DAY = "2026-11-20"
USUAL = {
    "pod_count": 2, "p95_cpu_m": 100, "p95_cpu_hot_m": 110, "p95_mem_mib": 200, "p95_mem_hot_mib": 210,
    "max_mem_mib": 220, "request_cpu_m": 110, "limit_cpu_m": 500, "request_mem_mib": 210,
    "limit_mem_mib": 512, "cpu_pct": 20.0, "mem_pct": 39.0, "oom_kills": 0, "throttled_pct": 0.0,
    "coverage": 1.0, "owner_source": "metrics",
}  # fmt: skip
ODD: dict[str, dict[str, Any]] = {
    "hot": {"p95_cpu_hot_m": 151},
    "sparse": {"coverage": 0.49},
    "near-cpu": {"cpu_pct": 90.0},
    "near-mem": {"mem_pct": 95.0},
    "guessed": {"owner_source": "name"},
    "killed": {"oom_kills": 1},
    "over-cpu": {"request_cpu_m": 201},
    "over-mem": {"request_mem_mib": 401},
    "throttled": {"throttled_pct": 10.0},
    "under-cpu": {"request_cpu_m": 89},
    "under-mem": {"request_mem_mib": 179},
    "no-cpu-limit": {"limit_cpu_m": None, "cpu_pct": None},
    "no-mem-limit": {"limit_mem_mib": None, "mem_pct": None},
}
FLAG_OF = dict(zip(ODD, sorted(CONDITIONS), strict=True))


def row(name: str, day: str = DAY, namespace: str = "shop", **values: Any) -> dict[str, Any]:
    """A row of the table."""
    return {
        "env": ENV, "namespace": namespace, "name": name, "container": "app", "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000",
        "collected_at": f"{day} 04:00:00.000", **USUAL, **values,
    }  # fmt: skip


async def fill(clickhouse: ClickHouse) -> None:
    """A day with a service of each oddity and one without, a day before, and another env."""
    rows = [row(name, **values) for name, values in ODD.items()]
    rows += [row("fine", namespace="data"), row("fine", "2026-11-19"), {**row("else"), "env": "other"}]
    unknown: dict[str, Any] = dict.fromkeys(USUAL)
    rows.append(row("unknown", **{**unknown, "limit_cpu_m": 1, "limit_mem_mib": 1}))
    await clickhouse.insert("resource_daily", rows)


def names(answer: Any) -> list[str]:
    """The Deployments of a page."""
    return [item["name"] for item in answer.json["items"]]


async def test_a_days_rows_have_all_that_was_collected(api: Api, clickhouse: ClickHouse) -> None:
    nothing = (await api.get(PEAKS)).json
    assert (nothing["date"], nothing["items"], nothing["total"], nothing["flags"]) == (None, [], 0, [])
    assert (nothing["left_out"], nothing["failed"], nothing["error"]) == ([], False, None)
    await fill(clickhouse)
    page = await api.get(PEAKS, params={"q": "FINE"})
    assert (page.json["date"], page.json["total"]) == (DAY, 1)
    (item,) = page.json["items"]
    assert {name: item[name] for name in USUAL} == USUAL
    assert (item["namespace"], item["container"], item["flags"]) == ("data", "app", [])
    assert item["window_start"] == f"{DAY}T02:00:00.000Z"
    before = await api.get(PEAKS, params={"date": "2026-11-19"})
    assert (names(before), before.json["date"]) == (["fine"], "2026-11-19")


async def test_rows_are_filtered_sorted_and_paged(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    every = (await api.get(PEAKS, params={"limit": 100})).json
    assert every["total"] == len(every["items"]) == len(ODD) + 2
    paged = [names(await api.get(PEAKS, params={"limit": 6, "offset": n})) for n in (0, 6, 12)]
    assert [name for page in paged for name in page] == [item["name"] for item in every["items"]]
    beyond = (await api.get(PEAKS, params={"offset": 99})).json
    assert (beyond["items"], beyond["total"]) == ([], len(ODD) + 2)
    assert names(await api.get(PEAKS, params={"namespace": "data"})) == ["fine"]
    most = await api.get(PEAKS, params={"sort": "-request_cpu_m"})
    assert (names(most)[0], names(most)[-1]) == ("over-cpu", "unknown")
    least = await api.get(PEAKS, params={"sort": "request_cpu_m"})
    assert (names(least)[0], names(least)[-1]) == ("under-cpu", "unknown")


async def test_each_flag_is_found_and_counted(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    for name, flag in FLAG_OF.items():
        page = await api.get(PEAKS, params={"flag": flag})
        assert [(item["name"], item["flags"]) for item in page.json["items"]] == [(name, [flag])]
        assert {count["flag"]: count["rows"] for count in page.json["flags"]} == dict.fromkeys(CONDITIONS, 1)


async def test_the_statement_flags_what_the_rules_of_the_services_flag(
    api: Api, clickhouse: ClickHouse
) -> None:
    await fill(clickhouse)
    for item in (await api.get(PEAKS, params={"limit": 100})).json["items"]:
        peak = ContainerPeak.model_validate({name: item[name] for name in ContainerPeak.model_fields})
        values = ResourceValues.model_validate({name: item[name] for name in ResourceValues.model_fields})
        container = Container(name="app", effective=values, expert=values, derived=values, peak=peak)
        unknown: dict[str, Any] = dict.fromkeys(Provenance.model_fields)
        known = Provenance.model_construct(**unknown)
        assert flags_of(1, [container], None, known, Days(None, date(2026, 11, 20))) == item["flags"], item[
            "name"
        ]


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_a_day_can_be_taken_along(api: Api, clickhouse: ClickHouse, form: str) -> None:
    await fill(clickhouse)
    asked = {"format": form, "sort": "-p95_cpu_m", "flag": "oom_killed"}
    answer = await api.get(f"{PEAKS}/export", params=asked)
    assert f"kubedoor-peaks-{DAY}.{form}" in answer.headers["Content-Disposition"]
    if form == "json":
        assert [item["name"] for item in answer.json] == ["killed"]
        assert set(answer.json[0]) == set(PeakRow.model_fields)
        return
    (line,) = csv.DictReader(io.StringIO(answer.text))
    assert (line["date"], line["name"], line["oom_kills"]) == (DAY, "killed", "1")
    assert line["flags"] == "oom_killed"
    assert set(line) == {"date", *PeakRow.model_fields}


async def test_what_is_asked_wrongly_is_refused(api: Api) -> None:
    wrong = ["sort=env", "flag=odd", "date=9999-12-31", "date=x", "limit=0", "namespace=A", "colour=red"]
    for query in wrong:
        assert (await api.get(f"{PEAKS}?{query}")).status == 400, query
    assert set(get_args(PeakFlag)) == set(CONDITIONS)


async def _left_out(api: Api, day: str = DAY) -> set[tuple[str, str, str]]:
    found = (await api.get(PEAKS, params={"date": day, "q": "fine"})).json["left_out"]
    return {(one["reason"], one["namespace"], one["name"]) for one in found}


async def test_a_day_tells_what_was_left_out_of_it(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    interval = ("odd_interval", "", "45 s")
    before, last = (DAY, "no_owner", "shop", "toolbox", 2), (DAY, "not_running", "shop", "idle", 1)
    other_day = ("2026-11-19", "no_owner", "shop", "toolbox", 1)
    foreign = (DAY, "no_owner", "hidden", "by-hand", 1)
    first = run_row([DAY], id="run-0", started_at="2026-11-20 05:00:00.000", **left_out(before))
    found = left_out((DAY, *interval, 1), last, other_day, foreign)
    second = run_row(["2026-11-19", DAY], id="run-1", **found)
    await clickhouse.insert("collection_run", [first, second])
    seen = {interval, last[1:4], foreign[1:4]}
    assert await _left_out(api) == seen
    assert await _left_out(api, "2026-11-19") == {other_day[1:4]}
    assert await _left_out(api.as_(Role.VIEWER, namespace="shop|data")) == {interval, last[1:4]}
    assert await _left_out(api.as_(Role.VIEWER, namespace="hidden")) == {interval, foreign[1:4]}


async def test_a_day_that_kept_what_it_had_says_so(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    idle = (DAY, "not_running", "shop", "idle", 1)
    good = run_row([DAY], id="run-0", started_at="2026-11-20 05:00:00.000", **left_out(idle))
    errors = {"errors.date": [DAY], "errors.reason": ["the store now has 40 % of the samples"]}
    bad = run_row(["2026-11-19", DAY], id="run-1", state="failed", **errors)
    undone = run_row([DAY], id="run-2", started_at="2026-11-20 11:00:00.000", state="running", day_index=0)
    await clickhouse.insert("collection_run", [good, bad, undone])
    told = (await api.get(PEAKS)).json
    assert (told["failed"], told["error"]) == (True, "the store now has 40 % of the samples")
    assert await _left_out(api) == {idle[1:4]}
    bounded = (await api.as_(Role.VIEWER, namespace="shop").get(PEAKS)).json
    assert (bounded["failed"], bounded["error"]) == (True, None)
    assert (await api.get(PEAKS, params={"date": "2026-11-19"})).json["failed"] is False
