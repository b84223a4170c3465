"""Values that contradict each other fail with one line that says what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import helm_python as helm
import pytest

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.errors import BadValueError
from kubedoor_dev.chart import CHART
from support.rendering import MINIMAL, merged, templates

EXTERNAL = {"mode": "external", "url": "http://ch:8123"}
UPSTREAM = "grafana.monitoring.svc.cluster.local:80"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no env": ({"env": ""}, "env is not set: give this cluster a name"),
    "no metrics": ({"prometheus": {"url": ""}}, "prometheus.url is not set"),
    "two stores of metrics": (
        {"monitoring": {"stack": "full"}},
        "prometheus.url is set, and monitoring.stack is full",
    ),
    "a monitoring stack without a console": (
        {"prometheus": {"url": ""}, "monitoring": {"stack": "full"}, "console": {"enabled": False}},
        "Alertmanager sends through the console's nginx",
    ),
    "an agent that writes nowhere": (
        {"monitoring": {"stack": "agent"}},
        "monitoring.remoteWrite.url is not set",
    ),
    "an address nobody writes to": (
        {"monitoring": {"remoteWrite": {"url": "http://metrics/api/v1/write"}}},
        "set monitoring.stack=agent, or leave the url out",
    ),
    "two configurations of Alertmanager": (
        {
            "prometheus": {"url": ""},
            "monitoring": {"stack": "full", "alertmanager": {"tokenSecret": "a", "configSecret": "b"}},
        },
        "choose one",
    ),
    "alerts of nobody": (
        {"monitoring": {"alertmanager": {"tokenSecret": "a"}}},
        "nobody would use it",
    ),
    "an external ClickHouse nowhere": ({"clickhouse": {"mode": "external"}}, "clickhouse.url is not set"),
    "two ClickHouses": ({"clickhouse": {"url": "http://ch:8123"}}, "clickhouse.mode is bundled"),
    "a cluster of one server": (
        {"clickhouse": {"cluster": "main"}},
        "the bundled ClickHouse is one server",
    ),
    "a back-up where no api is": (
        {"backup": {"enabled": True}, "api": {"enabled": False}, "console": {"enabled": False}},
        "back up where the api runs",
    ),
    "a back-up at no time": (
        {"backup": {"enabled": True, "schedule": "daily"}},
        "backup.schedule",
    ),
    "two passwords of ClickHouse": (
        {"clickhouse": {**EXTERNAL, "password": "a", "existingSecret": "b"}},
        "clickhouse.password and clickhouse.existingSecret are both set",
    ),
    "two sources of sign-in": (
        {"auth": {"password": "a", "existingSecret": "b"}},
        "auth.password and auth.existingSecret are both set",
    ),
    "a directory that is not asked": (
        {"auth": {"ldap": {"url": "ldaps://d"}}},
        "auth.ldap.url is set, and auth.mode is basic",
    ),
    "a directory nowhere": ({"auth": {"mode": "ldap"}}, "auth.ldap.url is not set"),
    "a directory without a way to find users": (
        {"auth": {"mode": "ldap", "ldap": {"url": "ldaps://d"}}},
        "auth.ldap.userDn or auth.ldap.baseDn must be set",
    ),
    "a directory without roles": (
        {"auth": {"mode": "ldap", "ldap": {"url": "ldaps://d", "userDn": "uid={user}"}}},
        "auth.roles is not set",
    ),
    "a password beside a directory": (
        {"auth": {"mode": "ldap", "password": "p"}},
        "auth.password is set, and auth.mode is ldap",
    ),
    "a user of Prometheus without password": (
        {"prometheus": {"user": "me"}},
        "prometheus.user is set without prometheus.existingSecret",
    ),
    "a given certificate without name": (
        {"webhook": {"certificate": {"source": "secret"}}},
        "webhook.certificate.secretName is not set",
    ),
    "two sources of the certificate": (
        {"webhook": {"certificate": {"source": "cert-manager", "secretName": "mine"}}},
        "two sources of one certificate",
    ),
    "an issuer that nobody asks": (
        {"webhook": {"certificate": {"issuerRef": {"name": "corp"}}}},
        "two sources of one certificate",
    ),
    "two priority classes": (
        {"webhook": {"priorityClass": {"name": "mine"}}},
        "webhook.priorityClass.create and webhook.priorityClass.name",
    ),
    "a console without api": ({"api": {"enabled": False}}, "the console needs the api beside it"),
    "an Ingress without host": (
        {"console": {"ingress": {"enabled": True}}},
        "console.ingress.host is not set",
    ),
    "a node port of no NodePort": (
        {"console": {"service": {"nodePort": 30080}}},
        "set console.service.type=NodePort",
    ),
    "an account for an api that is here": (
        {"api": {"remoteAccount": True}},
        "api.remoteAccount is true, and api.enabled is true",
    ),
    "one's own cluster of one": ({"api": {"ownCluster": True}}, "api.ownCluster is true without"),
    "an HTTPRoute of no Gateway": (
        {"console": {"gateway": {"enabled": True, "hosts": ["a.example.org"]}}},
        "console.gateway.parentRefs is not set",
    ),
    "an HTTPRoute without host": (
        {"console": {"gateway": {"enabled": True, "parentRefs": [{"name": "public"}]}}},
        "console.gateway.hosts is not set",
    ),
    "two ways to Grafana": (
        {"grafana": {"upstream": UPSTREAM, "url": "https://grafana.example.org/"}},
        "grafana.upstream and grafana.url are both set",
    ),
    "Grafana behind no console": (
        {"grafana": {"upstream": UPSTREAM}, "console": {"enabled": False}},
        "console.enabled is false",
    ),
    "a key for no Grafana": ({"grafana": {"keySecret": "mine"}}, "grafana.keySecret is set without"),
    "a password of no data source": (
        {"grafana": {"datasource": {"password": "p"}}},
        "grafana.provision is false",
    ),
    "two passwords of a reader": (
        {"grafana": {"provision": True, "datasource": {"password": "p", "existingSecret": "s"}}},
        "grafana.datasource.password and grafana.datasource.existingSecret are both set",
    ),
    "a Secret for an external reader": (
        {"clickhouse": EXTERNAL, "grafana": {"provision": True, "datasource": {"existingSecret": "s"}}},
        "is for the bundled ClickHouse",
    ),
    "Grafana's way to a ClickHouse of one's own": (
        {"clickhouse": EXTERNAL, "grafana": {"from": [{"podSelector": {}}]}},
        "open your own ClickHouse to Grafana",
    ),
    "Grafana as a user who may write": (
        {"grafana": {"provision": True, "datasource": {"user": "kubedoor"}}},
        "give Grafana a user who may only read",
    ),
    "a client's authority of no webhook": (
        {"webhook": {"enabled": False, "clientCaSecret": "ca"}},
        "webhook.clientCaSecret is set, and webhook.enabled is false",
    ),
    "a misspelt time zone": ({"timezone": "Asia/Shangai"}, '"Asia/Shangai" is not a time zone'),
    "an expression that is none": ({"namespaces": "team-(a|b"}, "namespaces: "),
    "an expression that is not RE2's": ({"namespacesExcluded": "(?!kube-).*"}, "namespacesExcluded: "),
    "a role's expression that is none": (
        {"auth": {"roles": {"groups": {"ops": [{"role": "admin", "namespace": "[a-"}]}}}},
        "auth.roles.groups.ops.namespace: ",
    ),
    "nothing at all": (
        {name: {"enabled": False} for name in ("collector", "webhook", "api", "console")},
        "nothing is left to install",
    ),
}
BAD_PEAK_HOURS = (
    "",
    "10:00",
    "10-11",
    "25:00-26:00",
    "10:00-10:00",
    "10:60-11:00",
    "10:00-11:30;x",
    "24:00-25:00",
)
MISTYPED: dict[str, dict[str, Any]] = {
    "a misspelt value": {"timezon": "UTC"},
    "a misspelt value further down": {"webhook": {"replica": 2}},
    "a word for a number": {"webhook": {"replicas": "two"}},
    "an unknown source": {"webhook": {"certificate": {"source": "letsencrypt"}}},
    "an unknown type of store": {"prometheus": {"type": "graphite"}},
    "no webhook replica": {"webhook": {"replicas": 0}},
    "a setting that does not exist": {"collector": {"settings": {"MARGIN": 10}}},
    "a secret among the settings": {"api": {"settings": {"JWT_SECRET": "x" * 32}}},
    "a bad time of day": {"collector": {"collectAt": "25:00"}},
    "Grafana's Service without its domain": {"grafana": {"upstream": "grafana:80"}},
    "Grafana's Service as an address": {"grafana": {"upstream": "http://grafana.monitoring.svc:80/"}},
    "an address that does not end": {"grafana": {"url": "https://grafana.example.org"}},
    "a reader's name that is none": {"grafana": {"datasource": {"user": "a><b"}}},
    "a bad cluster name": {"clickhouse": {"cluster": "a' ON"}},
    "an unknown role": {"auth": {"roles": {"users": {"ada": "superuser"}}}},
    "a grant that is none": {"auth": {"roles": {"groups": {"ops": 1}}}},
    "a misspelt part of the roles": {"auth": {"roles": {"user": "admin"}}},
    "a size that is none": {"backup": {"storage": "1GB"}},
    "a size of the bundled ClickHouse": {"clickhouse": {"bundled": {"storage": "ten"}}},
    "an address to listen on that is none": {"network": {"listen": "::"}},
    "a digest that is none": {"image": {"digests": {"api": "latest"}}},
    "a policy of families that is none": {"network": {"ipFamilyPolicy": "DualStack"}},
    "no back-up kept": {"backup": {"keep": 0}},
    "a bad database name": {"clickhouse": {"database": "a-b; DROP"}},
}


def refusal(values: dict[str, Any]) -> str:
    """Return what Helm says to values over the minimal ones."""
    with pytest.raises(helm.HelmError) as caught:
        templates(merged(MINIMAL, values))
    return str(caught.value)


def names(values: dict[str, Any]) -> list[str]:
    """Return the names on the way to the first value."""
    name, value = next(iter(values.items()))
    return [name, *(names(value) if isinstance(value, dict) else [])]


@pytest.mark.parametrize("case", REFUSED)
def test_a_contradiction_is_refused_in_one_line(case: str) -> None:
    values, expected = REFUSED[case]
    said = refusal(values)
    assert expected in said
    assert "\n" not in said.strip()


@pytest.mark.parametrize("text", BAD_PEAK_HOURS)
def test_a_bad_peak_window_is_refused_as_the_services_refuse_it(text: str) -> None:
    with pytest.raises(BadValueError):
        parse_peak_hours(text or " ")
    said = refusal({"peakHours": text})
    assert "peakHours" in said
    assert "\n" not in said.strip()


@pytest.mark.parametrize(
    "text", ["10:00-11:30", "22:00-02:00", "09:00-24:00", "10:00-11:30 mon-fri; 20:00-21:00 sat,sun"]
)
def test_a_good_peak_window_is_taken(text: str) -> None:
    parse_peak_hours(text)
    assert text in templates(merged(MINIMAL, {"peakHours": text}))["collector-deployment.yaml"]


OURS = {"app.kubernetes.io/part-of": "kubedoor", "app.kubernetes.io/component": "api"}
GOOD: tuple[dict[str, Any], ...] = (
    {"timezone": "America/Argentina/Buenos_Aires"},
    {"namespaces": "team-(a|b)-.*", "namespacesExcluded": ""},
    {"auth": {"roles": {"users": {"ada": "admin"}, "default": [{"role": "viewer", "env": "prod.*"}]}}},
    {"backup": {"storage": "1.5Ti"}},
)


@pytest.mark.parametrize("values", GOOD)
def test_what_is_right_is_taken(values: dict[str, Any]) -> None:
    assert templates(merged(MINIMAL, values))


GROUPS = ("pods-delete", "events", "findings", "nodes")
"""Rights of the api that are switched on by themselves, each in a ClusterRole of its own."""


@pytest.mark.parametrize(
    ("name", "labels", "refused"),
    [
        ("other-kubedoor-api", OURS, True),
        ("kubedoor-kubedoor-api", OURS, False),
        *((f"kubedoor-kubedoor-api-{group}", OURS, False) for group in GROUPS),
        ("other-kubedoor-api-pods-delete", OURS, True),
        ("somebody-elses", {"app.kubernetes.io/component": "api"}, False),
        ("without-labels", None, False),
    ],
)  # fmt: skip
def test_a_second_release_is_refused(
    name: str, labels: dict[str, str] | None, refused: bool, tmp_path: Path
) -> None:
    """By the ClusterRoles that a cluster would tell; here they are given to the rule itself."""
    shutil.copytree(CHART, tmp_path / "kubedoor")
    roles = json.dumps([{"metadata": {"name": name, "labels": labels}}])
    rule = (
        '{{- include "kubedoor.complete" . -}}{{- include "kubedoor.alone" (list . (fromJsonArray `%s`)) -}}'
    )
    (tmp_path / "kubedoor" / "templates" / "trial.yaml").write_text(rule % roles)
    with helm.Chart.load(tmp_path / "kubedoor") as chart:
        if refused:
            with pytest.raises(helm.HelmError, match="another release of KubeDoor governs this cluster"):
                chart.render(MINIMAL, name="kubedoor", namespace="kubedoor")
        else:
            assert chart.render(MINIMAL, name="kubedoor", namespace="kubedoor")


@pytest.mark.parametrize("case", MISTYPED)
def test_a_value_of_the_wrong_kind_is_refused_and_named(case: str) -> None:
    assert names(MISTYPED[case])[-1] in refusal(MISTYPED[case])
