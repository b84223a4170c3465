"""What the chart makes for Grafana: dashboards, a data source that may only read, the key of its sign-in."""

from __future__ import annotations

import base64
import configparser
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from kubedoor_api.auth import token as token_of
from kubedoor_api.config import environment as sign_in
from kubedoor_dev.chart import CHART
from kubedoor_dev.demo.paths import CHECKOUT
from support.grafana import BOARDS
from support.rendering import (
    MINIMAL,
    Object,
    container,
    environment,
    merged,
    objects,
    of_kind,
    pods,
    rendered,
    templates,
)

EMBEDDED = ("Grafana", "Grafana with an external ClickHouse")


def labelled(configuration: str, kind: str, label: str) -> list[Object]:
    """Return the objects that a sidecar finds by a label."""
    return [each for each in of_kind(configuration, kind) if each["metadata"]["labels"].get(label) == "1"]


def datasource(configuration: str) -> dict[str, Any]:
    """Return the data source that is provisioned."""
    (secret,) = labelled(configuration, "Secret", "grafana_datasource")
    (found,) = yaml.safe_load(secret["stringData"]["kubedoor.yaml"])["datasources"]
    return dict(found)


def secret(configuration: str, name: str) -> Object:
    """Return a Secret by name."""
    return next(each for each in of_kind(configuration, "Secret") if each["metadata"]["name"] == name)


def test_nothing_is_made_unless_it_is_asked_for() -> None:
    assert "grafana" not in str(
        [rendered("minimal")[name] for name in ("grafana-secret.yaml", "api-deployment.yaml")]
    )
    assert labelled("minimal", "ConfigMap", "grafana_dashboard") == []
    assert "127.0.0.1:9" in rendered("minimal")["console-configmap.yaml"]


@pytest.mark.parametrize("configuration", EMBEDDED)
def test_the_sidecar_finds_every_dashboard_and_the_data_source(configuration: str) -> None:
    maps = labelled(configuration, "ConfigMap", "grafana_dashboard")
    found = {name: json.loads(text) for each in maps for name, text in each["data"].items()}
    assert found == {f"{uid}.json": board for uid, board in BOARDS.items()}
    assert {each["metadata"]["annotations"]["grafana_folder"] for each in maps} == {"KubeDoor"}
    assert datasource(configuration)["uid"] == "kubedoor-clickhouse"
    assert datasource(configuration)["type"] == "grafana-clickhouse-datasource"


def test_they_are_where_the_sidecar_looks_under_names_that_no_other_release_has() -> None:
    made = labelled("Grafana", "ConfigMap", "grafana_dashboard") + labelled(
        "Grafana", "Secret", "grafana_datasource"
    )
    assert {each["metadata"]["namespace"] for each in made} == {"monitoring"}
    assert all(each["metadata"]["name"].startswith("kubedoor-kubedoor-") for each in made)


def test_the_data_source_leads_to_the_clickhouse_of_the_release() -> None:
    bundled = datasource("Grafana")["jsonData"]
    assert (bundled["host"], bundled["port"], bundled["secure"]) == (
        "kubedoor-clickhouse.kubedoor.svc",
        8123,
        False,
    )
    external = datasource("Grafana with an external ClickHouse")
    assert external["jsonData"] == {
        "protocol": "http",
        "host": "ch.example.org",
        "port": 443,
        "secure": True,
        "username": "reader",
        "defaultDatabase": "kubedoor",
    }
    assert external["secureJsonData"] == {"password": "s3cret"}


def test_without_a_password_of_an_external_clickhouse_grafana_has_it() -> None:
    values = {"clickhouse": {"mode": "external", "url": "http://ch:8123"}, "grafana": {"provision": True}}
    assert "$KUBEDOOR_CLICKHOUSE_PASSWORD" in templates(merged(MINIMAL, values))["grafana-secret.yaml"]


def test_a_password_is_taken_literally() -> None:
    values = {"grafana": {"provision": True, "datasource": {"password": 'a$b"c'}}}
    made = [each for each in objects(templates(merged(MINIMAL, values))) if each["kind"] == "Secret"]
    (source,) = [each["stringData"]["kubedoor.yaml"] for each in made if "stringData" in each]
    assert yaml.safe_load(source)["datasources"][0]["secureJsonData"] == {"password": 'a$$b"c'}
    (reader,) = [each["data"] for each in made if each["metadata"]["name"] == "kubedoor-grafana-reader"]
    assert base64.b64decode(reader["clickhouse-password"]).decode() == 'a$b"c'


def test_with_a_given_secret_of_the_bundled_clickhouse_grafana_has_it_too() -> None:
    values = {"grafana": {"provision": True, "datasource": {"existingSecret": "reader"}}}
    texts = templates(merged(MINIMAL, values))
    assert "$KUBEDOOR_CLICKHOUSE_PASSWORD" in texts["grafana-secret.yaml"]
    assert "grafana-reader" not in texts["grafana-secret.yaml"]
    assert "name: reader, key: clickhouse-password" in texts["clickhouse-statefulset.yaml"]


def test_the_bundled_clickhouse_has_a_user_who_may_only_read() -> None:
    (users,) = [each["data"] for each in of_kind("Grafana", "ConfigMap") if "grafana.xml" in each["data"]]
    tree = ET.fromstring(users["grafana.xml"])
    user = tree.find("users/grafana")
    assert user is not None
    assert [each.text for each in user.iter("query")] == ["GRANT SELECT ON kubedoor.*"]
    profile = tree.find(f"profiles/{user.findtext('profile')}")
    assert profile is not None
    assert profile.findtext("readonly") == "2"
    password = user.find("password")
    assert password is not None
    entry = environment("Grafana", "clickhouse")[password.attrib["from_env"]]["valueFrom"]["secretKeyRef"]
    given = base64.b64decode(secret("Grafana", entry["name"])["data"][entry["key"]]).decode()
    assert given == datasource("Grafana")["secureJsonData"]["password"]
    assert len(given) >= 32
    assert datasource("Grafana")["jsonData"]["username"] == "grafana"
    mounts = {each["mountPath"]: each for each in container("Grafana", "clickhouse")["volumeMounts"]}
    assert mounts["/etc/clickhouse-server/users.d/grafana.xml"]["readOnly"] is True


def test_the_api_signs_with_the_key_that_grafana_verifies_with() -> None:
    entry = environment("Grafana", "api")["KUBEDOOR_GRAFANA_KEY"]["valueFrom"]["secretKeyRef"]
    own = secret("Grafana", entry["name"])
    there = secret("Grafana", "kubedoor-kubedoor-key")
    assert own["data"] == there["data"]
    assert (own["metadata"]["namespace"], there["metadata"]["namespace"]) == ("kubedoor", "monitoring")
    sign_in.private_key(base64.b64decode(own["data"]["key.pem"]).decode())
    assert environment("Grafana", "api")["KUBEDOOR_GRAFANA_URL"]["value"] == sign_in.GRAFANA_PATH
    given = environment("Grafana with an external ClickHouse", "api")["KUBEDOOR_GRAFANA_KEY"]
    assert given["valueFrom"]["secretKeyRef"] == {"name": "grafana-key", "key": "key.pem"}
    assert "kubedoor-kubedoor-key in the namespace monitoring" in rendered("Grafana")["NOTES.txt"]


def test_a_link_needs_no_key() -> None:
    found = environment("a link to Grafana", "api")
    assert found["KUBEDOOR_GRAFANA_URL"]["value"] == "https://grafana.example.org/"
    assert "KUBEDOOR_GRAFANA_KEY" not in found


def test_nginx_leads_to_grafana_by_a_name_server() -> None:
    text = rendered("Grafana")["console-configmap.yaml"]
    assert "set $kubedoor_grafana grafana.monitoring.svc.cluster.local:80;" in text
    assert "resolver kube-dns.kube-system.svc.cluster.local valid=" in text
    assert (
        "resolver 10.96.0.10 valid="
        in rendered("Grafana with an external ClickHouse")["console-configmap.yaml"]
    )


def test_grafana_reaches_the_bundled_clickhouse() -> None:
    def peers(configuration: str) -> list[Object]:
        (policy,) = [
            each["spec"] for each in of_kind(configuration, "NetworkPolicy")
            if each["metadata"]["name"] == "kubedoor-clickhouse"
        ]  # fmt: skip
        return list(policy["ingress"][0]["from"])

    grafana = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    assert grafana in peers("Grafana")
    assert len(peers("Grafana")) == len(peers("minimal")) + 1


def test_grafanas_settings_are_those_of_the_token_and_of_nginx() -> None:
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(CHECKOUT / "deploy" / "grafana" / "grafana.ini")
    token = ini["auth.jwt"]
    nginx = (CHART / "files" / "nginx.conf.template").read_text()
    assert f"proxy_set_header {token['header_name']} $kubedoor_grafana_token;" in nginx
    assert json.loads(token["expect_claims"]) == {"aud": token_of.GRAFANA_AUDIENCE, "iss": token_of.ISSUER}
    assert (token["username_claim"], token["role_attribute_path"]) == ("sub", "role")
    assert token.getboolean("enabled")
    assert token.getboolean("role_attribute_strict")
    assert not token.getboolean("url_login")
    assert ini["server"]["root_url"].endswith(sign_in.GRAFANA_PATH)
    assert ini["server"].getboolean("serve_from_sub_path")
    assert ini["security"].getboolean("allow_embedding")
    assert not ini["auth.anonymous"].getboolean("enabled")
    assert not ini["auth.basic"].getboolean("enabled")


def test_only_the_api_and_grafana_get_the_key() -> None:
    for component, pod in pods("Grafana"):
        names = [volume.get("secret", {}).get("secretName") for volume in pod["volumes"]]
        used = str([each.get("env", []) for each in pod["containers"]])
        assert ("grafana-key" in used + str(names)) == (component == "api"), component
