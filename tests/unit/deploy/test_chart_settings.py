"""Chart, compose, documents and the settings classes agree."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kubedoor_core.migrate import MigrateSettings
from kubedoor_core.settings import PREFIX, ServiceSettings, Settings, load
from kubedoor_dev.chart import CHART, SERVICES, further_settings, values
from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.settings_document import settings_document
from support.rendering import CONFIGURATIONS, MINIMAL, environment, merged, pods, templates

KEY = (
    generate_private_key(SECP256R1())
    .private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    .decode()
)
SECRETS = {"KUBEDOOR_GRAFANA_KEY": KEY, "KUBEDOOR_PROMETHEUS_HEADERS": "X-Scope-OrgID=team-a"}
COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
CLASSES: dict[str, type[Settings]] = {
    **SERVICES,
    "migrate": MigrateSettings,
    "backup": Settings,
    "restore": Settings,
}


def names_of(settings: type[Settings]) -> set[str]:
    """Return every variable that a settings class reads."""
    plain = {PREFIX + name.upper() for name in settings.model_fields}
    secret = {
        f"{PREFIX}{name.upper()}_FILE"
        for name, field in settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    return plain | secret


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_variable_of_the_chart_is_a_setting(configuration: str) -> None:
    for component, _ in pods(configuration):
        used = {name for name in environment(configuration, component) if name.startswith(PREFIX)}
        known = names_of(CLASSES[component]) if component in CLASSES else set()
        assert used <= known, component


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_variable_is_given_twice(configuration: str) -> None:
    for component, pod in pods(configuration):
        entries = [entry["name"] for entry in pod["containers"][0].get("env", [])]
        assert len(entries) == len(set(entries)), component


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_must_be_told_is_told(service: str) -> None:
    required = {
        PREFIX + name.upper() for name, field in SERVICES[service].model_fields.items() if field.is_required()
    }
    assert required <= environment("minimal", service).keys()


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("service", SERVICES)
def test_the_settings_take_the_values_of_the_chart(
    service: str, configuration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if service not in dict(pods(configuration)):
        return
    for name, entry in environment(configuration, service).items():
        is_file = name.endswith("_FILE")
        secret = SECRETS.get(name, "x" * 32)
        monkeypatch.setenv(name, str(CHECKOUT / "Makefile") if is_file else entry.get("value", secret))
    assert load(SERVICES[service]).env == "test"


@pytest.mark.parametrize("service", sorted(COMPOSE))
def test_every_variable_of_compose_is_a_setting(service: str) -> None:
    variables = COMPOSE[service].get("environment", {})
    known = names_of(CLASSES[service]) if service in CLASSES else {"KUBEDOOR_CONSOLE_API"}
    assert {name for name in variables if name.startswith(PREFIX)} <= known


@pytest.mark.parametrize("service", SERVICES)
def test_compose_tells_what_a_service_must_be_told(service: str) -> None:
    given = {name.removesuffix("_FILE") for name in COMPOSE[service]["environment"]}
    given |= set(COMPOSE[service]["environment"])
    for name, field in SERVICES[service].model_fields.items():
        assert not field.is_required() or PREFIX + name.upper() in given, name


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_can_be_set_by_the_chart(service: str) -> None:
    """Or is a file that the chart has no value for."""
    schema = json.loads((CHART / "values.schema.json").read_text())
    section = schema["properties"][service]["properties"]["settings"]
    text = (CHART / "templates" / f"{service}-deployment.yaml").read_text()
    text += (CHART / "templates" / "_pods.tpl").read_text()
    own = set(re.findall(r"KUBEDOOR_([A-Z_]+)", text))
    assert section["propertyNames"]["enum"] == further_settings(service)
    missing = {name.upper() for name in SERVICES[service].model_fields} - own - set(further_settings(service))
    assert missing <= {"KUBECONFIG"}


def test_every_setting_is_documented() -> None:
    document = (CHECKOUT / "docs" / "settings.md").read_text()
    assert document == settings_document()
    classes: list[type[Settings]] = [*SERVICES.values(), MigrateSettings]
    for settings in classes:
        assert all(f"`{PREFIX}{name.upper()}`" in document for name in settings.model_fields)
    assert all(field.description for field in ServiceSettings.model_fields.values())


def test_every_value_of_the_chart_says_why() -> None:
    assert [value.path for value in values() if len(value.why) < 10] == []


def test_every_value_of_the_chart_is_used() -> None:
    texts = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    within = {"enabled", "replicas", "resources", "nodeSelector", "tolerations", "name", "create", "host"}
    unused = [
        value.path for value in values()
        if value.path.rpartition(".")[2] not in within
        and not re.search(rf"[.\"]{re.escape(value.path.rpartition('.')[2])}\b", texts)
    ]  # fmt: skip
    assert unused == []


def test_names_in_readme_are_settings() -> None:
    known = set().union(*(names_of(settings) for settings in SERVICES.values()))
    development = {"KUBEDOOR_TRACES", "KUBEDOOR_CONSOLE_API", "KUBEDOOR_X_FILE"}
    for name in ("README.md", "docs/operations.md"):
        path = CHECKOUT / name
        text = path.read_text() if path.exists() else ""
        used = set(re.findall(r"KUBEDOOR_[A-Z_]+[A-Z]", text))
        assert used <= known | development, name


def test_a_further_setting_reaches_its_service() -> None:
    assert environment("everything set", "collector")["KUBEDOOR_MARGIN_PCT"]["value"] == "10"
    assert environment("everything set", "webhook")["KUBEDOOR_MAX_IN_FLIGHT"]["value"] == "64"


def test_large_numbers_stay_whole_numbers() -> None:
    assert environment("minimal", "webhook")["KUBEDOOR_MAX_STALENESS"]["value"] == "86400"
    webhook = {"maxStaleness": 31536000, "settings": {"MAX_IN_FLIGHT": 2000000}}
    text = templates(merged(MINIMAL, {"webhook": webhook}))["webhook-deployment.yaml"]
    assert 'value: "31536000"' in text
    assert 'value: "2000000"' in text


def test_the_api_believes_the_sources_that_the_collector_does_unless_it_is_told_others() -> None:
    habits = {"TRAFFIC_SOURCES": "istio", "NAMESPACE_LABEL": "ns", "MARGIN_PCT": 10}
    own = {"api": {"settings": {"NAMESPACE_LABEL": "space"}}, "collector": {"settings": habits}}
    deployment = yaml.safe_load(templates(merged(MINIMAL, own))["api-deployment.yaml"])
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    told = {entry["name"].removeprefix(PREFIX): entry.get("value") for entry in container["env"]}
    assert (told["TRAFFIC_SOURCES"], told["NAMESPACE_LABEL"]) == ("istio", "space")
    assert "MARGIN_PCT" not in told
