"""What is governed, as documents that Git can hold, so that Git says what admission would make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.policy import Control, control_of
from kubedoor_api.admission.preview import apply
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import COLUMNS, VALUES, key_of, replicas_of, template_of, value_of
from kubedoor_api.kube.objects.pods import PodSpec, ResourceRequirements
from kubedoor_api.kube.objects.workloads import Deployment
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import Model, NamespacePath, Nothing
from kubedoor_api.web.yaml_text import dump
from kubedoor_core.domain.admission.manifest import read_pod
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.mode import Mode, resolve
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

Format = Literal["kustomize", "helm", "yaml"]
LISTS = ("containers", "initContainers")
KIND = {"apiVersion": "apps/v1", "kind": "Deployment"}


class GovernedQuery(Model):
    """In which form."""

    format: Format = Field(default="kustomize")
    """`kustomize`: a component of patches; `helm`: values by service, as the subcharts of one chart take
    them; `yaml`: Deployments of governed fields only, for server-side apply"""


@dataclass(frozen=True)
class Governed:
    """What is governed of one Deployment.

    :ivar replicas: the count; None where it is left alone.
    :ivar resources: requests and limits as quantities, by list (`containers`, `initContainers`), then name.
    """

    name: str
    replicas: int | None
    resources: dict[str, dict[str, ResourceRequirements]]


def governed_of(control: Control, live: Deployment) -> Governed | str:
    """Return what admission sets of a live Deployment once the env is enforced, or why it sets nothing."""
    namespace, name = key_of(live)
    service = control.service(namespace, name)
    if service is None:
        return "not registered"
    if resolve(Mode.ENFORCE, control.policy.namespace_modes.get(namespace), service.mode) is Mode.OFF:
        return "its mode is off"
    try:
        admitted = apply(live, control.decide(live, Mode.ENFORCE).patch)
    except BadValueError as error:
        return str(error)
    replicas = None if service.autoscaled or service.replicas is None else replicas_of(admitted)
    found = Governed(name, replicas, _resources(service, template_of(admitted).get("spec") or {}))
    return found if found.resources or replicas is not None else "nothing is set for it"


def _resources(service: Service, pod_spec: PodSpec) -> dict[str, dict[str, ResourceRequirements]]:
    """Return the values that the control table has, as they come out of admission."""
    found: dict[str, dict[str, ResourceRequirements]] = {}
    for ref, name, _ in read_pod(pod_spec).containers:
        values = service.values_of(name, first=ref.first)
        containers = pod_spec["initContainers" if ref.list_name == "initContainers" else "containers"]
        kept: ResourceRequirements = {}
        for value, kind, resource in VALUES:
            text = value_of(containers[ref.position], kind, resource)
            if values is not None and getattr(values, COLUMNS[value]) and text is not None:
                kept.setdefault(kind, {})[resource] = text
        if kept:
            found.setdefault(ref.list_name, {})[name] = kept
    return found


def deployment_of(one: Governed, **metadata: str) -> dict[str, object]:
    """Return a Deployment that says no more than what is governed."""
    pod_spec = {
        list_name: [{"name": name, "resources": resources} for name, resources in listed.items()]
        for list_name, listed in one.resources.items()
    }
    spec: dict[str, object] = {} if one.replicas is None else {"replicas": one.replicas}
    if pod_spec:
        spec["template"] = {"spec": pod_spec}
    return {**KIND, "metadata": {"name": one.name, **metadata}, "spec": spec}


def _kustomize(_: str, every: list[Governed]) -> str:
    """Return a component of patches. A target is a pattern; one that finds nothing is passed by."""
    target = {"group": "apps", "version": "v1", "kind": "Deployment"}
    patches = [
        {"target": {**target, "name": one.name.replace(".", r"\.")}, "patch": dump(deployment_of(one))}
        for one in every
    ]
    head = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
    return dump({**head, "patches": patches})


def _helm(_: str, every: list[Governed]) -> str:
    """Return values by service: `replicaCount` and `resources` as in charts that `helm create` makes.

    The first container's are `resources`; those of further ones stand by their names in `containers`.
    """
    values: dict[str, object] = {}
    for one in every:
        named = [pair for list_name in LISTS for pair in one.resources.get(list_name, {}).items()]
        values[one.name] = {
            **({} if one.replicas is None else {"replicaCount": one.replicas}),
            **({"resources": named[0][1]} if named else {}),
            **({"containers": {name: {"resources": own} for name, own in named[1:]}} if named[1:] else {}),
        }
    return dump(values) if values else ""


def _yaml(namespace: str, every: list[Governed]) -> str:
    return "---\n".join(dump(deployment_of(one, namespace=namespace)) for one in every)


WRITERS = {"kustomize": _kustomize, "helm": _helm, "yaml": _yaml}


def document(form: Format, env: str, namespace: str, control: Control, live: list[Deployment]) -> str:
    """Return what is governed in a namespace. What is left out is told in its head, with the reason."""
    found = {key_of(one)[1]: governed_of(control, one) for one in live}
    missing = {name for space, name in control.services if space == namespace} - found.keys()
    left_out = {name: reason for name, reason in found.items() if isinstance(reason, str)}
    left_out |= dict.fromkeys(missing, "it does not run")
    head = [f"# What KubeDoor governs in the namespace {namespace} of {env}."]
    head += [f"# Left out: {name}: {' '.join(reason.split())}" for name, reason in sorted(left_out.items())]
    every = [one for _, one in sorted(found.items()) if isinstance(one, Governed)]
    return "\n".join(head) + "\n" + WRITERS[form](namespace, every)


@endpoint(
    "GET",
    "/envs/{env}/namespaces/{namespace}/governed",
    tag="admission",
    role=Role.VIEWER,
    media_types=("application/yaml",),
    conflicts=True,
)
async def export_governed(call: Call[NamespacePath, GovernedQuery, Nothing]) -> Download:
    """Download what is governed in a namespace, so that Git can say the same.

    As a Kustomize component, Helm values or YAML: the counts, requests and limits that admission gives the
    Deployments that run, and nothing else of them. What is left out is told in the head, with the reason.
    """
    context, (env, namespace) = call.context, (call.path.env, call.path.namespace)
    control = await control_of(context, env)
    if not control.governs(namespace):
        parameters = {"env": env, "namespace": namespace}
        detail = f"The namespace {namespace} of {env} is not governed: see the setting `namespaces`"
        raise Problem(409, detail, code=ProblemCode.NAMESPACE_NOT_GOVERNED, parameters=parameters)
    live = [one async for one in workloads.every(context[Clusters], env, namespace)]
    form = call.query.format
    text = await context[Computing].run(document, form, env, namespace, control, live)
    return Download(text, "application/yaml", f"{namespace}-{form}.yaml")
