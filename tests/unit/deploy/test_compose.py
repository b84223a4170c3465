"""docker-compose.yml: its form, and that everything it points to is there."""

from __future__ import annotations

import json
from typing import Any

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


def test_optional_parts_are_in_profiles() -> None:
    assert {name for name in SERVICES if "profiles" in SERVICES[name]} == {"grafana", "ldap"}
