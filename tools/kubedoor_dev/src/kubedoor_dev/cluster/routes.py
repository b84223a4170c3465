"""Reading a URL's path and method: which resource, and the verb as RBAC names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.errors import no_such_path
from kubedoor_dev.cluster.resources import BY_PLACE

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
MANY = {"GET": "list", "POST": "create", "DELETE": "deletecollection"}
TRUE = ("true", "1", "True")


@dataclass(frozen=True)
class Route:
    """What a path names. `namespace` is none for a cluster-wide list."""

    group: str
    version: str
    plural: str
    namespace: str | None = None
    name: str = ""
    subresource: str = ""

    @property
    def rbac_resource(self) -> str:
        """The resource as RBAC names it: `deployments/scale`."""
        return f"{self.plural}/{self.subresource}" if self.subresource else self.plural

    def verb(self, method: str, query: Mapping[str, str]) -> str:
        """Return the verb as RBAC names it."""
        if method == "GET" and query.get("watch") in TRUE:
            return "watch"
        return (ONE if self.name else MANY).get(method, method.lower())

    def target(self) -> Target:
        """Return what is meant.

        :raises ApiError: 404, when it is not served.
        """
        resource = BY_PLACE.get((self.group, self.version, self.plural))
        if resource is None or (self.subresource and self.subresource not in resource.subresources):
            raise no_such_path()
        if not resource.namespaced and self.namespace is not None:
            raise no_such_path()
        if resource.namespaced and self.name and self.namespace is None:
            raise no_such_path()
        return Target(resource, self.namespace or "", self.name, self.subresource)


def parse(path: str) -> Route | None:
    """Read a path; none where it names no resource."""
    parts = path.strip("/").split("/")
    match parts:
        case ["api", version, *rest] if rest:
            return _within("", version, rest)
        case ["apis", group, version, *rest] if rest:
            return _within(group, version, rest)
        case _:
            return None


def _within(group: str, version: str, rest: list[str]) -> Route | None:
    match rest:
        case ["namespaces", namespace, plural, *more] if len(more) <= 2:
            return Route(group, version, plural, namespace, *more)
        case [plural, *more] if len(more) <= 2:
            return Route(group, version, plural, None, *more)
        case _:
            return None
