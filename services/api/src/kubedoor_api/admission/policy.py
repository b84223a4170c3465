"""The control table and the policy of an env, as the webhook reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from kubedoor_api.admission import queries
from kubedoor_api.kube.objects.meta import KubeObject
from kubedoor_api.settings import store
from kubedoor_api.surroundings.queries import limit_ranges
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.admission.decide import Rules, decide
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.admission.limit_range import LimitRange
from kubedoor_core.domain.admission.manifest import JsonManifest
from kubedoor_core.domain.admission.review import Review
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.domain.mode import Mode


@dataclass(frozen=True)
class Control:
    """What holds in an env."""

    services: dict[tuple[str, str], Service]
    policy: AdmissionPolicy
    limit_ranges: Mapping[str, LimitRange] = field(default_factory=dict)

    def service(self, namespace: str, name: str) -> Service | None:
        """Return a service's row, or None."""
        return self.services.get((namespace, name))

    def governs(self, namespace: str) -> bool:
        """Tell whether a namespace is governed at all."""
        return self.policy.governs(namespace)

    def rules(self, namespace: str, name: str) -> Rules:
        """Return what holds for a service beside its row."""
        return self.policy.rules_of(namespace, name, self.limit_ranges.get(namespace))

    def mode(self, namespace: str, service: Service | None) -> Mode:
        """Return the mode that holds for a service."""
        return self.policy.mode(namespace, service.mode if service else None)

    def decide(self, deployment: KubeObject, mode: Mode) -> Decision:
        """Decide about creating a Deployment as the webhook would.

        :raises BadValueError: for what is no Deployment.
        """
        metadata = deployment.get("metadata") or {}
        namespace, name = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
        review = Review(
            uid="preview",
            operation="CREATE",
            group="apps",
            resource="deployments",
            subresource="",
            namespace=namespace,
            name=name,
            user="",
            dry_run=True,
            deleting=bool(metadata.get("deletionTimestamp")),
            object=JsonManifest(deployment),
            old_object=None,
        )
        wanted = mode if self.governs(namespace) else Mode.OFF
        return decide(review, self.service(namespace, name), wanted, self.rules(namespace, name))


async def control_of(context: Context, env: str) -> Control:
    """Read what holds in an env now."""
    services = await queries.effective(context[ClickHouse], env)
    ranges = await limit_ranges(context[ClickHouse], env)
    return Control(services, await store.admission(context, env), ranges)


class CurrentControl:
    """What holds in an env, for many questions in a row: read again only where something has changed."""

    def __init__(self, context: Context, env: str) -> None:
        self._context = context
        self._env = env
        self._read: tuple[int, Control] | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> Control:
        """Return what holds now."""
        async with self._lock:
            changes = await queries.changes(self._context[ClickHouse])
            if self._read is None or self._read[0] != changes:
                self._read = changes, await control_of(self._context, self._env)
            return self._read[1]
