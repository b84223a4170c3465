"""What is governed, as documents that Git can hold, so that Git says what admission would make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.policy import Control, control_of
from kubedoor_api.admission.preview import apply
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import COLUMNS, VALUES
from kubedoor_api.web.concurrency import Computing
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import Model, NamespacePath, Nothing
from kubedoor_api.web.yaml_text import dump
from kubedoor_core.domain.admission.pod_resources import read_pod
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.mode import Mode, resolve
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

Json = dict[str, Any]
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
    resources: dict[str, dict[str, Json]]


def governed_of(control: Control, live: Json) -> Governed | str:
    """Return what admission sets of a live Deployment once the env is enforced, or why it sets nothing."""
    metadata = live["metadata"]
    service = control.service(metadata["namespace"], metadata["name"])
    if service is None:
        return "not registered"
    if (
        resolve(Mode.ENFORCE, control.policy.namespace_modes.get(metadata["namespace"]), service.mode)
        is Mode.OFF
    ):
        return "its mode is off"
    try:
        admitted = apply(live, control.decide(live, Mode.ENFORCE).patch)
    except BadValueError as error:
        return str(error)
    replicas = None if service.autoscaled or service.replicas is None else admitted["spec"]["replicas"]
    found = Governed(metadata["name"], replicas, _resources(service, admitted["spec"]["template"]["spec"]))
    return found if found.resources or replicas is not None else "nothing is set for it"


def _resources(service: Service, pod_spec: Json) -> dict[str, dict[str, Json]]:
    """Return the values that the control table has, as they come out of admission."""
    found: dict[str, dict[str, Json]] = {}
    for ref, name, _ in read_pod(pod_spec).containers:
        values = service.values_of(name, first=ref.first)
        resources = pod_spec[ref.list_name][ref.position].get("resources") or {}
        kept: Json = {}
        for value, kind, resource in VALUES:
            text = (resources.get(kind) or {}).get(resource)
            if values is not None and getattr(values, COLUMNS[value]) and text is not None:
                kept.setdefault(kind, {})[resource] = str(text)
        if kept:
            found.setdefault(ref.list_name, {})[name] = kept
    return found


def deployment_of(one: Governed, **metadata: str) -> Json:
    """Return a Deployment that says no more than what is governed."""
    pod_spec = {
        list_name: [{"name": name, "resources": resources} for name, resources in listed.items()]
        for list_name, listed in one.resources.items()
    }
    spec: Json = {} if one.replicas is None else {"replicas": one.replicas}
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
    values: Json = {}
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


def document(form: Format, env: str, namespace: str, control: Control, live: list[Json]) -> str:
    """Return what is governed in a namespace. What is left out is told in its head, with the reason."""
    found = {one["metadata"]["name"]: governed_of(control, one) for one in live}
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
