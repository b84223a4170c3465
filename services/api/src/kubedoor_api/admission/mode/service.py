"""Switching admission: the stored mode and the configuration in the cluster, in a safe order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kubedoor_api.admission.drift.service import probe
from kubedoor_api.admission.mode.models import EnvMode, Hook, ModeChange, NamespaceMode
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import webhook_configuration
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.webhook_manifest import configured, reachable_from_here
from kubedoor_api.settings import store
from kubedoor_api.web.fields import EnvPath, NamespacePath, Nothing
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.settings import BadSettingError

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context
    from kubedoor_api.web.endpoint import Call, Caller
    from kubedoor_core.clickhouse import Row

    Rows = dict[tuple[str, str], Row]

log = get_logger(__name__)

KEY = "mode"
ADDRESS_PAUSE_S = 30.0


def _managed(context: Context, env: str) -> bool:
    settings = context[Clusters].settings_of(env, context[ApiSettings])
    return env in context[Clusters].names and configured(settings)


def _env_mode(rows: store.Stored, standing: Hook) -> EnvMode:
    row = rows.get(("", KEY))
    return EnvMode(
        mode=store.mode_of(row).value,
        version=str(row.version) if row else "0",
        updated_at=row.updated_at if row else None,
        updated_by=row.updated_by if row else "",
        namespaces=[
            NamespaceMode(
                namespace=namespace,
                mode=store.mode_of(own).value,
                version=str(own.version),
                updated_at=own.updated_at,
                updated_by=own.updated_by,
            )
            for (namespace, key), own in rows.items()
            if key == KEY and namespace
        ],
        hook=standing,
    )


async def _look(context: Context, env: str) -> Hook:
    if not _managed(context, env):
        detail, reason = (
            ("No cluster is configured for this env (KUBECONFIG, CLUSTERS_FILE)", "no_cluster")
            if env not in context[Clusters].names
            else ("It is not known where the webhook is (WEBHOOK_URL, WEBHOOK_SERVICE)", "no_webhook")
        )
        words = f"{detail}: make and remove the webhook configuration by hand"
        return Hook.model_validate({"state": "unmanaged", "reason": reason, "detail": words})
    try:
        found = await webhook_configuration.read(context[Clusters], env)
    except KubeDoorError as error:
        return Hook(state="unknown", detail=str(error))
    if found is None:
        return Hook(state="absent", detail="The cluster does not ask the webhook")
    return Hook(state="present", detail="The cluster asks the webhook about every change of a Deployment")


async def get(caller: Caller, context: Context, env: str) -> EnvMode:
    """Return the mode of an env, of its namespaces that the caller may see, and what its cluster has."""
    found = _env_mode(await store.stored(context, env), await _look(context, env))
    own = [one for one in found.namespaces if sees(caller, env, one.namespace)]
    return found.model_copy(update={"namespaces": own})


async def _configure(context: Context, env: str) -> None:
    """Make the cluster ask the webhook; while the mode is off that changes nothing."""
    if not _managed(context, env):
        return
    try:
        await webhook_configuration.put(context[Clusters], env, context[ApiSettings])
    except (ClusterUnavailableError, ClusterRefusedError) as error:
        log.warning("mode.not_configured", env=env, error=str(error))
        raise Problem(
            503 if isinstance(error, ClusterUnavailableError) else 502,
            f"The mode of {env} stays as it was, since the cluster could not be told: {error}",
            code=ProblemCode.MODE_NOT_TOLD,
            headers={"Retry-After": "5"},
            parameters={"env": env, "reason": str(error)},
        ) from error


async def keep_address(context: Context, env: str) -> None:
    """Keep the address in a configuration that stands, for as long as this instance leads the env.

    MUTATE_SECRET is changed by a restart of webhook and api: what the cluster has would lead nowhere.
    """
    while True:
        if _managed(context, env):
            try:
                if await webhook_configuration.bring_up_to_date(context[Clusters], env, context[ApiSettings]):
                    log.info("mode.address_brought_up_to_date", env=env)
            except (KubeDoorError, BadSettingError) as error:
                log.warning("mode.address_not_looked_at", env=env, error=str(error))
        await asyncio.sleep(ADDRESS_PAUSE_S)


async def _unconfigure(context: Context, env: str) -> None:
    """Stop the cluster asking. The mode is off by now: if this fails, the webhook lets everything pass."""
    if not _managed(context, env):
        return
    try:
        await webhook_configuration.remove(context[Clusters], env)
    except KubeDoorError as error:
        log.warning("mode.configuration_left", env=env, error=str(error))


async def _write(call: Call[Any, Any, Any], namespace: str, mode: str | None) -> None:
    context, env = call.context, call.path.env

    def current(rows: store.Stored) -> dict[str, Any]:
        if not namespace:
            unknown = Hook(state="unknown", detail="not looked at")
            return _env_mode(rows, unknown).model_dump(mode="json")
        row = rows.get((namespace, KEY))
        version = str(row.version) if row else "0"
        return {"namespace": namespace, "mode": store.value_of(row), "version": version}

    where = (env, namespace, KEY)
    await store.write(context, call.caller.principal.name, where, mode, call.if_match, call.audit, current)


async def switch(call: Call[EnvPath, Nothing, ModeChange]) -> EnvMode:
    """Switch an env.

    To `observe` and `enforce`: first the cluster is told, then the mode is stored; if the second
    fails, the webhook is asked and lets everything pass. To `off`: the other way round.
    """
    context, env, mode = call.context, call.path.env, call.body.mode
    if mode == "off":
        await _write(call, "", mode)
        await _unconfigure(context, env)
    else:
        await _refuse_stale(call)
        await _refuse_unready(context, env, mode)
        await _configure(context, env)
        await _write(call, "", mode)
    log.info("mode.switched", env=env, mode=mode, by=call.caller.principal.name)
    return await get(call.caller, context, env)


async def _refuse_unready(context: Context, env: str, mode: str) -> None:
    """Refuse to enforce by a webhook that does not answer: nothing would be governed.

    :raises Problem: 409.
    """
    settings = context[Clusters].settings_of(env, context[ApiSettings])
    if mode != "enforce" or not _managed(context, env) or not reachable_from_here(settings, env):
        return
    problem = await probe(settings)
    if problem:
        raise Problem(
            409,
            f"{env} can't be enforced, since its webhook is not ready: {problem}",
            code=ProblemCode.WEBHOOK_NOT_READY,
            parameters={"env": env, "reason": problem},
        )


async def _refuse_stale(call: Call[EnvPath, Nothing, ModeChange]) -> None:
    """Refuse a stale change before the cluster is touched; the write checks again."""
    standing = _env_mode(
        await store.stored(call.context, call.path.env), Hook(state="unknown", detail="not looked at")
    )
    if standing.version != call.if_match:
        raise Problem(
            412,
            "The mode has been changed since: look at `current` and try again",
            headers={"ETag": f'"{standing.version}"'},
            parameters={"by": standing.updated_by},
            extra={"current": standing.model_dump(mode="json")},
        )


async def set_namespace(call: Call[NamespacePath, Nothing, ModeChange]) -> EnvMode:
    """Give a namespace its own mode."""
    await _write(call, call.path.namespace, call.body.mode)
    return await get(call.caller, call.context, call.path.env)


async def clear_namespace(call: Call[NamespacePath, Nothing, Nothing]) -> EnvMode:
    """Let a namespace follow its env."""
    await _write(call, call.path.namespace, None)
    return await get(call.caller, call.context, call.path.env)
