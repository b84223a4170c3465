"""Stored settings: the policy that holds in an env, and writing one setting against its version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings, names_of
from kubedoor_api.settings import queries
from kubedoor_api.settings.queries import StoredSetting
from kubedoor_api.web.changed_since import changed_since
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import (
    AdmissionPolicy,
    EnvPolicy,
    admission_policy,
    environment_of,
    read_policy,
)
from kubedoor_core.domain.events import wanted
from kubedoor_core.domain.mode import Mode
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

Stored = Mapping[tuple[str, str], StoredSetting]
"""By namespace ('' for the whole env) and key."""


async def stored(context: Context, env: str) -> Stored:
    """Return the stored settings of an env."""
    return {(row.namespace, row.key): row for row in await queries.settings_of(context[ClickHouse], env)}


def policy_of(env: str, rows: Iterable[StoredSetting], settings: ApiSettings) -> EnvPolicy:
    """Return what holds in an env by its stored settings; an invalid one is told in the log, once."""
    policy = read_policy(((row.namespace, row.key, row.value) for row in rows), environment(settings))
    for complaint in policy.complaints:
        tell_once(env, str(complaint))
    return policy


@lru_cache(maxsize=1000)
def tell_once(env: str, complaint: str) -> None:
    """Tell a complaint in the log, the first time that it is found."""
    log.warning("setting.left_out", env=env, reason=complaint)


def environment(settings: ApiSettings) -> dict[str, object]:
    """Return what holds while nothing is stored."""
    notified = {
        "notify_kinds": wanted(settings.notify_kinds),
        "notify_to": names_of(settings.notify_urls.get_secret_value()),
    }
    return {**environment_of(settings), **notified}


async def policy(context: Context, env: str) -> EnvPolicy:
    """Return what holds in an env now."""
    rows = await queries.settings_of(context[ClickHouse], env)
    return policy_of(env, rows, context[ApiSettings])


async def admission(context: Context, env: str) -> AdmissionPolicy:
    """Return what admission goes by in an env now."""
    return admission_policy(await policy(context, env), context[ApiSettings].own_namespace)


async def governs(context: Context, env: str) -> Callable[[str], bool]:
    """Return what tells whether a namespace of an env is governed, by the values that hold now."""
    return (await admission(context, env)).governs


def value_of(row: StoredSetting | None) -> object:
    """Return a stored value as JSON has it, or None where there is none or it is not JSON."""
    try:
        found: object = json.loads(row.value) if row else None
    except (ValueError, RecursionError):
        return None
    return found


def mode_of(row: StoredSetting | None) -> Mode:
    """Return a stored admission mode; where there is none, or an invalid one, it is off."""
    value = value_of(row)
    return Mode(value) if isinstance(value, str) and value in set(Mode) else Mode.OFF


async def write(
    context: Context,
    author: str,
    where: tuple[str, str, str],
    value: object,
    if_match: str,
    audit: AuditContext,
    current: Callable[[Stored], Mapping[str, object]],
) -> None:
    """Store a value, or remove it where it is None.

    :param where: env, namespace ('' for the whole env) and key.
    :param current: tells what stands now, for the 412.
    :raises Problem: 412 where it has been changed since `if_match`.
    """
    env, namespace, key = where

    async def prepare() -> list[dict[str, object]]:
        rows = await stored(context, env)
        row = rows.get((namespace, key))
        version = str(row.version) if row else "0"
        if version != if_match:
            by = row.updated_by if row else ""
            raise changed_since(key, version=version, by=by, current=current(rows))
        if value is None and row is None:
            return []
        audit.set({key: value_of(row)} if row else None, None if value is None else {key: value})
        named = {"env": env, "namespace": namespace, "key": key}
        return [{**named, "value": json.dumps(value), "deleted": value is None}]

    await context[Writer].commit("setting", author, prepare, audit)
