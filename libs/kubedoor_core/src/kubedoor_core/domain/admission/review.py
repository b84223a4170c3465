"""AdmissionReview v1, in and out: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/."""

from __future__ import annotations

from typing import NamedTuple

from kubedoor_core.domain.admission.manifest import JsonManifest, Manifest, Object
from kubedoor_core.errors import BadValueError

API_VERSION = "admission.k8s.io/v1"
KIND = "AdmissionReview"

EMPTY: Object = {}


class Review(NamedTuple):
    """One request of the API server.

    :ivar deleting: whether its object is being deleted.
    """

    uid: str
    operation: str
    group: str
    resource: str
    subresource: str
    namespace: str
    name: str
    user: str
    dry_run: bool
    deleting: bool
    object: Manifest | None
    old_object: Manifest | None

    @property
    def is_scale(self) -> bool:
        """Tell whether this is about `deployments/scale`."""
        return self.subresource == "scale"

    @property
    def path(self) -> str:
        """Return the resource with its subresource, as RBAC names it."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def parse_review(document: object) -> Review:
    """Read an AdmissionReview.

    What a Deployment holds is looked at by those who need it; here only what every request has.

    :raises BadValueError: with the field and what is wrong with it.
    """
    if not isinstance(document, dict):
        raise BadValueError("the body must be a JSON object, an AdmissionReview")
    if document.get("apiVersion") != API_VERSION or document.get("kind") != KIND:
        raise BadValueError(f"apiVersion and kind must be {API_VERSION} and {KIND}")
    request = _mapping(document, "request")
    if not request:
        raise BadValueError("request is missing")
    resource = _mapping(request, "resource")
    obj, old_object = _mapping(request, "object"), _mapping(request, "oldObject")
    metadata = _mapping(obj, "metadata", "object.")
    return Review(
        uid=_required(request, "uid"),
        operation=_required(request, "operation"),
        group=_text(resource, "group"),
        resource=_required(resource, "resource", "resource."),
        subresource=_text(request, "subResource"),
        namespace=_text(request, "namespace"),
        name=_text(request, "name") or _text(metadata, "name", "object.metadata."),
        user=_text(_mapping(request, "userInfo"), "username", "userInfo."),
        dry_run=request.get("dryRun") is True,
        deleting=bool(metadata.get("deletionTimestamp")),
        object=JsonManifest(obj) if obj else None,
        old_object=JsonManifest(old_object) if old_object else None,
    )


def _mapping(holder: Object, key: str, where: str = "") -> Object:
    value = holder.get(key)
    if value is None:
        return EMPTY
    if not isinstance(value, dict):
        raise BadValueError(f"{_place(where, key)} must be an object")
    return value


def _text(holder: Object, key: str, where: str = "") -> str:
    value = holder.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadValueError(f"{_place(where, key)} must be a string")
    return value


def _required(holder: Object, key: str, where: str = "") -> str:
    value = _text(holder, key, where)
    if not value:
        raise BadValueError(f"{_place(where, key)} is missing")
    return value


def _place(where: str, key: str) -> str:
    return f"request.{where}{key}" if key != "request" else key
