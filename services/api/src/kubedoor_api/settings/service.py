"""Looking at stored settings and changing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.settings import store
from kubedoor_api.settings.catalog import BY_KEY, Definition
from kubedoor_api.settings.models import (
    Setting,
    SettingChange,
    SettingKey,
    SettingList,
    SettingPath,
    SettingValue,
)
from kubedoor_api.web.fields import Nothing
from kubedoor_core.domain.mode import governed
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field
from kubedoor_core.regex import expression

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Call, Context
    from kubedoor_core.clickhouse import Row

Rows = dict[tuple[str, str], "Row"]


def _stored_value(definition: Definition, row: Row | None) -> SettingValue | None:
    """Return a stored value, or None where there is none or it is invalid."""
    value = store.value_of(row)
    if value is None:
        return None
    try:
        return definition.check(value)
    except BadValueError:
        return None


def _setting(key: SettingKey, row: Row | None, settings: ApiSettings) -> Setting:
    definition = BY_KEY[key]
    value, environment = _stored_value(definition, row), definition.environment(settings)
    stored = row is not None and value is not None
    return Setting(
        key=key,
        group=definition.group,
        kind=definition.kind,
        description=definition.description,
        unit=definition.unit,
        least=definition.least,
        most=definition.most,
        choices=definition.choices(settings),
        value=environment if value is None else value,
        environment=environment,
        source="stored" if stored else "environment",
        version=str(row["version"]) if row else "0",
        updated_at=row["updated_at"] if row and stored else None,
        updated_by=row["updated_by"] if row and stored else "",
    )


async def list_settings(context: Context, env: str) -> SettingList:
    """Return every setting of an env."""
    rows = await store.stored(context, env)
    return SettingList(items=[_setting(key, rows.get(("", key)), context[ApiSettings]) for key in BY_KEY])


async def values(context: Context, env: str) -> Mapping[SettingKey, Any]:
    """Return every value that holds."""
    return {item.key: item.value for item in (await list_settings(context, env)).items}


async def effective(context: Context, env: str, key: SettingKey) -> Any:  # noqa: ANN401 as the setting has it
    """Return the value that holds."""
    return (await values(context, env))[key]


async def governs(context: Context, env: str) -> Callable[[str], bool]:
    """Return what tells whether a namespace of an env is governed, by the values that hold now."""
    known = await values(context, env)
    included, excluded = expression(known["namespaces"]), expression(known["namespaces_excluded"])
    own = context[ApiSettings].own_namespace
    return lambda namespace: governed(namespace, included, excluded, own)


async def _write(
    call: Call[SettingPath, Nothing, SettingChange] | Call[SettingPath, Nothing, Nothing],
    value: SettingValue | None,
) -> Setting:
    context, path = call.context, call.path

    def current(rows: Rows) -> dict[str, object]:
        return _setting(path.key, rows.get(("", path.key)), context[ApiSettings]).model_dump(mode="json")

    where = (path.env, "", path.key)
    await store.write(context, call.caller.principal.name, where, value, call.if_match, call.audit, current)
    rows = await store.stored(context, path.env)
    return _setting(path.key, rows.get(("", path.key)), context[ApiSettings])


async def change(call: Call[SettingPath, Nothing, SettingChange]) -> Setting:
    """Store a value.

    :raises Problem: 400 for an invalid one, 412.
    """
    try:
        value = BY_KEY[call.path.key].check(call.body.value)
    except BadValueError as error:
        reason = str(error)
        raise bad_field("value", reason, FieldCode.SETTING, reason=reason) from error
    return await _write(call, value)


async def reset(call: Call[SettingPath, Nothing, Nothing]) -> Setting:
    """Forget a stored value.

    :raises Problem: 412.
    """
    return await _write(call, None)
