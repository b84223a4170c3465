"""Deciding about a manifest as the webhook would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.admission.models import UnsetValue, changes_of, notes_of
from kubedoor_api.admission.policy import Control, control_of
from kubedoor_api.admission.preview.apply import apply
from kubedoor_api.admission.preview.models import Preview, PreviewResult
from kubedoor_api.kube import deployments
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.web.computing import Computing
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_api.web.yaml_text import dump, load
from kubedoor_core.domain.admission.decision import Decision
from kubedoor_core.domain.mode import Mode
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context
    from kubedoor_api.web.endpoint import Call

Json = dict[str, Any]
FROM_SERVER = ("managedFields", "uid", "resourceVersion", "generation", "creationTimestamp")


def _refuse(field: str, reason: str) -> Problem:
    return bad_field(field, reason, FieldCode.MANIFEST, reason=reason)


def parse(text: str, namespace: str | None) -> Json:
    """Read a manifest of a Deployment.

    :raises Problem: 400 saying what is wrong.
    """
    try:
        found = load(text)
    except BadValueError as error:
        raise _refuse("manifest", str(error)) from error
    if (
        not isinstance(found, dict)
        or found.get("kind") != "Deployment"
        or found.get("apiVersion") != "apps/v1"
    ):
        raise _refuse("manifest", "is not a Deployment of apps/v1")
    metadata = found.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        raise _refuse("manifest", "has no metadata.name")
    given = metadata.get("namespace")
    if given is not None and namespace is not None and given != namespace:
        raise _refuse("namespace", f"is {namespace}, and the manifest says {given}")
    return {**found, "metadata": {**metadata, "namespace": str(given or namespace or "default")}}


async def _live(context: Context, env: str, body: Preview) -> Json:
    found = await deployments.one(context[Clusters], env, body.namespace or "", body.name or "")
    if found is None:
        raise Problem(
            404,
            f"No Deployment {body.namespace}/{body.name} runs in {env}",
            code=ProblemCode.NO_DEPLOYMENT,
            parameters={"env": env, "namespace": body.namespace, "name": body.name},
        )
    metadata = {name: value for name, value in found["metadata"].items() if name not in FROM_SERVER}
    spec = found.get("spec", {})
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def _result(control: Control, manifest: Json, decision: Decision, mode: Mode) -> PreviewResult:
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


def _decided(control: Control, manifest: Json, mode: Mode) -> PreviewResult:
    try:
        return _result(control, manifest, control.decide(manifest, mode), mode)
    except BadValueError as error:
        raise _refuse("manifest", str(error)) from error


async def preview(call: Call[EnvPath, Nothing, Preview]) -> PreviewResult:
    """Decide about a manifest or a live Deployment.

    What a manifest costs to read and decide about is its writer's choice: it is done off the event loop.

    :raises Problem: 400 for a manifest that is none, 404 for a Deployment that doesn't run, 429 where too
        many are being looked at.
    """
    context, env, body = call.context, call.path.env, call.body
    grants = call.caller.principal.grants
    if body.namespace:  # before the cluster is asked
        authorize(grants, Role.VIEWER, env, body.namespace)
    if body.manifest:
        manifest = await context[Computing].run(parse, body.manifest, body.namespace)
    else:
        manifest = await _live(context, env, body)
    authorize(grants, Role.VIEWER, env, manifest["metadata"]["namespace"])
    control = await control_of(context, env)
    return await context[Computing].run(_decided, control, manifest, Mode(body.mode))
