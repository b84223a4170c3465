"""The chart rendered with Helm's own engine, and what its objects consist of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import helm_python as helm
import yaml

from kubedoor_dev.chart import CHART

Object = dict[str, Any]

MINIMAL: Object = {"env": "test", "prometheus": {"url": "http://prometheus.monitoring:9090"}}

PLACED: Object = {
    "nodeSelector": {"pool": "system"},
    "tolerations": [{"key": "system", "operator": "Exists"}],
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [{"matchExpressions": [{"key": "arch", "operator": "Exists"}]}]
            }
        }
    },
    "topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "rack", "whenUnsatisfiable": "ScheduleAnyway"},
    ],
    "priorityClassName": "important",
    "podLabels": {"team": "platform"},
    "podAnnotations": {"example.org/injected": "false"},
    "resources": {"limits": {"cpu": "1"}},
    "extraEnv": [{"name": "EXTRA", "value": "1"}],
    "extraVolumes": [{"name": "extra", "emptyDir": {}}],
    "extraVolumeMounts": [{"name": "extra", "mountPath": "/extra"}],
}
"""Each of the values that hold for all pods."""
CONFIGURATIONS: dict[str, Object] = {
    "minimal": {},
    "external ClickHouse": {"clickhouse": {"mode": "external", "url": "https://clickhouse.data:8443"}},
    "external ClickHouse with a password": {
        "clickhouse": {"mode": "external", "url": "http://ch:8123", "password": "s3cret", "database": "kd"}
    },
    "given secrets": {
        "clickhouse": {"mode": "external", "url": "http://ch:8123", "existingSecret": "ch"},
        "auth": {"existingSecret": "sign-in"},
        "prometheus": {
            "existingSecret": "prometheus",
            "user": "kubedoor",
            "envLabel": "cluster=a",
            "headersSecret": "tenant",
        },
        "api": {
            "notifySecret": "chat",
            "ai": {
                "url": "http://vllm.models:8000/v1",
                "model": "qwen3",
                "keySecret": "ai",
                "caSecret": "ca",
            },
        },
        "webhook": {"certificate": {"source": "secret", "secretName": "webhook-pair"}},
    },
    "cert-manager with an issuer of our own": {"webhook": {"certificate": {"source": "cert-manager"}}},
    "cert-manager with a given issuer": {
        "webhook": {
            "certificate": {"source": "cert-manager", "issuerRef": {"name": "corp", "kind": "ClusterIssuer"}}
        }
    },
    "an Ingress": {
        "console": {
            "ingress": {
                "enabled": True,
                "host": "kubedoor.example.org",
                "className": "nginx",
                "tlsSecret": "console-tls",
                "annotations": {"nginx.ingress.kubernetes.io/proxy-body-size": "4m"},
            }
        }
    },
    "a NodePort": {"console": {"replicas": 2, "service": {"type": "NodePort", "nodePort": 30080}}},
    "monitoring": {
        "backup": {"enabled": True},
        "monitoring": {"serviceMonitor": True, "prometheusRule": True, "labels": {"release": "prometheus"}},
        "networkPolicy": {
            "metricsFrom": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}],
            "apiServerCidrs": ["10.0.0.0/28"],
        },
    },
    "one cluster of several": {
        "api": {"enabled": False, "remoteAccount": True},
        "console": {"enabled": False},
        "clickhouse": {"mode": "external", "url": "https://ch.example.org", "existingSecret": "ch"},
    },
    "the centre of several": {
        "collector": {"enabled": False},
        "webhook": {"enabled": False},
        "prometheus": {"url": ""},
        "clickhouse": {"mode": "external", "url": "https://ch.example.org", "existingSecret": "ch"},
        "api": {"clustersSecret": "clusters"},
        "auth": {"roles": {"groups": {"ops": "admin"}, "default": "viewer"}},
    },
    "a directory": {
        "auth": {
            "mode": "ldap",
            "ldap": {
                "url": "ldaps://ldap.example.org",
                "baseDn": "ou=people,dc=example,dc=org",
                "bindDn": "cn=reader,dc=example,dc=org",
                "bindSecret": "directory",
                "caSecret": "directory",
            },
            "roles": {"groups": {"ops": "admin"}},
        },
        "api": {"settings": {"LDAP_USER_FILTER": "(mail={user})"}},
    },
    "everything set": {
        "fullnameOverride": "kd",
        "timezone": "Asia/Shanghai",
        "peakHours": "22:00-01:30 mon-fri; 09:00-24:00",
        "image": {"registry": "registry.example.org/k", "tag": "1.2.3", "pullSecrets": ["pull"]},
        "clickhouse": {"password": "s3cret", "bundled": {"storageClass": "fast"}},
        "auth": {"user": "root", "password": "s3cret"},
        "collector": {"settings": {"MARGIN_PCT": 10, "REQUEST_RULE": "fleet"}},
        "webhook": {
            "replicas": 3,
            "drainSeconds": 30,
            "failurePolicy": "Fail",
            "port": 10250,
            "priorityClass": {"create": False, "name": "system-cluster-critical"},
            "settings": {"MAX_IN_FLIGHT": 64},
            "nodeSelector": {"pool": "system"},
            "tolerations": [{"key": "system", "operator": "Exists"}],
        },
        "api": {"settings": {"TOKEN_LIFETIME_S": 60}},
    },
    "a cluster of ClickHouse, backed up": {
        "clickhouse": {
            "mode": "external",
            "url": "http://ch:8123",
            "existingSecret": "ch",
            "cluster": "{cluster}",
        },
        "backup": {"enabled": True, "storageClass": "cold"},
    },
    "a bundled ClickHouse, backed up": {
        "timezone": "Asia/Shanghai",
        "backup": {"enabled": True, "existingClaim": "archive", "keep": 3},
    },
    "back-ups in an object store": {
        "backup": {
            "enabled": True,
            "objectStore": {
                "bucket": "backups/kubedoor",
                "endpoint": "https://s3.example.org",
                "region": "eu-1",
                "existingSecret": "store",
            },
            "restore": {"file": "kubedoor-20260101T000000Z.jsonl.gz", "intoNonEmpty": True},
        },
    },
    "a Gateway": {
        "console": {
            "gateway": {
                "enabled": True,
                "parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
                "hosts": ["kubedoor.example.org"],
            }
        }
    },
    "authorities": {
        "prometheus": {"caSecret": "prometheus-ca"},
        "webhook": {"clientCaSecret": "api-server-ca"},
    },
    "Grafana": {
        "grafana": {
            "provision": True,
            "namespace": "monitoring",
            "upstream": "grafana.monitoring.svc.cluster.local:80",
            "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
        }
    },
    "Grafana with an external ClickHouse": {
        "clickhouse": {"mode": "external", "url": "https://ch.example.org", "existingSecret": "ch"},
        "grafana": {
            "provision": True,
            "upstream": "grafana.example.org:3000",
            "resolver": "10.96.0.10",
            "keySecret": "grafana-key",
            "datasource": {"user": "reader", "password": "s3cret"},
        },
    },
    "a link to Grafana": {"grafana": {"url": "https://grafana.example.org/"}},
    "every pod placed": {
        "prometheus": {"url": ""},
        "monitoring": {"stack": "full"},
        "pods": PLACED,
        "webhook": {"tolerations": [{"key": "edge", "operator": "Exists"}], "podLabels": {"tier": "0"}},
        "backup": {"enabled": True},
    },
    "OpenShift": {"pods": {"userIds": False}, "backup": {"enabled": True}},
    "a mirror": {
        "imageRegistry": "registry.example.org:5000/mirror",
        "image": {"digests": {"webhook": f"sha256:{'0' * 64}"}},
        "backup": {"enabled": True},
    },
    "two families of addresses": {
        "network": {"listen": "[::]", "ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv6", "IPv4"]}
    },
    "the nodes' network": {"webhook": {"hostNetwork": True, "port": 10260}},
    "accounts and annotations of one's own": {
        "collector": {"serviceAccountName": "given", "serviceAnnotations": {"a/b": "c"}},
        "webhook": {"serviceAccountAnnotations": {"a/b": "c"}, "serviceAnnotations": {"a/b": "c"}},
        "api": {
            "serviceAccountName": "given",
            "serviceAnnotations": {"a/b": "c"},
            "proxy": {"https": "http://proxy.example.org:3128", "exceptions": "chat.example.org"},
        },
        "console": {"serviceAccountAnnotations": {"a/b": "c"}, "service": {"annotations": {"a/b": "c"}}},
        "clickhouse": {"bundled": {"serviceAnnotations": {"a/b": "c"}}},
    },
    "an agent": {
        "monitoring": {
            "stack": "agent",
            "verifyKubelets": True,
            "remoteWrite": {"url": "https://metrics.example.org/api/v1/write", "existingSecret": "metrics"},
            "nodeExporter": {"hostRoot": False},
        },
    },
    "a monitoring stack": {
        "prometheus": {"url": ""},
        "backup": {"enabled": True},
        "monitoring": {
            "stack": "full",
            "alertmanager": {"tokenSecret": "ingest", "envs": ["far"], "storageClass": "fast"},
            "victoriaMetrics": {"storageClass": "fast", "from": [{"namespaceSelector": {}}]},
        },
    },
    "a monitoring stack with its own routes": {
        "prometheus": {"url": ""},
        "webhook": {"enabled": False},
        "monitoring": {"stack": "full", "alertmanager": {"configSecret": "routes"}},
    },
    "no network policies": {
        "networkPolicy": {"enabled": False},
        "webhook": {"priorityClass": {"create": False}},
    },
}
"""What people install, by name; laid over `MINIMAL`."""


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Object:
    """Lay values over others, as Helm does."""
    result = dict(base)
    for key, value in over.items():
        nested = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if nested else value
    return result


def templates(values: Mapping[str, Any], namespace: str = "kubedoor") -> dict[str, str]:
    """Render the chart with exactly these values over its defaults; texts by file name."""
    with helm.Chart.load(CHART) as chart:
        rendered = chart.render(dict(values), name="kubedoor", namespace=namespace)
    return {path.rpartition("/")[2]: text for path, text in rendered.items()}


@cache
def rendered(configuration: str) -> dict[str, str]:
    """Render one of the configurations, once; texts by file name."""
    return templates(merged(MINIMAL, CONFIGURATIONS[configuration]))


def objects(texts: Mapping[str, str]) -> list[Object]:
    """Return every object of a rendering."""
    manifests = [text for name, text in texts.items() if name != "NOTES.txt"]
    return [found for text in manifests for found in yaml.load_all(text, yaml.CSafeLoader) if found]


@cache
def objects_of(configuration: str) -> tuple[Object, ...]:
    """Return every object of a configuration; not to be changed."""
    return tuple(objects(rendered(configuration)))


def of_kind(configuration: str, kind: str) -> list[Object]:
    """Return the objects of a kind in a configuration."""
    return [found for found in objects_of(configuration) if found["kind"] == kind]


def pod_template(found: Object) -> Object | None:
    """Return what the pods of a workload are made from; none of anything else."""
    spec = found.get("spec", {})
    template: Object | None = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    return template


def pods(configuration: str) -> Iterator[tuple[str, Object]]:
    """Return the pod specification of each workload, by component."""
    for found in objects_of(configuration):
        if found["kind"] == "Pod":
            yield found["metadata"]["labels"]["app.kubernetes.io/component"], found["spec"]
        elif template := pod_template(found):
            yield template["metadata"]["labels"]["app.kubernetes.io/component"], template["spec"]


def container(configuration: str, component: str) -> Object:
    """Return the one container of a component."""
    found: Object = dict(pods(configuration))[component]["containers"][0]
    return found


def environment(configuration: str, component: str) -> dict[str, Object]:
    """Return a component's variables by name; a secret that is a file under its own name, by reference."""
    secrets = dict(secret_files(configuration, component))
    entries = container(configuration, component).get("env", [])
    plain = {entry["name"]: entry for entry in entries if entry["name"].removesuffix("_FILE") not in secrets}
    return plain | secrets


def secret_files(configuration: str, component: str) -> Iterator[tuple[str, Object]]:
    """Return the secrets that a component reads from files: setting and reference."""
    pod = dict(pods(configuration))[component]
    found = pod["containers"][0]
    mounts = {mount["mountPath"]: mount["name"] for mount in found.get("volumeMounts", [])}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    for entry in found.get("env", []):
        folder, _, key = str(entry.get("value", "")).rpartition("/")
        if folder.startswith("/etc/kubedoor/secrets/"):
            name, volume = entry["name"].removesuffix("_FILE"), volumes[mounts[folder]]["secret"]
            assert {"key": key, "path": key} in volume["items"], name
            reference = {"name": volume["secretName"], "key": key}
            yield name, {"name": name, "valueFrom": {"secretKeyRef": reference}}
