"""What is asked and told of stored settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.web.fields import EnvPath, Model, Time, Version
from kubedoor_core.domain.env_policy import SettingGroup, SettingKey, SettingKind

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


class Setting(Model):
    """A setting: what it means, what it takes, its value and where that comes from."""

    key: SettingKey
    """Name of the setting"""
    group: SettingGroup
    """What it belongs to"""
    kind: SettingKind
    """How it is entered: text, a number, one of the `choices`, or any of them"""
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
