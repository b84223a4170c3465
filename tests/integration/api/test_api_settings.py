"""Stored settings win over the environment; bad ones are refused."""

from __future__ import annotations

from dataclasses import asdict

from kubedoor_collector import queries
from kubedoor_collector.collect import policy_of
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import BY_KEY, environment_of, read_policy
from support.api import BASE, ENV, Api
from support.rows import store_setting

SETTINGS = f"{BASE}/settings"


async def _setting(api: Api, key: str) -> dict[str, object]:
    items = (await api.get(SETTINGS)).json["items"]
    return next(item for item in items if item["key"] == key)


async def test_a_stored_value_wins_and_can_be_forgotten(api: Api) -> None:
    before = await _setting(api, "peak_hours")
    assert (before["source"], before["version"]) == ("environment", "0")
    body = {"value": "22:00 - 01:00 mon-fri"}
    stored = await api.change("PUT", f"{SETTINGS}/peak_hours", body, version="0")
    assert (stored.json["value"], stored.json["source"]) == ("22:00-01:00 mon,tue,wed,thu,fri", "stored")
    stale = await api.change("PUT", f"{SETTINGS}/peak_hours", {"value": "09:00-10:00"}, version="0")
    assert stale.status == 412
    assert stale.json["current"] == stored.json
    forgotten = await api.change("DELETE", f"{SETTINGS}/peak_hours", version=stored.json["version"])
    assert forgotten.json["source"] == "environment"
    assert forgotten.json["value"] == before["value"]


async def test_bad_values_are_refused(api: Api) -> None:
    bad: dict[str, list[object]] = {
        "peak_hours": ["25:00-26:00", "", 5, None, True, "10:00-10:00"],
        "lookback_days": [0, 367, "10", 1.5, None],
        "namespaces": ["(", 3, "\u0000", "(?!kube-).*", "a{5000}", "a" * 2001],
        "namespaces_excluded": ["(", 3, r"(a)\1"],
        "request_rule": ["node", 1, []],
        "margin_pct": [-1, 501, "5", None, True],
        "own_peak_hours": [0, 25, 1.5, "4"],
        "memory_rule": ["p50", 1],
        "memory_margin_pct": [-1, 501],
        "hpa_requests": ["stay", None],
        "rule_exceptions": ["shop/.*", "shop/(: fleet", "shop/.*: lookback_days=0", 5],
        "hold_fall_pct": [101, -0.5, [1]],
        "floor_cpu_m": [1.5, -1],
        "price_core_month": [-1, "4", 10_000_000],
        "currency": ["eur", "EURO", 978],
        "owner_labels": ["a key", "team,-x", 3, ",".join(f"k{n}" for n in range(11))],
        "label_columns": ["/x", "UP.example/x", ["tier"]],
        "production_namespaces": ["(", 1],
        "alertmanager_url": ["javascript:alert(1)", "alerts.example.org", 1],
        "notify_kinds": ["service.new", ["service.none"], [1]],
        "notify_to": ["ops", [["ops"]]],
        "weekly_report": ["fr", True],
        "event_rules": ["mention=@here", "reason=(", "reason=x in=2h", "reason=x count=0", 1],
        "advice_rules": ["kept_share=2", "odd=1", "days=7 least_days=9", 1],
        "score_rules": ["weight_cost=-1", "errors_pct=9", "used_well=0.1", ["weight_cost=1"]],
        "ai_enabled": [True, "yes"],
        "ai_share": ["everything", ["names"]],
    }
    for key, values in bad.items():
        for value in values:
            answer = await api.change("PUT", f"{SETTINGS}/{key}", {"value": value}, version="0")
            assert answer.status == 400, (key, value)
            assert all(field.startswith("value") for field in answer.fields)
        assert (await _setting(api, key))["version"] == "0"
    assert (await api.change("PUT", f"{SETTINGS}/mode", {"value": "off"}, version="0")).status == 400


GOOD: dict[str, list[object]] = {
    "peak_hours": ["10:00-11:30", "10:00-11:30 mon-fri; 20:00-22:00 sat,sun"],
    "namespaces": ["shop-.*"],
    "namespaces_excluded": ["", "kube-.*|default"],
    "lookback_days": [20],
    "request_rule": ["fleet", "own_peak"],
    "margin_pct": [20, 12.5],
    "hold_fall_pct": [5],
    "own_peak_hours": [6],
    "memory_rule": ["max"],
    "memory_margin_pct": [15],
    "hpa_requests": ["leave"],
    "rule_exceptions": ["shop/report-.*: own_peak lookback_days=5; data/.*: careful", ""],
    "floor_cpu_m": [20],
    "floor_mem_mib": [64],
    "allow_scale_to_zero": ["shop/.*", ""],
    "price_core_month": [31.5],
    "price_gib_month": [4],
    "currency": ["EUR"],
    "owner_labels": ["example.org/team,squad", ""],
    "label_columns": ["app.kubernetes.io/part-of"],
    "production_namespaces": ["live-.*", ""],
    "alertmanager_url": ["https://alerts.example.org/am", ""],
    "notify_kinds": [["change.mode", "service.new"], []],
    "notify_to": [["slack"]],
    "weekly_report": ["zh-CN", "en"],
    "event_rules": ["type=Warning reason=BackOff count=5 in=10m mention=@here; kind=Node", ""],
    "advice_rules": ["kept_share=0.8 min_replicas=3", ""],
    "score_rules": ["weight_cost=20 errors_pct=0.5", ""],
    "ai_enabled": ["off", "on"],
    "ai_share": ["names"],
}


async def test_every_setting_can_be_stored_and_says_what_it_takes(api: Api) -> None:
    shown = (await api.get(SETTINGS)).json["items"]
    assert {item["key"] for item in shown} == set(GOOD) == set(BY_KEY)
    for item in shown:
        assert item["description"]
        assert item["value"] == item["environment"]
        assert ((item["least"], item["most"]) != (None, None)) == (item["kind"] in {"integer", "number"})
    version = "0"
    for key, values in GOOD.items():
        version = "0"
        for value in values:
            stored = await api.change("PUT", f"{SETTINGS}/{key}", {"value": value}, version=version)
            assert stored.status == 200, (key, stored.text)
            version = stored.json["version"]
        expected = {"peak_hours": "10:00-11:30 mon,tue,wed,thu,fri; 20:00-22:00 sat,sun"}.get(key, values[-1])
        assert (await _setting(api, key))["value"] == expected
    log = (await api.get("/api/v1/audit", params={"action": "changeSetting", "limit": 100})).json["items"]
    assert {name for entry in log for name in entry["after"]} == set(GOOD)


async def test_a_stored_value_that_is_no_good_is_left_out(api: Api, clickhouse: ClickHouse) -> None:
    await store_setting(clickhouse, ENV, "margin_pct", "much")
    shown = await _setting(api, "margin_pct")
    assert (shown["value"], shown["source"], shown["updated_by"]) == (0, "environment", "")
    assert shown["complaint"] == "margin_pct is a number from 0 to 500"
    assert (await _setting(api, "lookback_days"))["complaint"] is None
    mended = await api.change("PUT", f"{SETTINGS}/margin_pct", {"value": 5}, version=str(shown["version"]))
    assert (mended.json["value"], mended.json["source"], mended.json["complaint"]) == (5, "stored", None)


async def test_what_the_api_takes_the_collector_goes_by(
    api: Api, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    given = {name.removeprefix("KUBEDOOR_").lower(): value for name, value in clickhouse_settings.items()}
    settings = CollectorSettings.model_validate({**given, "env": ENV, "prometheus_url": "http://127.0.0.1:1"})
    for key, values in GOOD.items():
        await api.change("PUT", f"{SETTINGS}/{key}", {"value": values[-1]}, version="0")
    stored = await queries.settings(clickhouse, ENV)
    assert not read_policy(stored, environment_of(settings)).complaints
    policy = policy_of(settings, stored)
    assert str(policy.peak) == "10:00-11:30 mon,tue,wed,thu,fri; 20:00-22:00 sat,sun"
    held = {**asdict(policy), **asdict(policy.rule)}
    goes_by = {key: value for key, value in held.items() if key in GOOD and key != "peak_hours"}
    assert goes_by == {key: GOOD[key][-1] for key in goes_by}
    assert len(goes_by) == 12
