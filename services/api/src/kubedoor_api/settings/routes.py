"""The endpoints of stored settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings, names_of
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, Time, Version
from kubedoor_core.domain.env_policy import (
    BY_KEY,
    NOTIFY_TO,
    SETTINGS,
    SettingGroup,
    SettingKey,
    SettingKind,
    plain,
)
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

COLLECTION = "/envs/{env}/settings"
ITEM = COLLECTION + "/{key}"


Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x1f\x7f]*$")]
SettingValue = (
    Text
    | Annotated[int, Field(ge=0, le=1_000_000)]
    | Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
    | Annotated[list[Text], Field(max_length=100)]
)


class SettingPath(EnvPath):
    """One setting of an env."""

    key: SettingKey
    """Name of the setting"""


class SettingNumber(Model):
    """A number that a text of several sets by name, `name=value`."""

    name: str
    """Its name"""
    default: float
    """What holds while it is not set"""
    least: float
    """Smallest that is taken"""
    most: float
    """Largest that is taken"""


class Setting(Model):
    """A setting: what it means, what it takes, its value and where that comes from."""

    key: SettingKey
    """Name of the setting"""
    group: SettingGroup
    """What it belongs to"""
    kind: SettingKind
    """How it is entered: text, a number, one of the `choices`, any of them, or `numbers` by name"""
    description: str
    """What it means"""
    unit: str
    """Unit of a number; empty if it has none"""
    least: float | None
    """Smallest number that is taken"""
    most: float | None
    """Largest number that is taken"""
    choices: list[str]
    """What there is to choose from"""
    numbers: list[SettingNumber]
    """What can be set by name, of `numbers`: `name=value`, separated by blanks"""
    value: SettingValue
    """The value that holds"""
    environment: SettingValue
    """What holds while none is stored"""
    source: Literal["stored", "environment"]
    """A stored value wins over the environment"""
    complaint: str | None
    """Why the stored value is invalid, so that the environment's holds; null where it is not"""
    version: Version
    """Version of the stored value, `0` while there is none; goes into If-Match"""
    updated_at: Time | None
    """When it was stored, UTC"""
    updated_by: str
    """Who stored it"""


class SettingList(Model):
    """The settings of an env."""

    items: list[Setting]
    """The settings"""


class SettingChange(Model):
    """A new value."""

    value: SettingValue
    """The value, as the setting's `kind` says"""


def _settings(env: str, rows: store.Stored, settings: ApiSettings) -> dict[str, Setting]:
    policy, found = store.policy_of(env, rows.values(), settings), dict[str, Setting]()
    own = ("key", "group", "kind", "description", "unit", "least", "most")
    for one in SETTINGS:
        row, holds = rows.get(("", one.key)), one.key in policy.stored
        choices = names_of(settings.notify_urls.get_secret_value()) if one is NOTIFY_TO else one.choices
        found[one.key] = Setting(
            **{name: getattr(one, name) for name in own},
            choices=list(choices),
            numbers=[SettingNumber.model_validate(number) for number in one.numbers],
            value=plain(policy[one]),
            environment=plain(one.read(store.environment(settings)[one.key])),
            source="stored" if holds else "environment",
            complaint=policy.complaint(one.key),
            version=str(row.version) if row else "0",
            updated_at=row.updated_at if row and holds else None,
            updated_by=row.updated_by if row and holds else "",
        )
    return found


@endpoint("GET", COLLECTION, tag="settings", role=Role.VIEWER, by_target=True)
async def list_settings(call: Call[EnvPath, Nothing, Nothing]) -> SettingList:
    """List the settings of an env that can be changed here."""
    rows = await store.stored(call.context, call.path.env)
    return SettingList(items=list(_settings(call.path.env, rows, call.context[ApiSettings]).values()))


@endpoint("PUT", ITEM, tag="settings", role=Role.ADMIN, if_match=True)
async def change_setting(call: Call[SettingPath, Nothing, SettingChange]) -> Setting:
    """Store a setting of an env; it wins over the environment."""
    try:
        value = plain(BY_KEY[call.path.key].read(call.body.value))
    except BadValueError as error:
        reason = str(error)
        raise bad_field("value", reason, FieldCode.SETTING, reason=reason) from error
    return await _write(call, value)


@endpoint("DELETE", ITEM, tag="settings", role=Role.ADMIN, if_match=True)
async def reset_setting(call: Call[SettingPath, Nothing, Nothing]) -> Setting:
    """Forget a stored setting: the environment's value holds again."""
    return await _write(call, None)


async def _write(
    call: Call[SettingPath, Nothing, SettingChange] | Call[SettingPath, Nothing, Nothing], value: object
) -> Setting:
    context, (env, key) = call.context, (call.path.env, call.path.key)
    author, settings = call.caller.principal.name, context[ApiSettings]

    def current(rows: store.Stored) -> dict[str, object]:
        return _settings(env, rows, settings)[key].model_dump(mode="json")

    await store.write(context, author, (env, "", key), value, call.if_match, call.audit, current)
    return _settings(env, await store.stored(context, env), settings)[key]
