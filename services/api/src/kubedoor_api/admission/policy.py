"""The control table and the policy of an env, as the webhook reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_api.admission import queries
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.settings import store
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decide import Rules, decide
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.admission.review import Review
from kubedoor_core.domain.control import Service, service_from_row
from kubedoor_core.domain.mode import Mode, governed, resolve
from kubedoor_core.errors import BadValueError
from kubedoor_core.regex import Expression, expression

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context

Json = dict[str, Any]


@dataclass(frozen=True)
class Control:
    """What holds in an env."""

    services: dict[tuple[str, str], Service]
    env_mode: Mode | None
    namespace_modes: dict[str, Mode]
    namespaces: Expression
    namespaces_excluded: Expression
    own_namespace: str
    floors: Floors

    def service(self, namespace: str, name: str) -> Service | None:
        """Return a service's row, or None."""
        return self.services.get((namespace, name))

    def governs(self, namespace: str) -> bool:
        """Tell whether a namespace is governed at all."""
        return governed(namespace, self.namespaces, self.namespaces_excluded, self.own_namespace)

    def mode(self, namespace: str, service: Service | None) -> Mode:
        """Return the mode that holds for a service."""
        if not self.governs(namespace):
            return Mode.OFF
        return resolve(self.env_mode, self.namespace_modes.get(namespace), service.mode if service else None)

    def decide(self, deployment: Json, mode: Mode) -> Decision:
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
            object=deployment,
            old_object={},
        )
        wanted = mode if self.governs(namespace) else Mode.OFF
        return decide(review, self.service(namespace, name), wanted, Rules(self.floors))


def _mode(value: object) -> Mode | None:
    return Mode(value) if isinstance(value, str) and value in set(Mode) else None


def _expression(value: object, default: str) -> Expression:
    """Return what is stored, or the default where that is nothing or can't be taken."""
    try:
        return expression(value) if isinstance(value, str) else expression(default)
    except BadValueError:
        return expression(default)


async def control_of(context: Context, env: str) -> Control:
    """Read what holds in an env now."""
    rows = await queries.effective(context[ClickHouse], env)
    settings = context[ApiSettings]
    stored = {key: store.value_of(row) for key, row in (await store.stored(context, env)).items()}
    modes = {namespace: _mode(value) for (namespace, key), value in stored.items() if key == "mode"}
    cpu, mem = stored.get(("", "floor_cpu_m")), stored.get(("", "floor_mem_mib"))
    return Control(
        services={(row["namespace"], row["name"]): service_from_row(row) for row in rows},
        env_mode=modes.get(""),
        namespace_modes={namespace: mode for namespace, mode in modes.items() if namespace and mode},
        namespaces=_expression(stored.get(("", "namespaces")), settings.namespaces),
        namespaces_excluded=_expression(
            stored.get(("", "namespaces_excluded")), settings.namespaces_excluded
        ),
        own_namespace=settings.own_namespace,
        floors=Floors(
            cpu if isinstance(cpu, int) else settings.floor_cpu_m,
            mem if isinstance(mem, int) else settings.floor_mem_mib,
        ),
    )
