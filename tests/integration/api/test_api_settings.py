"""Stored settings win over the environment; bad ones are refused."""

from __future__ import annotations

from support.api import BASE, Api

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
    bad = {
        "peak_hours": ["25:00-26:00", "", 5, None, True, "10:00-10:00"],
        "lookback_days": [0, 367, "10", 1.5, None],
        "namespaces": ["(", 3, "\u0000"],
    }
    for key, values in bad.items():
        for value in values:
            answer = await api.change("PUT", f"{SETTINGS}/{key}", {"value": value}, version="0")
            assert answer.status == 400, (key, value)
            assert all(field.startswith("value") for field in answer.fields)
        assert (await _setting(api, key))["version"] == "0"
    assert (await api.change("PUT", f"{SETTINGS}/mode", {"value": "off"}, version="0")).status == 400
