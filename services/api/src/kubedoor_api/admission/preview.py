"""What admission would make of a manifest or of a live Deployment."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self, TypeVar, cast

from pydantic import Field, model_validator

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.admission.models import (
    AdmissionChange,
    AdmissionNote,
    Result,
    UnsetValue,
    changes_of,
    notes_of,
)
from kubedoor_api.admission.policy import Control, control_of
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters, no_deployment
from kubedoor_api.kube.objects.meta import KubeObject
from kubedoor_api.kube.objects.workloads import Deployment
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import (
    EnvPath,
    Model,
    ModeName,
    NamespaceName,
    Nothing,
    ServiceName,
    WorkloadName,
    fault,
)
from kubedoor_api.web.yaml_text import dump, load_all
from kubedoor_core.domain.admission.patch import PatchOperation
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import Problem, bad_field

T = TypeVar("T")


def apply(document: T, patch: Iterable[PatchOperation]) -> T:
    """Return the document after the patch."""
    changed = copy.deepcopy(document)
    for operation in patch:
        tokens = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        holder: Any = changed
        for token in tokens[:-1]:
            holder = holder[int(token)] if isinstance(holder, list) else holder[token]
        if isinstance(holder, list) or operation["op"] not in {"add", "remove", "replace"}:
            raise ValueError(f"not a patch of ours: {operation}")
        if operation["op"] == "remove":
            del holder[tokens[-1]]
        else:
            holder[tokens[-1]] = copy.deepcopy(operation["value"])
    return changed


MAX_MANIFEST_CHARS = 1_000_000
MAX_NAMES = 10
"""So many Deployments of a manifest are named where it has several."""


class Preview(Model):
    """A manifest, or the name of a live Deployment."""

    manifest: Annotated[str, Field(min_length=1, max_length=MAX_MANIFEST_CHARS)] | None = None
    """A Deployment as YAML or JSON; other documents beside it, and a `List` around it, are passed by"""
    namespace: NamespaceName | None = None
    """Namespace of the live Deployment, or of a manifest that names none"""
    name: WorkloadName | None = None
    """Name of the live Deployment"""
    mode: ModeName = "enforce"
    """The mode to decide by, whatever holds now"""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.manifest is None and (self.namespace is None or self.name is None):
            reason = "give a manifest, or the namespace and deployment of a live one"
            raise fault(FieldCode.ONE_OF, reason, "manifest", fields=["manifest", "name"])
        if self.manifest is not None and self.name is not None:
            reason = "the manifest names the Deployment"
            raise fault(FieldCode.ONE_OF, reason, "name", fields=["manifest", "name"])
        return self


class PreviewResult(ServiceName):
    """What admission would make of it: the same decision that the webhook takes."""

    registered: bool
    """Whether it is in the control table"""
    current_mode: ModeName
    """The mode that holds for it now"""
    rule: int
    """Row of the decision table"""
    result: Result
    """What becomes of it"""
    allowed: bool
    """Whether it would be let in"""
    message: str
    """Why it would be refused, in English; empty if not"""
    warnings: list[str]
    """What kubectl would print, in English"""
    notes: list[AdmissionNote]
    """Why something is refused, left alone, or set to another value than the control table's"""
    unset: list[UnsetValue]
    """Values that nobody has set"""
    changes: list[AdmissionChange]
    """What would change"""
    patch: list[dict[str, Any]]
    """The JSONPatch"""
    admitted: str
    """The manifest as it would be admitted, YAML; empty if refused"""


Json = dict[str, Any]
FROM_SERVER: tuple[
    Literal["managedFields", "uid", "resourceVersion", "generation", "creationTimestamp"], ...
] = ("managedFields", "uid", "resourceVersion", "generation", "creationTimestamp")


def _refuse(field: str, reason: str) -> Problem:
    return bad_field(field, reason, FieldCode.MANIFEST, reason=reason)


def _items(document: object) -> list[Json]:
    """Return the objects of a document: itself, or what a `List` of kubectl holds."""
    if not isinstance(document, dict):
        return []
    if document.get("apiVersion") == "v1" and document.get("kind") == "List":
        items = document.get("items")
        return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    return [document]


def _name_of(found: Json) -> str:
    metadata = found.get("metadata")
    return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""


def _deployment(documents: list[Any]) -> Json:
    """Return the one Deployment of a text of `kubectl get` or `helm template`.

    :raises Problem: 400, it has none or several.
    """
    found = [
        one
        for document in documents
        for one in _items(document)
        if (one.get("apiVersion"), one.get("kind")) == ("apps/v1", "Deployment")
    ]
    if not found:
        raise bad_field("manifest", "has no Deployment of apps/v1", FieldCode.MANIFEST_NO_DEPLOYMENT)
    if len(found) > 1:
        names = [_name_of(one) for one in found]
        shown = ", ".join(names[:MAX_NAMES]) + (" …" if len(names) > MAX_NAMES else "")
        reason = f"has {len(found)} Deployments ({shown}); give one"
        counts = {"count": len(found), "names": shown}
        raise bad_field("manifest", reason, FieldCode.MANIFEST_SEVERAL, **counts)
    return found[0]


def parse(text: str, namespace: str | None) -> KubeObject:
    """Read a manifest of a Deployment.

    :raises Problem: 400 saying what is wrong.
    """
    try:
        documents = load_all(text)
    except BadValueError as error:
        raise _refuse("manifest", str(error)) from error
    found = _deployment(documents)
    metadata = found.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        raise _refuse("manifest", "has no metadata.name")
    given = metadata.get("namespace")
    if given is not None and namespace is not None and given != namespace:
        raise _refuse("namespace", f"is {namespace}, and the manifest says {given}")
    metadata["namespace"] = str(given or namespace or "default")
    return cast("KubeObject", found)


def previewed(control: Control, manifest: KubeObject, mode: Mode) -> PreviewResult:
    """Decide about a manifest.

    :raises Problem: 400 for what is no Deployment.
    """
    try:
        decision = control.decide(manifest, mode)
    except BadValueError as error:
        raise _refuse("manifest", str(error)) from error
    namespace, name = str(manifest["metadata"]["namespace"]), str(manifest["metadata"]["name"])
    service = control.service(namespace, name)
    # In `observe` nothing is patched; what would be is what `enforce` patches.
    patch = decision.patch if mode is Mode.ENFORCE else ()
    return PreviewResult(
        namespace=namespace,
        kind="Deployment",
        name=name,
        registered=service is not None,
        current_mode=control.mode(namespace, service).value,
        rule=decision.rule,
        result=decision.result.value,
        allowed=decision.allowed,
        message=decision.message,
        warnings=list(decision.warnings),
        notes=notes_of(decision),
        unset=[UnsetValue.model_validate(value._asdict()) for value in decision.unset],
        changes=changes_of(decision),
        patch=[dict(operation) for operation in patch],
        admitted=dump(apply(manifest, patch)) if decision.allowed else "",
    )


@endpoint("POST", "/envs/{env}/preview", tag="admission", role=Role.VIEWER, conflicts=True, by_target=True)
async def preview_admission(call: Call[EnvPath, Nothing, Preview]) -> PreviewResult:
    """Preview what admission would make of a Deployment.

    Of a manifest (YAML or JSON), or of a live one as if it were rolled out now: the patch, the
    warnings, and the manifest as it would be admitted. Nothing is changed or sent to the cluster.
    """
    context, env, body = call.context, call.path.env, call.body
    grants = call.caller.principal.grants
    if body.namespace:  # before the cluster is asked
        authorize(grants, Role.VIEWER, env, body.namespace)
    if body.manifest:  # what it costs to read is its writer's choice: off the event loop
        manifest = await context[Computing].run(parse, body.manifest, body.namespace)
    else:
        found = await workloads.one(context[Clusters], env, body.namespace or "", body.name or "")
        if found is None:
            raise no_deployment(env, body.namespace, body.name)
        metadata = found["metadata"]
        for name in FROM_SERVER:
            metadata.pop(name, None)
        manifest = Deployment(
            apiVersion="apps/v1", kind="Deployment", metadata=metadata, spec=found.get("spec", {})
        )
    authorize(grants, Role.VIEWER, env, manifest["metadata"]["namespace"])
    control = await control_of(context, env)
    return await context[Computing].run(previewed, control, manifest, Mode(body.mode))
