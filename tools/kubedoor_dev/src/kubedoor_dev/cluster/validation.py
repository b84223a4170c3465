"""What the API server refuses with 422, of every object; Deployments have their own module."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from kubedoor_dev.cluster import names
from kubedoor_dev.cluster.errors import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid,
    required,
    unsupported,
)

Json = dict[str, Any]
Errors = Iterator[FieldError]
Validator = Callable[[Json, Json | None], Errors]

IMMUTABLE = "field is immutable"
NOT_NEGATIVE = "must be greater than or equal to 0"
OPERATIONS = ("*", "CREATE", "UPDATE", "DELETE", "CONNECT")
SELECTOR_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
NO_SIDE_EFFECTS = ("None", "NoneOnDryRun")


def metadata(obj: Json, old: Json | None, *, label_name: bool = False) -> Errors:
    """Check the name, the labels and annotations, and on update what may not change."""
    meta = obj.get("metadata", {})
    if not meta.get("name"):
        yield required("metadata.name", "name or generateName is required")
    else:
        check = names.label if label_name else names.subdomain
        yield from check("metadata.name", meta["name"])
    yield from names.labels("metadata.labels", meta.get("labels", {}))
    for key in meta.get("annotations", {}):
        yield from names.qualified_key("metadata.annotations", key.lower())
    for field in ("uid", "creationTimestamp") if old else ():
        before, after = (old or {}).get("metadata", {}).get(field), meta.get(field)
        if before != after:
            yield invalid(f"metadata.{field}", after, IMMUTABLE)


def not_negative(field: str, value: int | None) -> Errors:
    """Check a count."""
    if value is not None and value < 0:
        yield invalid(field, value, NOT_NEGATIVE)


def label_selector(field: str, selector: Json | None) -> Errors:
    """Check a LabelSelector."""
    yield from names.labels(f"{field}.matchLabels", (selector or {}).get("matchLabels", {}))
    for index, one in enumerate((selector or {}).get("matchExpressions", [])):
        at, operator, values = f"{field}.matchExpressions[{index}]", one.get("operator"), one.get("values")
        if operator in ("In", "NotIn") and not values:
            yield required(f"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'")
        elif operator in ("Exists", "DoesNotExist") and values:
            why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            yield forbidden_field(f"{at}.values", why)
        elif operator not in SELECTOR_OPERATORS:
            yield invalid(f"{at}.operator", operator, "not a valid selector operator")
        yield from names.qualified_key(f"{at}.key", one.get("key", ""))


def scale(obj: Json, _: Json | None) -> Errors:
    """Check an autoscaling/v1 Scale."""
    yield from not_negative("spec.replicas", obj.get("spec", {}).get("replicas", 0))


def lease(obj: Json, _: Json | None) -> Errors:
    """Check a coordination.k8s.io/v1 Lease."""
    spec = obj.get("spec", {})
    seconds, transitions = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions")
    if seconds is not None and seconds <= 0:
        yield invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")
    yield from not_negative("spec.leaseTransitions", transitions)


def autoscaler(obj: Json, _: Json | None) -> Errors:
    """Check an autoscaling/v2 HorizontalPodAutoscaler."""
    spec = obj.get("spec", {})
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    if least < 1:
        yield invalid("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield invalid("spec.maxReplicas", most, "must be greater than 0")
    elif most < least:
        yield invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
    target = spec.get("scaleTargetRef", {})
    for field in ("kind", "name"):
        if not target.get(field):
            yield required(f"spec.scaleTargetRef.{field}")


def webhook_configuration(obj: Json, _: Json | None) -> Errors:
    """Check a MutatingWebhookConfiguration."""
    seen: set[str] = set()
    for index, webhook in enumerate(obj.get("webhooks", [])):
        at, name = f"webhooks[{index}]", webhook.get("name", "")
        if name in seen:
            yield duplicate(f"{at}.name", name)
        seen.add(name)
        yield from _webhook(at, webhook)


def _webhook(at: str, webhook: Json) -> Errors:
    yield from _webhook_name(f"{at}.name", webhook.get("name", ""))
    yield from _webhook_settings(at, webhook)
    for field in ("namespaceSelector", "objectSelector"):
        yield from label_selector(f"{at}.{field}", webhook[field])
    for index, rule in enumerate(webhook.get("rules", [])):
        yield from _rule(f"{at}.rules[{index}]", rule)
    yield from _client_config(f"{at}.clientConfig", webhook.get("clientConfig", {}))


def _webhook_settings(at: str, webhook: Json) -> Errors:
    yield from _review_versions(f"{at}.admissionReviewVersions", webhook)
    effects = webhook.get("sideEffects")
    if effects is None:
        yield required(f"{at}.sideEffects", "must specify one of None, NoneOnDryRun")
    elif effects not in NO_SIDE_EFFECTS:
        yield unsupported(f"{at}.sideEffects", effects, NO_SIDE_EFFECTS)
    for field, values in (
        ("failurePolicy", ("Fail", "Ignore")),
        ("matchPolicy", ("Equivalent", "Exact")),
        ("reinvocationPolicy", ("Never", "IfNeeded")),
    ):
        if webhook[field] not in values:
            yield unsupported(f"{at}.{field}", webhook[field], values)
    if not 1 <= webhook["timeoutSeconds"] <= 30:
        why = "the timeout value must be between 1 and 30 seconds"
        yield invalid(f"{at}.timeoutSeconds", webhook["timeoutSeconds"], why)
    if webhook.get("matchConditions"):
        yield forbidden_field(f"{at}.matchConditions", "the simulated cluster evaluates no CEL")


def _webhook_name(field: str, name: str) -> Errors:
    if not name:
        yield required(field)
        return
    yield from names.subdomain(field, name)
    if len(name.split(".")) < 3:
        why = "should be a domain with at least three segments separated by dots"
        yield invalid(field, name, why)


def _review_versions(field: str, webhook: Json) -> Errors:
    versions = webhook.get("admissionReviewVersions", [])
    if not versions:
        yield required(field, "must specify one of v1, v1beta1")
    elif "v1" not in versions:
        yield invalid(field, versions, "must include at least one of v1, v1beta1")


def _rule(at: str, rule: Json) -> Errors:
    for field in ("operations", "apiGroups", "apiVersions", "resources"):
        values = rule.get(field, [])
        if not values:
            yield required(f"{at}.{field}")
        if len(values) > 1 and "*" in values:
            why = "if '*' is present, must not specify other values"
            yield invalid(f"{at}.{field}", values, why)
    for index, operation in enumerate(rule.get("operations", [])):
        if operation not in OPERATIONS:
            yield unsupported(f"{at}.operations[{index}]", operation, OPERATIONS)
    if rule["scope"] not in ("*", "Cluster", "Namespaced"):
        yield unsupported(f"{at}.scope", rule["scope"], ("*", "Cluster", "Namespaced"))


def _client_config(at: str, config: Json) -> Errors:
    url, service = config.get("url"), config.get("service")
    if (url is None) == (service is None):
        yield required(at, "exactly one of url or service is required")
    elif url is not None:
        yield from _url(f"{at}.url", url)
    else:
        for field in ("name", "namespace"):
            if not (service or {}).get(field):
                yield required(f"{at}.service.{field}")
        yield from _path(f"{at}.service.path", (service or {}).get("path") or "/")


def _path(field: str, path: str) -> Errors:
    """Check the path of a webhook's Service: each part of it has the form of a subdomain."""
    if not path.startswith("/"):
        yield invalid(field, path, "must start with a '/'")
        return
    parts = path.removesuffix("/").split("/")[1:]
    for index, part in enumerate(parts):
        if not names.SUBDOMAIN.fullmatch(part):
            yield invalid(field, path, f"segment[{index}]: {names.NOT_A_SUBDOMAIN}")


def _url(field: str, url: str) -> Errors:
    parts = urlsplit(url)
    form = "; desired format: https://host[/path]"
    if parts.scheme != "https":
        yield invalid(field, parts.scheme, f"'https' is the only allowed URL scheme{form}")
    if not parts.netloc:
        yield invalid(field, url, f"host must be specified{form}")
    for name, value in (("fragment", parts.fragment), ("query", parts.query)):
        if value:
            yield invalid(field, value, f"{name}s are not permitted in the URL")
    if re.search(r"@", parts.netloc):
        yield invalid(field, parts.username, "user information is not permitted in the URL")


def nothing(_: Json, __: Json | None) -> Errors:
    """Refuse nothing."""
    yield from ()
