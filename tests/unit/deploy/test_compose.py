"""docker-compose.yml: its form, and that everything it points to is there."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from compose_spec import PyCompose

from kubedoor_dev.demo.paths import CHECKOUT

DOCUMENT: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
OURS = ("collector", "webhook", "api", "migrate", "prepare", "console")


def parse(document: dict[str, Any]) -> None:
    """Hold a document against the Compose specification."""
    PyCompose.from_json(json.dumps(document)).validate()


def test_compose_takes_it() -> None:
    parse(DOCUMENT)


def test_the_check_would_notice_a_misspelt_key() -> None:
    with pytest.raises(ValueError, match="prots"):
        parse({"services": {"a": {"image": "x:1", "prots": ["1:1"]}}})


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_is_made_from_is_there(name: str) -> None:
    service = SERVICES[name]
    if build := service.get("build"):
        text = (CHECKOUT / build["dockerfile"]).read_text()
        assert "target" not in build or f" AS {build['target']}\n" in text
    else:
        assert ":" in service["image"]
        assert not service["image"].endswith(":latest")


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_mounts_is_there(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = volume.split(":")[0]
        assert (CHECKOUT / source).exists() if source.startswith(".") else source in DOCUMENT["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_whom_it_waits_for_is_there_and_can_become_so(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]
        assert how["condition"] != "service_completed_successfully" or SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_only_this_machine_reaches_it(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", OURS)
def test_ours_run_as_in_production(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["collector", "webhook", "api"])
def test_a_service_starts_again_when_its_code_changes(name: str) -> None:
    service = SERVICES[name]
    assert service["build"]["target"] == "development"
    targets = {volume.split(":")[1] for volume in service["volumes"] if volume.startswith("./")}
    assert {"/src/libs", f"/src/services/{name}", "/src/sql"} <= targets


def test_the_console_is_replaced_in_the_browser_when_its_sources_change() -> None:
    vite = SERVICES["vite"]
    mounts = {volume.split(":")[0]: volume.split(":")[1] for volume in vite["volumes"]}
    assert mounts["./frontend/src"] == "/src/src"
    assert vite["build"]["target"] == "development"
    assert vite["environment"]["KUBEDOOR_CONSOLE_API"] == "http://console:8080"
    behind = (CHECKOUT / "frontend" / "vite.config.ts").read_text()
    assert "KUBEDOOR_CONSOLE_API" in behind
    assert all(f"'{path}'" in behind for path in ("/api", "/grafana"))


def test_optional_parts_are_in_profiles() -> None:
    assert {name for name in SERVICES if "profiles" in SERVICES[name]} == {"grafana", "ldap"}


def test_grafana_is_reached_through_the_console_alone() -> None:
    grafana = SERVICES["grafana"]
    assert "ports" not in grafana
    assert SERVICES["console"]["build"]["args"]["KUBEDOOR_GRAFANA_UPSTREAM"] == "grafana:3000"
    key = grafana["environment"]["GF_AUTH_JWT_KEY_FILE"]
    assert SERVICES["api"]["environment"]["KUBEDOOR_GRAFANA_KEY_FILE"] == key
    assert grafana["environment"]["GF_SERVER_ROOT_URL"].endswith("/grafana/")
    assert "GF_AUTH_ANONYMOUS_ENABLED" not in grafana["environment"]
    mounts = {volume.split(":")[1]: volume.split(":")[0] for volume in grafana["volumes"]}
    assert mounts["/etc/grafana/grafana.ini"] == "./deploy/grafana/grafana.ini"


def test_grafana_finds_the_dashboards_and_their_data_sources() -> None:
    folder = CHECKOUT / "deploy" / "compose" / "grafana"
    sources = yaml.safe_load((folder / "datasource.yml").read_text())["datasources"]
    assert {source["uid"]: source["type"] for source in sources} == {
        "kubedoor-clickhouse": "grafana-clickhouse-datasource",
        "kubedoor-prometheus": "prometheus",
    }
    (provider,) = yaml.safe_load((folder / "dashboards.yml").read_text())["providers"]
    assert f"./deploy/grafana:{provider['options']['path']}:ro" in SERVICES["grafana"]["volumes"]


def test_grafana_may_only_read() -> None:
    tree = ET.parse(CHECKOUT / "deploy" / "compose" / "grafana" / "reader.xml")
    source = yaml.safe_load((CHECKOUT / "deploy" / "compose" / "grafana" / "datasource.yml").read_text())
    name = source["datasources"][0]["jsonData"]["username"]
    assert [grant.text for grant in tree.iterfind(f"users/{name}/grants/query")] == [
        "GRANT SELECT ON kubedoor.*"
    ]
    assert name != SERVICES["clickhouse"]["environment"]["CLICKHOUSE_USER"]
    assert tree.findtext(f"profiles/{tree.findtext(f'users/{name}/profile')}/readonly") == "2"


def test_the_directory_knows_the_person_that_the_file_tells_of() -> None:
    people = (CHECKOUT / "deploy" / "compose" / "directory" / "people.ldif").read_text()
    told = re.search(r"LDAP \(user (\w+), password (\w+)\)", (CHECKOUT / "docker-compose.yml").read_text())
    assert told
    user, password = told.groups()
    api = SERVICES["api"]["environment"]
    assert f"dn: {api['KUBEDOOR_LDAP_USER_DN'].format(user=user)}" in people
    assert f"userPassword: {password}" in people
    assert api["KUBEDOOR_LDAP_URL"] == "ldap://ldap:389"
