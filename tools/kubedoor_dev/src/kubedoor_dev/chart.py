"""What is generated for the Helm chart: schema of the values, nginx template, admission manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from kubedoor_api.access.roles import Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.webhook_configuration import manifest
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.env_policy import LOOKBACK_DAYS, AdmissionPolicy
from kubedoor_core.mutate_settings import MUTATE_PATH
from kubedoor_core.regex import Expression
from kubedoor_core.settings import ServiceSettings
from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_webhook.settings import WebhookSettings

CHART = CHECKOUT / "deploy" / "helm" / "kubedoor"
SERVICES: dict[str, type[ServiceSettings]] = {
    "collector": CollectorSettings,
    "webhook": WebhookSettings,
    "api": ApiSettings,
}
FREE_FORM = {
    "resources", "nodeSelector", "roles", "labels", "annotations", "issuerRef",
    "affinity", "podLabels", "podAnnotations", "podSecurityContext", "containerSecurityContext",
    "serviceAnnotations", "serviceAccountAnnotations",
}  # fmt: skip
NULLABLE = {"podSecurityContext", "containerSecurityContext"}
COMPONENTS = (
    "collector", "webhook", "api", "console", "clickhouse.bundled", "migrate", "backup",
    "webhookTest", "uninstall", "monitoring.vmagent", "monitoring.kubeStateMetrics",
    "monitoring.nodeExporter", "monitoring.victoriaMetrics", "monitoring.vmalert", "monitoring.alertmanager",
)  # fmt: skip
"""The groups that take what `pods` takes, for their own pods."""
DIGEST = {"pattern": r"^(|sha256:[0-9a-f]{64})$"}
QUANTITY = {"pattern": r"^\d+(\.\d+)?([kMGTPE]i?)?$"}
_GRANT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["role"],
    "properties": {
        "role": {"enum": [role.value for role in Role]},
        "env": {"type": "string"},
        "namespace": {"type": "string"},
        "may": {"type": "array", "uniqueItems": True, "items": {"enum": [right.value for right in Right]}},
    },
}
_GRANTS: dict[str, Any] = {
    "anyOf": [{"enum": [role.value for role in Role]}, _GRANT, {"type": "array", "items": _GRANT}]
}
ROLES = {
    "additionalProperties": False,
    "properties": {
        "users": {"type": "object", "additionalProperties": _GRANTS},
        "groups": {"type": "object", "additionalProperties": _GRANTS},
        "default": _GRANTS,
    },
}
"""What the roles file takes."""
NAMESPACE = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
LIMITS: dict[str, dict[str, Any]] = {
    "lookbackDays": {"minimum": LOOKBACK_DAYS.least, "maximum": LOOKBACK_DAYS.most},
    "profileDays": {"minimum": 1, "maximum": 3660},
    "logLevel": {"enum": ["debug", "info", "warning", "error"]},
    "imageRegistry": {"pattern": r"^(|[a-z0-9][a-z0-9.:/_-]*)$"},
    **{f"image.digests.{name}": DIGEST for name in (*SERVICES, "console")},
    "network.listen": {"pattern": r"^([0-9.]+|\[[0-9a-fA-F:.]+\])$"},
    "network.ipFamilyPolicy": {"enum": ["", "SingleStack", "PreferDualStack", "RequireDualStack"]},
    "network.ipFamilies": {"items": {"enum": ["IPv4", "IPv6"]}, "maxItems": 2},
    "webhook.dnsPolicy": {"enum": ["", "ClusterFirst", "ClusterFirstWithHostNet", "Default"]},
    "api.ai.url": {"pattern": r"^(|https?://[^\s@?#]+)$"},
    "api.proxy.https": {"pattern": r"^(|https?://[^\s]+)$"},
    "image.pullPolicy": {"enum": ["Always", "IfNotPresent", "Never"]},
    "clickhouse.mode": {"enum": ["bundled", "external"]},
    "clickhouse.url": {"pattern": r"^(|https?://[^\s]+)$"},
    "clickhouse.cluster": {"pattern": r"^([A-Za-z0-9_.-]*|\{[a-z_]+\})$"},
    "backup.keep": {"minimum": 1},
    "clickhouse.database": {"pattern": r"^[A-Za-z_][A-Za-z0-9_]*$"},
    "prometheus.url": {"pattern": r"^(|https?://[^\s]+)$"},
    "prometheus.type": {"enum": ["prometheus", "victoria-metrics-single", "victoria-metrics-cluster"]},
    "prometheus.envLabel": {"pattern": r"^(|[A-Za-z_][A-Za-z0-9_]*=[^~=].*)$"},
    "auth.roles": ROLES,
    "backup.storage": QUANTITY,
    "clickhouse.bundled.storage": QUANTITY,
    "clickhouse.bundled.queryLogDays": {"minimum": 0},
    "env": {"pattern": r"^\S*$"},
    "auth.mode": {"enum": ["basic", "ldap"]},
    "auth.ldap.url": {"pattern": r"^(|ldaps?://\S+)$"},
    "auth.user": {"pattern": r"^[^:\s]+$"},
    "collector.replicas": {"minimum": 0},
    "collector.collectAt": {"pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
    "webhook.replicas": {"minimum": 1},
    "webhook.port": {**PORT, "minimum": 1024},
    "webhook.maxStaleness": {"type": "number", "exclusiveMinimum": 0},
    "webhook.onStale": {"enum": ["allow", "deny"]},
    "webhook.drainSeconds": {"type": "number", "minimum": 0},
    "webhook.failurePolicy": {"enum": ["Ignore", "Fail"]},
    "webhook.timeoutSeconds": {"minimum": 1, "maximum": 30},
    "webhook.certificate.source": {"enum": ["self-signed", "cert-manager", "secret"]},
    "webhook.certificate.validDays": {"minimum": 1},
    "webhook.priorityClass.value": {"maximum": 1_000_000_000},
    "api.replicas": {"minimum": 1},
    "podActions.namespaces": {"items": {"type": "string", "pattern": NAMESPACE}, "uniqueItems": True},
    "console.replicas": {"minimum": 1},
    "console.trustedProxies": {"items": {"type": "string", "pattern": r"^[0-9a-fA-F.:]+(/[0-9]{1,3})?$"}},
    "grafana.upstream": {"pattern": r"^(|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+:\d+)$"},
    "grafana.resolver": {"pattern": r"^\S+$"},
    "grafana.url": {"pattern": r"^(|https?://\S+/)$"},
    "grafana.datasource.user": {"pattern": r"^[A-Za-z_][A-Za-z0-9_]*$"},
    "monitoring.stack": {"enum": ["none", "agent", "full"]},
    "monitoring.scrapeIntervalSeconds": {"minimum": 5, "maximum": 120},
    "monitoring.remoteWrite.url": {"pattern": r"^(|https?://[^\s]+)$"},
    "monitoring.victoriaMetrics.retentionDays": {"minimum": 8},
    "monitoring.victoriaMetrics.storage": QUANTITY,
    "monitoring.alertmanager.storage": QUANTITY,
    "monitoring.alertmanager.envs": {"items": {"type": "string", "pattern": r"^\S+$"}, "uniqueItems": True},
    "console.service.type": {"enum": ["ClusterIP", "NodePort", "LoadBalancer"]},
    "console.service.port": PORT,
    "console.service.nodePort": {**PORT, "type": ["integer", "null"]},
}
"""What a value may be, where its default does not tell."""


@dataclass(frozen=True)
class Value:
    """One value of the chart: where, what, why."""

    path: str
    default: Any
    why: str


def _comments(text: str) -> dict[str, str]:
    """Return the comment of each value by its dotted path; a comment begins with `# --`."""
    found: dict[str, str] = {}
    parents: list[tuple[int, str]] = []
    comment: list[str] = []
    for line in text.splitlines():
        if note := re.match(r"\s*# (-- )?(.*)", line):
            comment = [note[2]] if note[1] else [*comment, note[2]]
        elif key := re.match(r"( *)([A-Za-z]\w*):", line):
            parents = [entry for entry in parents if entry[0] < len(key[1])]
            parents.append((len(key[1]), key[2]))
            found[".".join(name for _, name in parents)] = " ".join(comment)
            comment = []
        else:
            comment = []
    return found


def _leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value and key not in FREE_FORM:
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield path + key, value


def values() -> list[Value]:
    """Return every value, in the file's order."""
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    comments = _comments(text)
    return [Value(path, default, comments.get(path, "")) for path, default in _leaves(yaml.safe_load(text))]


def set_by_the_chart(service: str) -> set[str]:
    """Return the settings that a service's template sets from values of their own."""
    texts = [CHART / "templates" / name for name in (f"{service}-deployment.yaml", "_pods.tpl")]
    return {
        name for path in texts for name in re.findall(r"KUBEDOOR_([A-Z_]+)", path.read_text(encoding="utf-8"))
    }


def further_settings(service: str) -> list[str]:
    """Return what `SERVICE.settings` takes: neither secrets, nor files, nor what has a value of its own."""
    fields = SERVICES[service].model_fields
    free = {
        name.upper()
        for name, field in fields.items()
        if "SecretStr" not in str(field.annotation) and not re.search(r"_file$|^kubeconfig$", name)
    }
    return sorted(free - set_by_the_chart(service))


def _kind_of(default: object) -> dict[str, Any]:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return {"type": kinds[type(default)]} if default is not None else {}


def _schema_of(value: Value) -> dict[str, Any]:
    schema = {"description": value.why, **_kind_of(value.default), **LIMITS.get(value.path, {})}
    service, _, name = value.path.partition(".")
    if value.path.rpartition(".")[2] in NULLABLE:
        schema["type"] = ["object", "null"]
    if name == "settings":
        schema["propertyNames"] = {"enum": further_settings(service)}
        schema["additionalProperties"] = {"type": ["string", "number", "boolean"]}
    return schema


def _with_pods() -> list[Value]:
    """Return every value that may be given: each component takes those of all pods, too."""
    listed = values()
    paths = {value.path for value in listed}
    for value in values():
        group, _, name = value.path.partition(".")
        for component in COMPONENTS if group == "pods" and name != "userIds" else ():
            own_class = (component, name) == ("webhook", "priorityClassName")
            if f"{component}.{name}" not in paths and not own_class:
                listed.append(Value(f"{component}.{name}", value.default, f"{value.why} Over `pods.{name}`."))
    return listed


def schema() -> str:
    """Return `values.schema.json`: a value that is misspelt or of another type is refused."""
    root: dict[str, Any] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "Generated by `make generate` from values.yaml; do not edit.",
        "type": "object",
        "additionalProperties": False,
        "properties": {"global": {"type": "object"}},
    }
    for value in _with_pods():
        *parents, name = value.path.split(".")
        place = root
        for parent in parents:
            empty = {"type": "object", "additionalProperties": False, "properties": {}}
            place = place["properties"].setdefault(parent, empty)
        place["properties"][name] = _schema_of(value)
    return json.dumps(root, indent=2, ensure_ascii=False) + "\n"


def defaults() -> str:
    """Return the values again, as a file that the chart's own templates can read."""
    head = "# Generated by `make generate` from values.yaml, which templates can't read; do not edit.\n"
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    return head + yaml.safe_dump(yaml.safe_load(text), sort_keys=False, allow_unicode=True, width=120)


def images() -> str:
    """Return every image that the chart may use, as its defaults name them, one a line, for a mirror."""
    defaults = {value.path: value.default for value in values()}
    version = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))["appVersion"]
    ours = [f"{defaults['image.registry']}/kubedoor-{name}:{version}" for name in (*SERVICES, "console")]
    others = [default for path, default in defaults.items() if path.endswith(".image")]
    return "\n".join([*ours, *others]) + "\n"


def timezones() -> str:
    """Return the names of all time zones, against which a release's is held before anything is installed."""
    return (files("tzdata") / "zones").read_text(encoding="utf-8")


def nginx_template() -> str:
    """Return the console's nginx template: a chart can only read files of its own."""
    return (CHECKOUT / "frontend" / "nginx" / "nginx.conf.template").read_text(encoding="utf-8")


ADMISSION_HEAD = """\
# Generated by `make generate` from the api's own code; do not edit.
#
# What switches admission on in a cluster, for when the console can't be reached. Deleting it is always enough
# to switch admission off, whatever else is broken:
#
#   kubectl delete mutatingwebhookconfiguration kubedoor
#
# Putting it back, for a release named kubedoor in the namespace kubedoor:
#
#   CA=$(kubectl -n kubedoor get secret kubedoor-webhook-tls -o jsonpath='{.data.ca\\.crt}')
#   SECRET=$(kubectl -n kubedoor get secret kubedoor-webhook-address \\
#     -o jsonpath='{.data.mutate-secret}' | base64 -d)
#   sed "s|CA_BUNDLE|$CA|; s|SECRET|$SECRET|" deploy/kubectl/kubedoor-admission.yaml | kubectl apply -f -
"""


def admission_manifest() -> str:
    """Return the MutatingWebhookConfiguration that the api makes for a default installation."""
    settings = ApiSettings.model_construct(
        own_namespace="kubedoor", webhook_service="kubedoor/kubedoor-webhook:443", webhook_timeout_s=5
    )
    every = Expression(settings.namespaces), Expression(settings.namespaces_excluded)
    policy = AdmissionPolicy(None, {}, *every, settings.own_namespace, Rules())
    document = manifest(settings, policy)
    del document["metadata"]["annotations"]
    client = document["webhooks"][0]["clientConfig"]
    client["service"]["path"], client["caBundle"] = f"{MUTATE_PATH}/SECRET", "CA_BUNDLE"
    return ADMISSION_HEAD + yaml.safe_dump(document, sort_keys=False)
