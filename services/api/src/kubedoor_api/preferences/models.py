"""What is asked and told of stored settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.http.fields import EnvPath, Model, Time, Version

SettingKey = Literal["peak_hours", "lookback_days", "namespaces", "floor_cpu_m", "floor_mem_mib"]
SettingValue = (
    Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x1f\x7f]*$")]
    | Annotated[int, Field(ge=0, le=100_000)]
)


class SettingPath(EnvPath):
    """One setting of an env."""

    key: SettingKey
    """Name of the setting"""


class Setting(Model):
    """A setting and where its value comes from."""

    key: SettingKey
    """Name of the setting"""
    value: str | int
    """`peak_hours`: `HH:MM-HH:MM`; `lookback_days`: days; `namespaces`: regular expression of the
    namespaces that are collected and governed; `floor_cpu_m`, `floor_mem_mib`: the least that is ever
    set"""
    source: Literal["stored", "environment"]
    """A stored value wins over the environment"""
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
    """The value: text or a whole number, as the setting takes it"""
