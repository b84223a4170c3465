"""The admission mode of an env and its namespaces: off, observe or enforce."""

from __future__ import annotations

import asyncio
from typing import Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.drift import probe
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import webhook_configuration
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters, ClusterUnavailableError
from kubedoor_api.kube.webhook_configuration import configured, reachable_from_here
from kubedoor_api.settings import store
from kubedoor_api.web.changed_since import changed_since
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Model, ModeName, NamespacePath, Nothing, Time, Version
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.settings import BadSettingError


class Hook(Model):
    """The MutatingWebhookConfiguration in the cluster."""

    state: Literal["present", "absent", "unmanaged", "unknown"]
    """`unmanaged`: no cluster or no webhook address is configured here; `unknown`: the cluster could
    not be asked"""
    reason: Literal["", "no_cluster", "no_webhook"] = ""
    """Why it is unmanaged, in one word: no cluster, or no address of the webhook, is configured"""
    detail: str
    """In words, what that means and what to do"""


class NamespaceMode(Model):
    """A namespace's own mode."""

    namespace: str
    """Kubernetes namespace"""
    mode: ModeName
    """Its mode; `off` on the env wins over it"""
    version: Version
    """Version of the setting; goes into If-Match"""
    updated_at: Time
    """When it was set, UTC"""
    updated_by: str
    """Who set it"""


class EnvMode(Model):
    """The admission mode of an env and of those namespaces that have their own."""

    mode: ModeName
    """`off`, `observe` (say what would change, change nothing) or `enforce`"""
    version: Version
    """Version of the setting, `0` while there is none; goes into If-Match"""
    updated_at: Time | None
    """When it was set, UTC"""
    updated_by: str
    """Who set it"""
    namespaces: list[NamespaceMode]
    """Namespaces with a mode of their own"""
    hook: Hook
    """What stands in the cluster"""


class ModeChange(Model):
    """The mode to switch to."""

    mode: ModeName
    """`off`, `observe` or `enforce`"""


ModeCall = (
    Call[EnvPath, Nothing, Nothing]
    | Call[EnvPath, Nothing, ModeChange]
    | Call[NamespacePath, Nothing, ModeChange]
    | Call[NamespacePath, Nothing, Nothing]
)

log = get_logger(__name__)

KEY = "mode"
LOOK_PAUSE_S = 5.0
"""A namespace that a setting has added is governed so much later at most."""


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


async def _answer(call: ModeCall) -> EnvMode:
    """Return the mode of an env, of its namespaces that the caller may see, and what its cluster has."""
    env = call.path.env
    found = _env_mode(await store.stored(call.context, env), await _look(call.context, env))
    own = [one for one in found.namespaces if sees(call.caller, env, one.namespace)]
    return found.model_copy(update={"namespaces": own})


async def _configure(context: Context, env: str) -> None:
    """Make the cluster ask the webhook; while the mode is off that changes nothing."""
    if not _managed(context, env):
        return
    try:
        policy = await store.admission(context, env)
        await webhook_configuration.put(context[Clusters], env, context[ApiSettings], policy)
    except (ClusterUnavailableError, ClusterRefusedError) as error:
        log.warning("mode.not_configured", env=env, error=str(error))
        raise Problem(
            503 if isinstance(error, ClusterUnavailableError) else 502,
            f"The mode of {env} stays as it was, since the cluster could not be told: {error}",
            code=ProblemCode.MODE_NOT_TOLD,
            headers={"Retry-After": "5"},
            parameters={"env": env, "reason": str(error)},
        ) from error


async def keep_configuration(context: Context, env: str) -> None:
    """Keep a configuration that stands up to date, for as long as this instance leads the env.

    Its address, since MUTATE_SECRET is changed by a restart of webhook and api and what the cluster has would
    lead nowhere; and the governed namespaces, which are a setting.
    """
    clusters, settings = context[Clusters], context[ApiSettings]
    while True:
        if _managed(context, env):
            try:
                policy = await store.admission(context, env)
                if await webhook_configuration.bring_up_to_date(clusters, env, settings, policy):
                    log.info("mode.configuration_brought_up_to_date", env=env)
            except (KubeDoorError, BadSettingError) as error:
                log.warning("mode.configuration_not_looked_at", env=env, error=str(error))
        await asyncio.sleep(LOOK_PAUSE_S)


async def _write(call: ModeCall, namespace: str, mode: str | None) -> None:
    context, env = call.context, call.path.env

    def current(rows: store.Stored) -> dict[str, object]:
        if not namespace:
            unknown = Hook(state="unknown", detail="not looked at")
            return _env_mode(rows, unknown).model_dump(mode="json")
        row = rows.get((namespace, KEY))
        version = str(row.version) if row else "0"
        return {"namespace": namespace, "mode": store.value_of(row), "version": version}

    where = (env, namespace, KEY)
    await store.write(context, call.caller.principal.name, where, mode, call.if_match, call.audit, current)


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


MODE = "/envs/{env}/mode"
NAMESPACE = "/envs/{env}/namespaces/{namespace}/mode"


@endpoint("GET", MODE, tag="mode", role=Role.VIEWER, by_target=True)
async def get_mode(call: Call[EnvPath, Nothing, Nothing]) -> EnvMode:
    """Show the admission mode of an env, and what stands in its cluster.

    With those of its namespaces that have their own and that you may see.
    """
    return await _answer(call)


@endpoint("PUT", MODE, tag="mode", role=Role.ADMIN, if_match=True, conflicts=True)
async def set_mode(call: Call[EnvPath, Nothing, ModeChange]) -> EnvMode:
    """Switch the admission mode of an env.

    `observe` and `enforce` create or update the MutatingWebhookConfiguration in the cluster before
    the mode is stored, and `enforce` takes a webhook that answers; `off` is stored first, so that it
    holds at once, and then removes it.
    """
    context, env, mode = call.context, call.path.env, call.body.mode
    if mode == "off":
        await _write(call, "", mode)
        # Stop the cluster asking. If this fails, the webhook lets everything pass.
        try:
            if _managed(context, env):
                await webhook_configuration.remove(context[Clusters], env)
        except KubeDoorError as error:
            log.warning("mode.configuration_left", env=env, error=str(error))
    else:
        # A stale change is refused before the cluster is touched; the write checks again.
        standing = _env_mode(
            await store.stored(call.context, call.path.env), Hook(state="unknown", detail="not looked at")
        )
        if standing.version != call.if_match:
            current = standing.model_dump(mode="json")
            raise changed_since("The mode", version=standing.version, by=standing.updated_by, current=current)
        await _refuse_unready(context, env, mode)
        await _configure(context, env)
        # If this fails, the webhook is asked and lets everything pass.
        await _write(call, "", mode)
    log.info("mode.switched", env=env, mode=mode, by=call.caller.principal.name)
    return await _answer(call)


@endpoint("PUT", NAMESPACE, tag="mode", role=Role.ADMIN, if_match=True)
async def set_namespace_mode(call: Call[NamespacePath, Nothing, ModeChange]) -> EnvMode:
    """Give a namespace an admission mode of its own."""
    await _write(call, call.path.namespace, call.body.mode)
    return await _answer(call)


@endpoint("DELETE", NAMESPACE, tag="mode", role=Role.ADMIN, if_match=True)
async def clear_namespace_mode(call: Call[NamespacePath, Nothing, Nothing]) -> EnvMode:
    """Let a namespace follow its env again."""
    await _write(call, call.path.namespace, None)
    return await _answer(call)
