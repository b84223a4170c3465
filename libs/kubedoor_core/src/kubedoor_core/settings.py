"""Settings from `KUBEDOOR_*` environment variables, read once at start and then frozen."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from kubedoor_core.domain.env_policy import FLOOR_CPU_M, FLOOR_MEM_MIB
from kubedoor_core.logs import LogFormat, LogLevel
from kubedoor_core.regex import expression

PREFIX = "KUBEDOOR_"
EXIT_BAD_SETTING = 78
"""`EX_CONFIG` of sysexits.h."""

S = TypeVar("S", bound="Settings")


def _http_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("must be an http:// or https:// address")
    return value.rstrip("/")


def _regular_expression(value: str) -> str:
    return expression(value).text


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is not a time zone, such as Asia/Shanghai or UTC") from error
    return value


def _listen(value: str) -> str:
    host, separator, port = value.rpartition(":")
    if not separator or not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("must be host:port, such as 0.0.0.0:8080")
    return value


def listen_address(listen: str) -> tuple[str | None, int]:
    """Return the host and port to bind, the host without brackets.

    `[::]` is every address of both families: none is named (None), since a socket of IPv6 takes no IPv4 in
    Python's event loop.
    """
    host, _, port = listen.rpartition(":")
    return (None if host == "[::]" else host.strip("[]")), int(port)


def _readable(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Regex = Annotated[str, AfterValidator(_regular_expression)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Listen = Annotated[str, AfterValidator(_listen)]
ReadableFile = Annotated[Path, AfterValidator(_readable)]


class SecretFileSource(PydanticBaseSettingsSource):
    """Reads a secret `X` from the file that `KUBEDOOR_X_FILE` names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the file's text without its last line break, or None where no file is named."""
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if not path or "SecretStr" not in str(field.annotation):
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except OSError as error:
            raise BadSettingError(f"{PREFIX}{field_name.upper()}_FILE: {error}") from error

    def __call__(self) -> dict[str, Any]:
        """Return every secret that a file gives."""
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}


class BadSettingError(Exception):
    """A setting is wrong or missing; the message is the one line that the user sees."""


class Settings(BaseSettings):
    """What every service needs."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    clickhouse_url: HttpUrl = Field(description="ClickHouse's HTTP interface")
    clickhouse_user: str = Field("default", description="ClickHouse user")
    clickhouse_password: SecretStr = Field(SecretStr(""), description="ClickHouse password")
    clickhouse_database: str = Field(
        "kubedoor", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="Database of all tables"
    )
    clickhouse_cluster: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_.-]*|\{[a-z_]+\})$",
        description="Cluster of `system.clusters`, with one shard, or a macro such as `{cluster}`: tables are"
        " made on all of its servers, replicated; empty: one server",
    )
    log_format: LogFormat = Field(
        "console" if sys.stderr.isatty() else "json", description="`json` or `console`"
    )
    log_level: LogLevel = Field("info", description="`debug`, `info`, `warning` or `error`")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over files, files over the environment."""
        return init_settings, SecretFileSource(settings_cls), env_settings


class ServiceSettings(Settings):
    """What every long-running service needs besides."""

    env: str = Field(min_length=1, max_length=253, description="Name of this cluster")
    timezone: TimeZone = Field("UTC", description="The cluster's time zone, such as Asia/Shanghai")
    namespaces: Regex = Field(
        ".*", description="Regular expression (RE2) of the namespaces that are collected and governed"
    )
    namespaces_excluded: Regex = Field(
        "",
        description="Regular expression (RE2) of the namespaces among them that are not; empty: none",
    )
    floor_cpu_m: int = Field(
        10,
        ge=FLOOR_CPU_M.least,
        le=FLOOR_CPU_M.most,
        description="Least cpu request or limit that is ever set, millicores",
    )
    floor_mem_mib: int = Field(
        32,
        ge=FLOOR_MEM_MIB.least,
        le=FLOOR_MEM_MIB.most,
        description="Least memory request or limit that is ever set, MiB",
    )
    listen: Listen = Field(
        "0.0.0.0:8080", description="`host:port` that the service listens on; `[::]:8080`: by IPv6 and IPv4"
    )


def describe(error: ValidationError) -> str:
    """Say the first wrong setting in one line, by the name of its variable."""
    first = error.errors()[0]
    name = PREFIX + "_".join(str(part) for part in first["loc"][:1]).upper()
    if first["type"] == "missing":
        return f"{name} is not set"
    return f"{name}: {first['msg'].removeprefix('Value error, ')}"


RETIRED = {
    "PEAK_SCOPE": "REQUEST_RULE (peak_day or fleet)",
    "MIN_CHANGE_PCT": "HOLD_FALL_PCT, which holds falls alone",
}
"""Variables of before, by what has taken their place."""


def load(settings: type[S]) -> S:
    """Read the settings.

    :raises BadSettingError: with one line that names the variable.
    """
    for name, instead in RETIRED.items():
        if PREFIX + name in os.environ:
            raise BadSettingError(f"{PREFIX}{name}: set {PREFIX}{instead}, instead")
    try:
        return settings()
    except ValidationError as error:
        name = describe(error)
        field = settings.model_fields.get(name.split(" ")[0].split(":")[0][len(PREFIX) :].lower())
        hint = f" ({field.description})" if field and field.description else ""
        raise BadSettingError(name + hint) from error


def load_or_exit(settings: type[S]) -> S:
    """Read the settings, or end the process with one line that names the wrong one."""
    try:
        return load(settings)
    except BadSettingError as error:
        print(f"kubedoor: {error}", file=sys.stderr)  # noqa: T201 logging is not configured yet
        raise SystemExit(EXIT_BAD_SETTING) from None
