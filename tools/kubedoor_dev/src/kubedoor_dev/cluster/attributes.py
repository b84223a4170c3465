"""A write on its way through admission, and who asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from kubedoor_dev.cluster.resources import Form, Resource

Json = dict[str, Any]
Operation = Literal["CREATE", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class User:
    """Who asks, as `userInfo` says it."""

    name: str
    groups: tuple[str, ...] = ("system:authenticated",)

    @property
    def info(self) -> Json:
        """The `userInfo` of an AdmissionReview."""
        return {"username": self.name, "groups": list(self.groups)}


ADMINISTRATOR = User("kubernetes-admin", ("system:masters", "system:authenticated"))


@dataclass
class Context:
    """What a request carries besides its object; warnings are collected on the way."""

    user: User = ADMINISTRATOR
    dry_run: bool = False
    field_manager: str = ""
    field_validation: str = "Warn"
    force: bool = False
    warnings: list[str] = field(default_factory=list)

    def options(self, kind: str) -> Json:
        """The `options` of an AdmissionReview."""
        options: Json = {"kind": kind, "apiVersion": "meta.k8s.io/v1"}
        if self.dry_run:
            options["dryRun"] = ["All"]
        if self.field_manager:
            options["fieldManager"] = self.field_manager
        return options


@dataclass(frozen=True)
class Attributes:
    """One write, before a webhook: `obj` is none on DELETE, `old` none on CREATE."""

    operation: Operation
    resource: Resource
    subresource: str
    form: Form
    namespace: str
    name: str
    obj: Json | None
    old: Json | None
    options: Json
    context: Context

    @property
    def rule_resource(self) -> str:
        """The resource as rules name it: `deployments/scale`."""
        plural = self.resource.plural
        return f"{plural}/{self.subresource}" if self.subresource else plural

    def review(self, uid: str) -> Json:
        """Make the AdmissionReview that is sent."""
        form, resource = self.form, self.resource
        kind = {"group": form.group, "version": form.version, "kind": form.kind}
        plural = {"group": resource.group, "version": resource.version, "resource": resource.plural}
        request: Json = {
            "uid": uid,
            "kind": kind,
            "resource": plural,
            "requestKind": kind,
            "requestResource": plural,
            "operation": self.operation,
            "userInfo": self.context.user.info,
            "object": self.obj,
            "oldObject": self.old,
            "dryRun": self.context.dry_run,
            "options": self.options,
        }
        if self.subresource:
            request |= {"subResource": self.subresource, "requestSubResource": self.subresource}
        given = {"name": self.name, "namespace": self.namespace}
        request |= {key: value for key, value in given.items() if value}
        return {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}


def labels_of(obj: Json | None) -> dict[str, str]:
    """Return an object's labels; a Scale has none."""
    found: dict[str, str] = (obj or {}).get("metadata", {}).get("labels", {})
    return found
