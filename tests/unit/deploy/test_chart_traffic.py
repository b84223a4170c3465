"""Who reaches whom: Services, certificates, nginx, network policies, what is scraped and alerted on."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from kubedoor_dev.chart import CHART
from kubedoor_dev.demo.paths import CHECKOUT
from support.rendering import (
    CONFIGURATIONS,
    MINIMAL,
    Object,
    container,
    environment,
    merged,
    objects_of,
    of_kind,
    pod_template,
    pods,
    rendered,
    templates,
)


def labels_of(configuration: str, component: str) -> dict[str, str]:
    """Return the labels of a component's pods."""
    made = [template for found in objects_of(configuration) if (template := pod_template(found))]
    found: dict[str, str] = next(
        template["metadata"]["labels"]
        for template in made
        if template["metadata"]["labels"]["app.kubernetes.io/component"] == component
    )
    return found


def policy(configuration: str, component: str) -> Object:
    """Return the network policy that holds for a component's pods."""
    labels = labels_of(configuration, component)
    found = [
        each["spec"]
        for each in of_kind(configuration, "NetworkPolicy")
        if each["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    ]
    assert len(found) == 1
    return dict(found[0])


def may_reach(configuration: str, source: str, target: str) -> bool:
    """Tell whether the policies let a component's pods reach another's."""
    labels = labels_of(configuration, source)
    return any(
        "from" not in rule
        or any(
            "podSelector" in peer and peer["podSelector"]["matchLabels"].items() <= labels.items()
            for peer in rule["from"]
        )
        for rule in policy(configuration, target).get("ingress", [])
    )


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_services_lead_to_a_port_of_their_pods(configuration: str) -> None:
    for service in of_kind(configuration, "Service"):
        component = service["metadata"]["labels"]["app.kubernetes.io/component"]
        assert service["spec"]["selector"].items() <= labels_of(configuration, component).items()
        ports = {port["name"] for port in container(configuration, component)["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def test_each_part_is_reached_by_those_who_need_it_alone() -> None:
    sources = ("collector", "webhook", "api", "console", "migrate", "clickhouse", "backup", "restore")
    configuration = "a bundled ClickHouse, backed up"
    reach = {
        target: {source for source in sources if may_reach(configuration, source, target)}
        for target in ("api", "clickhouse", "collector")
    }
    assert reach == {
        "api": {"console"},
        "clickhouse": {"collector", "webhook", "api", "migrate", "backup", "restore"},
        "collector": set(),
    }


def test_the_webhook_can_be_closed_to_all_but_the_api_server() -> None:
    assert policy("minimal", "webhook")["ingress"] == [{"ports": [{"port": "main"}]}]
    first = policy("monitoring", "webhook")["ingress"][0]
    assert {"ipBlock": {"cidr": "10.0.0.0/28"}} in first["from"]
    assert may_reach("monitoring", "api", "webhook")
    assert not may_reach("monitoring", "collector", "webhook")


def test_those_who_scrape_reach_what_they_scrape() -> None:
    for component in ("collector", "webhook", "api"):
        rules = policy("monitoring", component)["ingress"]
        assert any(
            {"namespaceSelector": {"matchLabels": {"name": "monitoring"}}} in rule.get("from", [])
            for rule in rules
        )


def test_the_switch_that_makes_service_monitors_lets_prometheus_in() -> None:
    texts = templates(merged(MINIMAL, {"monitoring": {"serviceMonitor": True}}))
    found = [each for each in yaml.safe_load_all(texts["networkpolicy.yaml"]) if each]
    scraped = {
        each["metadata"]["name"]
        for each in yaml.safe_load_all(texts["monitoring-servicemonitor.yaml"])
        if each
    }
    assert scraped == {"kubedoor-collector", "kubedoor-webhook", "kubedoor-api"}
    for each in found:
        peers = [peer for rule in each["spec"].get("ingress", []) for peer in rule.get("from", [])]
        names = [
            set(expression["values"])
            for peer in peers
            for expression in peer.get("podSelector", {}).get("matchExpressions", [])
        ]
        assert names == ([{"prometheus", "vmagent"}] if each["metadata"]["name"] in scraped else [])


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_list_is_empty(configuration: str) -> None:
    """The API server drops them, so that each server-side apply would change the object again."""

    def empty(found: Any, path: str) -> list[str]:
        if isinstance(found, dict):
            return [each for key, value in found.items() for each in empty(value, f"{path}.{key}")]
        if isinstance(found, list):
            inner = [each for value in found for each in empty(value, f"{path}[]")]
            return inner if found else [path]
        return []

    for found in objects_of(configuration):
        assert empty(found, found["kind"]) == []


def test_a_migration_is_tried_again() -> None:
    (job,) = [each for each in of_kind("minimal", "Job") if "migrate" in each["metadata"]["name"]]
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "OnFailure"
    assert job["spec"]["backoffLimit"] > 1000
    assert "activeDeadlineSeconds" not in job["spec"]


def test_the_self_signed_certificate_is_the_webhooks() -> None:
    data = of_kind("minimal", "Secret")
    secret = next(each["data"] for each in data if each["metadata"]["name"] == "kubedoor-webhook-tls")
    authority, certificate = (
        x509.load_pem_x509_certificate(base64.b64decode(secret[key])) for key in ("ca.crt", "tls.crt")
    )
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kubedoor-webhook.kubedoor.svc"]
    certificate.verify_directly_issued_by(authority)
    key = serialization.load_pem_private_key(base64.b64decode(secret["tls.key"]), None)
    assert certificate.public_key() == key.public_key()


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_the_api_names_the_webhook_as_its_certificate_does(configuration: str) -> None:
    if not {"api", "webhook"} <= dict(pods(configuration)).keys():
        return
    service = environment(configuration, "api")["KUBEDOOR_WEBHOOK_SERVICE"]["value"]
    namespace, name = service.removesuffix(":443").split("/")
    found = next(each for each in of_kind(configuration, "Service") if each["metadata"]["name"] == name)
    assert found["spec"]["ports"][0]["port"] == 443
    authority = environment(configuration, "api")["KUBEDOOR_WEBHOOK_CA_FILE"]["value"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container(configuration, "api")["volumeMounts"]}
    assert authority == f"{mounts['webhook-ca']}/ca.crt"
    for certificate in of_kind(configuration, "Certificate"):
        if not certificate["spec"].get("isCA"):
            assert certificate["spec"]["dnsNames"] == [f"{name}.{namespace}.svc"]
            injected = environment(configuration, "api")["KUBEDOOR_WEBHOOK_CERT_MANAGER"]["value"]
            assert injected == f"{namespace}/{certificate['metadata']['name']}"


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_nginx_is_filled_in_and_passes_on_to_the_api(configuration: str) -> None:
    for found in of_kind(configuration, "ConfigMap"):
        text = found["data"].get("nginx.conf", "")
        assert "${KUBEDOOR" not in text
        if text:
            upstream = re.search(r"server (\S+):8080;", text)
            assert upstream
            assert upstream[1] in {each["metadata"]["name"] for each in of_kind(configuration, "Service")}


def test_the_password_that_is_generated_is_the_one_that_nginx_asks_for() -> None:
    from passlib.hash import bcrypt

    secret = next(each["data"] for each in of_kind("minimal", "Secret") if "htpasswd" in each["data"])
    user, _, digest = base64.b64decode(secret["htpasswd"]).decode().strip().partition(":")
    password = base64.b64decode(secret["password"]).decode()
    assert user == "admin"
    assert len(password) >= 16
    assert bcrypt.verify(password, digest)
    assert len(base64.b64decode(secret["jwt-secret"])) >= 32


def test_the_api_knows_nginx_by_a_secret_that_both_have() -> None:
    secret = next(each["data"] for each in of_kind("minimal", "Secret") if "proxy-secret" in each["data"])
    proof = base64.b64decode(secret["proxy-secret"]).decode()
    assert re.fullmatch(r"[A-Za-z0-9]{32,}", proof)
    assert base64.b64decode(secret["proxy-secret.map"]).decode() == f"default {proof};\n"
    taken = environment("minimal", "api")["KUBEDOOR_PROXY_SECRET"]["valueFrom"]["secretKeyRef"]
    assert (taken["name"], taken["key"]) == ("kubedoor-auth", "proxy-secret")
    pod = next(
        template["spec"]
        for found in objects_of("minimal")
        if (template := pod_template(found))
        and template["metadata"]["labels"]["app.kubernetes.io/component"] == "console"
    )
    volume = next(each["secret"] for each in pod["volumes"] if each["name"] == "proxy")
    assert (volume["secretName"], [item["key"] for item in volume["items"]]) == (
        "kubedoor-auth",
        ["proxy-secret.map"],
    )
    mount = next(each for each in pod["containers"][0]["volumeMounts"] if each["name"] == "proxy")
    assert f"include {mount['mountPath']}/proxy-secret*.map;" in nginx_of("minimal")


def nginx_of(configuration: str) -> str:
    """Return the console's nginx configuration."""
    maps = of_kind(configuration, "ConfigMap")
    return str(next(each["data"]["nginx.conf"] for each in maps if "nginx.conf" in each["data"]))


def test_no_proxy_is_trusted_but_those_that_are_named() -> None:
    directive = re.compile(r"^\s*set_real_ip_from .*", re.MULTILINE)
    assert directive.findall(nginx_of("minimal")) == []
    networks = ["10.0.0.0/8", "fd00::/8"]
    texts = templates(merged(MINIMAL, {"console": {"trustedProxies": networks}}))
    (found,) = directive.findall("".join(texts.values()))
    assert found.split() == ["set_real_ip_from", "10.0.0.0/8;", "set_real_ip_from", "fd00::/8;"]


def test_alerts_are_about_metrics_that_exist() -> None:
    sources = "".join(path.read_text() for path in CHECKOUT.glob("services/*/src/**/*.py"))
    alerts = [
        rule
        for group in of_kind("monitoring", "PrometheusRule")[0]["spec"]["groups"]
        for rule in group["rules"]
    ]
    assert len(alerts) >= 5
    for alert in alerts:
        for metric in re.findall(r"kubedoor_\w+", alert["expr"]):
            assert f'"{re.sub("_(total|count)$", "", metric)}"' in sources, metric
        assert {"summary", "description"} == alert["annotations"].keys()


def test_a_migration_comes_first_where_clickhouse_is_there_already() -> None:
    def hook(configuration: str) -> Any:
        job = of_kind(configuration, "Job")[0]
        return job["metadata"].get("annotations", {}).get("helm.sh/hook")

    assert hook("external ClickHouse") == "pre-install,pre-upgrade"
    assert hook("minimal") is None, "the bundled ClickHouse is not there before the release"
    secret = next(
        each
        for each in of_kind("external ClickHouse with a password", "Secret")
        if each["metadata"]["name"] == "kubedoor-migrate"
    )
    assert int(secret["metadata"]["annotations"]["helm.sh/hook-weight"]) < 0


def test_all_who_ask_clickhouse_know_of_its_cluster() -> None:
    configuration = "a cluster of ClickHouse, backed up"
    asking = {component for component, _ in pods(configuration)} - {"console", "webhook-test", "uninstall"}
    assert asking == {"collector", "webhook", "api", "migrate", "backup", "restore"}
    for component in asking:
        found = environment(configuration, component)
        assert found["KUBEDOOR_CLICKHOUSE_CLUSTER"]["value"] == "{cluster}", component
    assert "KUBEDOOR_CLICKHOUSE_CLUSTER" not in environment("external ClickHouse", "migrate")


def test_a_job_that_no_hook_replaces_is_never_changed() -> None:
    """Kubernetes refuses a change of a Job's pods, and Helm would then fail to upgrade."""

    def job(values: Object) -> tuple[str, str]:
        text = templates(merged(MINIMAL, values))["migrate-job.yaml"]
        return yaml.safe_load(text)["metadata"]["name"], str(yaml.safe_load(text)["spec"])

    changes: tuple[Object, ...] = (
        {},
        {"logLevel": "debug"},
        {"image": {"tag": "2"}},
        {"image": {"pullSecrets": ["pull"]}},
        {"clickhouse": {"database": "another"}},
    )
    jobs = [job(values) for values in changes]
    assert len({name for name, _ in jobs}) == len({spec for _, spec in jobs}) == len(changes)
    assert job({}) == job({})


def test_a_hook_needs_nothing_that_comes_after_it() -> None:
    for configuration in (
        "external ClickHouse",
        "external ClickHouse with a password",
        "given secrets",
        "a cluster of ClickHouse, backed up",
    ):
        job = of_kind(configuration, "Job")[0]
        before = {
            each["metadata"]["name"]
            for each in objects_of(configuration)
            if "helm.sh/hook" in each["metadata"].get("annotations", {})
        }
        entries = job["spec"]["template"]["spec"]["containers"][0]["env"]
        names = {entry["valueFrom"]["secretKeyRef"]["name"] for entry in entries if "valueFrom" in entry}
        volumes = job["spec"]["template"]["spec"]["volumes"]
        names |= {volume["secret"]["secretName"] for volume in volumes if "secret" in volume}
        assert names <= before | {"ch"}
        assert job["spec"]["template"]["spec"]["serviceAccountName"] == "default"


def test_the_break_glass_manifest_is_what_the_api_makes_for_this_chart() -> None:
    text = (CHECKOUT / "deploy" / "kubectl" / "kubedoor-admission.yaml").read_text()
    hook = yaml.safe_load(text)["webhooks"][0]
    place = hook["clientConfig"]["service"]
    service = environment("minimal", "api")["KUBEDOOR_WEBHOOK_SERVICE"]["value"]
    assert f"{place['namespace']}/{place['name']}:{place['port']}" == service
    assert str(hook["timeoutSeconds"]) == environment("minimal", "api")["KUBEDOOR_WEBHOOK_TIMEOUT_S"]["value"]
    assert place["path"] == "/mutate/SECRET"
    assert "get secret kubedoor-webhook-address" in text
    assert "kubectl delete mutatingwebhookconfiguration kubedoor" in text
    assert "kubectl delete mutatingwebhookconfiguration kubedoor" in rendered("minimal")["NOTES.txt"]


def test_notes_tell_how_to_get_in() -> None:
    assert "get secret kubedoor-auth" in rendered("minimal")["NOTES.txt"]
    assert "https://kubedoor.example.org" in rendered("an Ingress")["NOTES.txt"]
    assert "Secret sign-in" in rendered("given secrets")["NOTES.txt"]
    assert "ldaps://ldap.example.org" in rendered("a directory")["NOTES.txt"]
    assert "failurePolicy is Fail" in rendered("everything set")["NOTES.txt"]
    assert "Admission is off" in rendered("minimal")["NOTES.txt"]
    assert "helm test kubedoor --namespace kubedoor" in rendered("minimal")["NOTES.txt"]
    assert "https://kubedoor.example.org" in rendered("a Gateway")["NOTES.txt"]
    assert "get secret kubedoor-api-token" in rendered("one cluster of several")["NOTES.txt"]


def test_a_gateway_leads_to_the_console() -> None:
    (route,) = of_kind("a Gateway", "HTTPRoute")
    assert route["spec"]["parentRefs"] == [
        {"name": "public", "namespace": "gateways", "sectionName": "https"}
    ]
    assert route["spec"]["hostnames"] == ["kubedoor.example.org"]
    (rule,) = route["spec"]["rules"]
    (backend,) = rule["backendRefs"]
    service = next(
        each for each in of_kind("a Gateway", "Service") if each["metadata"]["name"] == backend["name"]
    )
    assert backend["port"] in {port["port"] for port in service["spec"]["ports"]}
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
    assert may_reach("a Gateway", "api", "console"), "whoever carries the Gateway is let in"


def test_authorities_of_others_are_where_their_services_look() -> None:
    for component, variable, secret in (
        ("collector", "KUBEDOOR_PROMETHEUS_CA_FILE", "prometheus-ca"),
        ("api", "KUBEDOOR_PROMETHEUS_CA_FILE", "prometheus-ca"),
        ("webhook", "KUBEDOOR_TLS_CLIENT_CA_FILE", "api-server-ca"),
    ):
        path = environment("authorities", component)[variable]["value"]
        pod = dict(pods("authorities"))[component]
        mounts = {mount["mountPath"]: mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
        volume = next(each for each in pod["volumes"] if each["name"] == mounts[path.rpartition("/")[0]])
        assert volume["secret"]["secretName"] == secret
        assert volume["secret"]["items"] == [{"key": "ca.crt", "path": "ca.crt"}]


def test_the_store_of_metrics_is_asked_alike_by_all_who_ask_it() -> None:
    def asked(component: str) -> dict[str, Object]:
        found = environment("given secrets", component)
        return {name: entry for name, entry in found.items() if name.startswith("KUBEDOOR_PROMETHEUS_")}

    assert asked("api") == asked("collector")
    assert {"KUBEDOOR_PROMETHEUS_PASSWORD", "KUBEDOOR_PROMETHEUS_HEADERS"} <= set(asked("api"))


def test_the_chart_has_what_a_chart_has() -> None:
    found = {path.name for path in CHART.iterdir()}
    assert {"Chart.yaml", "README.md", "values.yaml", "values.schema.json", "templates"} <= found
