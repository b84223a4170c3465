"""Looking at stored settings and changing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kubedoor_api.http.fields import Nothing
from kubedoor_api.preferences import store
from kubedoor_api.preferences.models import Setting, SettingChange, SettingKey, SettingList, SettingPath
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.errors import BadValueError
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Call
    from kubedoor_api.settings import ApiSettings
    from kubedoor_core.clickhouse import Row

KEYS: tuple[SettingKey, ...] = ("peak_hours", "lookback_days", "namespaces", "floor_cpu_m", "floor_mem_mib")
NUMBERS: Mapping[SettingKey, tuple[int, int]] = {
    "lookback_days": (1, 366),
    "floor_cpu_m": (0, 100_000),
    "floor_mem_mib": (0, 100_000),
}

Rows = dict[tuple[str, str], "Row"]


def _environment(settings: ApiSettings) -> Mapping[SettingKey, str | int]:
    return {
        "peak_hours": settings.peak_hours,
        "lookback_days": settings.lookback_days,
        "namespaces": settings.namespaces,
        "floor_cpu_m": settings.floor_cpu_m,
        "floor_mem_mib": settings.floor_mem_mib,
    }


def check(key: SettingKey, value: str | int) -> str | int:
    """Return the value as it is to be stored.

    :raises BadValueError: saying what would be right.
    """
    if key in NUMBERS:
        least, most = NUMBERS[key]
        if not isinstance(value, int) or not least <= value <= most:
            raise BadValueError(f"{key} is a whole number from {least} to {most}")
        return value
    if not isinstance(value, str):
        raise BadValueError(f"{key} is text")
    if key == "peak_hours":
        return str(parse_peak_hours(value))
    try:
        re.compile(value)
    except re.error as error:
        raise BadValueError(f"namespaces is not a regular expression: {error}") from error
    return value


def _setting(key: SettingKey, row: Row | None, settings: ApiSettings) -> Setting:
    value = store.value_of(row)
    if row is None or not isinstance(value, str | int):
        return Setting(
            key=key,
            value=_environment(settings)[key],
            source="environment",
            version=str(row["version"]) if row else "0",
            updated_at=None,
            updated_by="",
        )
    return Setting(
        key=key,
        value=value,
        source="stored",
        version=str(row["version"]),
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
    )


async def list_settings(context: Context, env: str) -> SettingList:
    """Return every setting of an env."""
    rows = await store.stored(context, env)
    return SettingList(items=[_setting(key, rows.get(("", key)), context.settings) for key in KEYS])


async def effective(context: Context, env: str, key: SettingKey) -> str | int:
    """Return the value that holds."""
    rows = await store.stored(context, env)
    return _setting(key, rows.get(("", key)), context.settings).value


async def _write(
    call: Call[SettingPath, Nothing, SettingChange] | Call[SettingPath, Nothing, Nothing],
    value: str | int | None,
) -> Setting:
    context, path = call.context, call.path

    def current(rows: Rows) -> dict[str, object]:
        return _setting(path.key, rows.get(("", path.key)), context.settings).model_dump(mode="json")

    where = (path.env, "", path.key)
    await store.write(context, call.caller.principal.name, where, value, call.if_match, call.trail, current)
    rows = await store.stored(context, path.env)
    return _setting(path.key, rows.get(("", path.key)), context.settings)


async def change(call: Call[SettingPath, Nothing, SettingChange]) -> Setting:
    """Store a value.

    :raises Problem: 400 for one that can't be taken, 412.
    """
    try:
        value = check(call.path.key, call.body.value)
    except BadValueError as error:
        raise Problem(400, str(error), errors=[{"field": "value", "reason": str(error)}]) from error
    return await _write(call, value)


async def reset(call: Call[SettingPath, Nothing, Nothing]) -> Setting:
    """Forget a stored value.

    :raises Problem: 412.
    """
    return await _write(call, None)
