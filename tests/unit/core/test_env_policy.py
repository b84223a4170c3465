"""Every setting of an env is declared once; what is stored and invalid changes nothing and is told."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from kubedoor_core.domain.env_policy import (
    BY_KEY,
    SETTINGS,
    EnvSetting,
    SettingKey,
    environment_of,
    plain,
    read_policy,
)
from kubedoor_core.errors import BadValueError
from kubedoor_dev.chart import CHART, SERVICES

ENVIRONMENT: dict[str, object] = {
    "peak_hours": "10:00-11:30", "namespaces": ".*", "namespaces_excluded": "", "lookback_days": 10,
    "request_rule": "peak_day", "own_peak_hours": 4, "margin_pct": 0, "hold_fall_pct": 0,
    "memory_rule": "p95", "memory_margin_pct": 0, "hpa_requests": "divide",
    "rule_exceptions": "",
    "floor_cpu_m": 10, "floor_mem_mib": 32, "allow_scale_to_zero": "",
    "production_namespaces": "prod.*", "price_core_month": 0, "price_gib_month": 0, "currency": "USD",
    "owner_labels": "team,owner", "label_columns": "",
    "notify_kinds": ["service.new"], "notify_to": [], "weekly_report": "off", "event_rules": "",
    "alertmanager_url": "", "advice_rules": "", "score_rules": "",
    "ai_enabled": "on", "ai_share": "numbers",
}  # fmt: skip
NUMBERS = [setting for setting in SETTINGS if setting.least is not None]


def test_the_keys_are_those_of_the_table() -> None:
    assert set(get_args(SettingKey)) == set(BY_KEY) == set(ENVIRONMENT)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
@pytest.mark.parametrize("stored", ["{", "null", "[[]]", "true", "NaN", "1e999", "[" * 9999, "-1", '"("'])
def test_an_invalid_value_leaves_the_environments_and_a_complaint(
    setting: EnvSetting[Any], stored: str
) -> None:
    policy = read_policy([("", setting.key, stored)], ENVIRONMENT)
    holds = read_policy([], ENVIRONMENT)
    if setting.key in policy.stored:
        assert plain(policy[setting]) == json.loads(stored)
        assert policy.complaints == ()
        return
    assert policy[setting] == holds[setting]
    assert policy.complaint(setting.key)
    assert f"the stored setting {setting.key} = " in str(policy.complaints[0])


def test_a_service_reads_what_its_environment_knows() -> None:
    rows = [("", "price_core_month", '"much"'), ("", "floor_cpu_m", "20"), ("shop", "mode", '"enforce"')]
    policy = read_policy(rows, {"floor_cpu_m": 10})
    assert policy.complaints == ()
    assert dict(policy.values) == {"floor_cpu_m": 20}
    assert policy.modes == {"shop": "enforce"}


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.key)
def test_the_environment_takes_what_can_be_stored(setting: EnvSetting[Any]) -> None:
    """The bounds of the settings classes are those of the table."""
    for settings in SERVICES.values():
        if (field := settings.model_fields.get(setting.key)) is None:
            continue
        assert next(one for one in field.metadata if hasattr(one, "ge")).ge == setting.least
        assert next(one for one in field.metadata if hasattr(one, "le")).le == setting.most
    for beyond in (setting.least - 1, setting.most + 1) if setting.least is not None and setting.most else ():
        with pytest.raises(BadValueError, match=setting.key):
            setting.read(beyond)


def test_the_chart_has_the_bounds_of_the_table() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    found = {
        key: schema["properties"][name]
        for key in BY_KEY
        if (name := key.split("_")[0] + "".join(map(str.title, key.split("_")[1:]))) in schema["properties"]
    }
    assert "lookback_days" in found
    for key, declared in found.items():
        setting = BY_KEY[key]
        assert (declared.get("minimum"), declared.get("maximum")) == (setting.least, setting.most), key


def test_every_service_finds_its_settings_in_its_environment() -> None:
    known = {name: set(environment_of(settings.model_construct())) for name, settings in SERVICES.items()}
    assert known["webhook"] - known["collector"] == {"allow_scale_to_zero"}
    assert known["collector"] | known["webhook"] < known["api"] == set(BY_KEY) - {"notify_to"}
