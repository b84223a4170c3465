"""The MutatingWebhookConfiguration in a cluster: look, put, remove."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from kubernetes_asyncio import client

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.domain.mode import NEVER_GOVERNED
from kubedoor_core.logs import get_logger
from kubedoor_core.mutate_settings import MUTATE_PATH, mutate_path
from kubedoor_core.regex import Expression
from kubedoor_core.settings import BadSettingError

log = get_logger(__name__)

NAME = "kubedoor"
HOOK = "admission.kubedoor.io"
DEFAULT_PORT = 443
MANAGED_BY = ("app.kubernetes.io/managed-by", "kubedoor-api")
INJECT = "cert-manager.io/inject-ca-from"
NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""A label that the API server keeps equal to the namespace's name."""
OPT_OUT = ("kubedoor.io/admission", "ignored")
"""A label of a namespace whose Deployments the cluster doesn't ask about, whatever the settings say."""
CONDITIONS = "kubedoor.io/namespaces"
"""An annotation: what the conditions were made of. Servers before 1.28 drop the conditions themselves."""
UNPROCESSABLE = 422
EVERYTHING = ".*"


def configured(settings: ApiSettings) -> bool:
    """Tell whether it is known where the cluster finds the webhook."""
    return bool(settings.webhook_url or settings.webhook_service)


def reachable_from_here(settings: ApiSettings, env: str) -> bool:
    """Tell whether an env's webhook can be asked from here: a Service's name means our own cluster's."""
    return bool(settings.webhook_url) or (bool(settings.webhook_service) and env == settings.env)


def service_address(settings: ApiSettings) -> str:
    """Return the address at which the webhook is reached from inside the cluster."""
    if settings.webhook_url:
        return settings.webhook_url.rstrip("/").removesuffix(MUTATE_PATH)
    namespace, name, port = _service(settings)
    return f"https://{name}.{namespace}.svc:{port}"


def _service(settings: ApiSettings) -> tuple[str, str, int]:
    namespace, _, rest = settings.webhook_service.partition("/")
    name, _, port = rest.partition(":")
    return namespace, name, int(port or DEFAULT_PORT)


def _client_config(settings: ApiSettings) -> dict[str, object]:
    found: dict[str, object] = {}
    path = mutate_path(settings.mutate_secrets)
    if settings.webhook_url:
        found["url"] = settings.webhook_url.rstrip("/").removesuffix(MUTATE_PATH) + path
    else:
        namespace, name, port = _service(settings)
        found["service"] = {"namespace": namespace, "name": name, "path": path, "port": port}
    if settings.webhook_ca_file:
        try:
            found["caBundle"] = base64.b64encode(Path(settings.webhook_ca_file).read_bytes()).decode()
        except OSError as error:
            raise BadSettingError(f"KUBEDOOR_WEBHOOK_CA_FILE: {error}") from error
    return found


def _selector(settings: ApiSettings) -> dict[str, object]:
    never = sorted(NEVER_GOVERNED | ({settings.own_namespace} if settings.own_namespace else set()))
    further = json.loads(settings.webhook_namespace_selector or "{}")
    expressions = [
        {"key": NAMESPACE_NAME, "operator": "NotIn", "values": never},
        {"key": OPT_OUT[0], "operator": "NotIn", "values": [OPT_OUT[1]]},
        *further.get("matchExpressions", []),
    ]
    return {**further, "matchExpressions": expressions}


def _conditions(policy: AdmissionPolicy) -> list[dict[str, str]]:
    """Return what keeps the cluster from asking about namespaces that are not governed.

    CEL's `matches` takes RE2, as the settings do.
    """
    found = []
    if policy.namespaces.text != EVERYTHING:
        found.append({"name": "governed", "expression": _matches(policy.namespaces)})
    if policy.namespaces_excluded.text:
        found.append({"name": "not-excluded", "expression": f"!{_matches(policy.namespaces_excluded)}"})
    return found


def _matches(expression: Expression) -> str:
    return f"request.namespace.matches({json.dumps(f'^(?:{expression.text})$', ensure_ascii=False)})"


def ours(configuration: dict[str, Any]) -> bool:
    """Tell whether the api made a configuration, or somebody from its manifest."""
    labels = configuration.get("metadata", {}).get("labels") or {}
    return labels.get(MANAGED_BY[0]) == MANAGED_BY[1]


def kept_up(configuration: dict[str, Any]) -> tuple[str, str, str]:
    """Return what is kept up in a configuration: its URL, or path at a Service, and its namespaces."""
    hooks = configuration.get("webhooks") or [{}]
    client = hooks[0].get("clientConfig") or {}
    annotations = configuration.get("metadata", {}).get("annotations") or {}
    return (
        client.get("url") or "",
        (client.get("service") or {}).get("path") or "",
        annotations.get(CONDITIONS) or "",
    )


def manifest(settings: ApiSettings, policy: AdmissionPolicy) -> dict[str, Any]:
    """Return the configuration that makes a cluster ask our webhook about the namespaces that are governed.

    A dry run gets the same answer and leaves no trace beyond logs, hence `NoneOnDryRun`.
    """
    expressions = [policy.namespaces.text, policy.namespaces_excluded.text]
    annotations = {CONDITIONS: json.dumps(expressions, ensure_ascii=False)}
    annotations |= {INJECT: settings.webhook_cert_manager} if settings.webhook_cert_manager else {}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {
            "name": NAME,
            "labels": dict([MANAGED_BY, ("app.kubernetes.io/name", "kubedoor")]),
            "annotations": annotations,
        },
        "webhooks": [
            {
                "name": HOOK,
                "admissionReviewVersions": ["v1"],
                "sideEffects": "NoneOnDryRun",
                "failurePolicy": settings.webhook_failure_policy,
                "timeoutSeconds": settings.webhook_timeout_s,
                "matchPolicy": "Equivalent",
                "reinvocationPolicy": "IfNeeded",
                "namespaceSelector": _selector(settings),
                "matchConditions": _conditions(policy),
                "clientConfig": _client_config(settings),
                "rules": [
                    _rule(["CREATE", "UPDATE"], "deployments"),
                    _rule(["UPDATE"], "deployments/scale"),
                ],
            }
        ],
    }


def _rule(operations: list[str], resource: str) -> dict[str, object]:
    return {
        "operations": operations,
        "apiGroups": ["apps"],
        "apiVersions": ["v1"],
        "resources": [resource],
        "scope": "Namespaced",
    }


def merge(wanted: dict[str, Any], standing: dict[str, Any]) -> dict[str, Any]:
    """Lay the wanted configuration over the one in the cluster.

    Its resourceVersion is kept, so that somebody else's change in between is noticed, its other
    annotations too, and the CA that cert-manager has injected.
    """
    metadata, old = wanted["metadata"], standing.get("metadata", {})
    merged = {
        **wanted,
        "metadata": {
            **metadata,
            "resourceVersion": old.get("resourceVersion"),
            "annotations": {**(old.get("annotations") or {}), **metadata["annotations"]},
        },
    }
    injected = next(
        (hook.get("clientConfig", {}).get("caBundle") for hook in standing.get("webhooks") or []), None
    )
    if injected:
        merged["webhooks"][0]["clientConfig"].setdefault("caBundle", injected)
    return merged


async def read(clusters: Clusters, env: str) -> dict[str, Any] | None:
    """Return the configuration that stands in the cluster, as JSON, or None."""
    try:
        async with clusters.use(env) as api:
            found = await client.AdmissionregistrationV1Api(api).read_mutating_webhook_configuration(NAME)
            serialised: dict[str, Any] = api.sanitize_for_serialization(found)
            return serialised
    except ClusterRefusedError as error:
        if error.status == NOT_FOUND:
            return None
        raise


async def put(clusters: Clusters, env: str, settings: ApiSettings, policy: AdmissionPolicy) -> None:
    """Create the configuration, or bring the one that stands up to date."""
    wanted = manifest(clusters.settings_of(env, settings), policy)
    await _put(clusters, env, wanted, await read(clusters, env))


async def _put(clusters: Clusters, env: str, wanted: dict[str, Any], standing: dict[str, Any] | None) -> None:
    """Write the configuration; without its conditions where the server doesn't take these."""
    try:
        async with clusters.use(env) as api:
            admission = client.AdmissionregistrationV1Api(api)
            if standing is None:
                await admission.create_mutating_webhook_configuration(wanted)  # type: ignore[arg-type]  # plain JSON is taken too
            else:
                merged: Any = merge(wanted, standing)
                await admission.replace_mutating_webhook_configuration(NAME, merged)
    except ClusterRefusedError as error:
        [hook] = wanted["webhooks"]
        if error.status != UNPROCESSABLE or not hook.pop("matchConditions", None):
            raise
        log.warning("webhook_configuration.without_conditions", env=env, reason=str(error))
        await _put(clusters, env, wanted, standing)


async def bring_up_to_date(
    clusters: Clusters, env: str, settings: ApiSettings, policy: AdmissionPolicy
) -> bool:
    """Bring the address and namespaces of a configuration up to date; tell whether it had others.

    One that is not there is not made, since whoever has deleted it has switched admission off; one that is
    not the api's is left alone.
    """
    wanted = manifest(clusters.settings_of(env, settings), policy)
    standing = await read(clusters, env)
    if standing is None or not ours(standing) or kept_up(standing) == kept_up(wanted):
        return False
    await _put(clusters, env, wanted, standing)
    return True


async def remove(clusters: Clusters, env: str) -> None:
    """Remove the configuration; one that is not there is fine."""
    try:
        async with clusters.use(env) as api:
            await client.AdmissionregistrationV1Api(api).delete_mutating_webhook_configuration(NAME)
    except ClusterRefusedError as error:
        if error.status != NOT_FOUND:
            raise
