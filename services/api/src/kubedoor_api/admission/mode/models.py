"""What is asked and told of the admission mode."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.web.fields import Model, ModeName, Time, Version


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
