"""One version everywhere, the images that `make images` builds, and the workflow that releases them."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import helm_python as helm
import pytest
import yaml

from kubedoor_dev.chart import CHART, images, values
from kubedoor_dev.demo.paths import CHECKOUT
from support.rendering import CONFIGURATIONS, MINIMAL, pods

BAKED = yaml.safe_load((CHECKOUT / "deploy" / "images.yaml").read_text())["services"]
CHART_YAML = yaml.safe_load((CHART / "Chart.yaml").read_text())
WORKFLOW: dict[Any, Any] = yaml.safe_load((CHECKOUT / ".github" / "workflows" / "release.yaml").read_text())
OURS = {"collector", "webhook", "api", "console"}


def test_every_part_has_the_version_of_the_release() -> None:
    version = CHART_YAML["version"]
    assert CHART_YAML["appVersion"] == version
    for path in [*CHECKOUT.glob("*/*/pyproject.toml")]:
        assert tomllib.loads(path.read_text())["project"]["version"] == version, path
    for path in (CHECKOUT / "deploy" / "Dockerfile", CHECKOUT / "frontend" / "Dockerfile"):
        assert f"ARG VERSION={version}\n" in path.read_text()
    assert set(re.findall(r"TAG:-([^}]+)", (CHECKOUT / "deploy" / "images.yaml").read_text())) == {version}
    assert re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", changelog(), re.MULTILINE)


def changelog() -> str:
    return (CHECKOUT / "CHANGELOG.md").read_text()


def test_the_four_images_are_built_as_the_chart_names_them() -> None:
    registry = next(value.default for value in values() if value.path == "image.registry")
    assert BAKED.keys() == OURS
    for name, target in BAKED.items():
        image = target["image"].replace("${REGISTRY:-docker.io/kubedoor}", registry)
        assert image.replace("${TAG:-", "").rstrip("}") in images().splitlines()
        build = target["build"]
        assert (CHECKOUT / "deploy" / build["context"] / build["dockerfile"]).is_file()
        assert build["args"].get("SERVICE", "console") == name
        assert {"VERSION", "REVISION"} <= build["args"].keys()


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_the_list_for_a_mirror_has_every_image(configuration: str) -> None:
    listed = {image.rpartition(":")[0].partition("/")[2] for image in images().splitlines()}
    for _, pod in pods(configuration):
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            name = container["image"].partition("@")[0].rpartition(":")[0]
            assert any(name.endswith(image.rpartition("/")[2]) for image in listed), name


def test_make_images_builds_and_pushes_as_it_is_told(tmp_path: Path) -> None:
    """With a docker that writes down how it was called."""
    called = tmp_path / "called"
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$REGISTRY $TAG $*" >> {called}\n')
    docker.chmod(0o755)
    given = ["REGISTRY=registry.example.org/k", "TAG=7"]
    path = f"{tmp_path}:/usr/bin:/bin"
    for more in ([], ["PUSH=1", "METADATA=m.json"]):
        subprocess.run(["make", "images", *given, *more], cwd=CHECKOUT, check=True, env={"PATH": path})
    _, local, _, pushed = called.read_text().splitlines()
    assert local.startswith("registry.example.org/k 7 buildx bake --file deploy/images.yaml")
    assert local.endswith("--load")
    assert {"--push", "--sbom=true", "*.platform=linux/amd64,linux/arm64", "m.json"} <= set(pushed.split())


def test_make_images_says_what_it_needs(tmp_path: Path) -> None:
    for name in ("make", "bash", "git", "sed", "grep"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        ["make", "images"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode != 0
    assert "Docker with buildx is needed" in done.stderr


def steps(job: str) -> str:
    return "\n".join(str(step.get("run", step.get("uses"))) for step in WORKFLOW["jobs"][job]["steps"])


def test_a_release_is_checked_signed_and_described() -> None:
    assert WORKFLOW[True]["push"]["tags"] == ["v*.*.*"]
    assert WORKFLOW["permissions"] == {}, "each job asks for what it needs"
    order = {name: job.get("needs") for name, job in WORKFLOW["jobs"].items()}
    assert order == {"check": None, "images": "check", "chart": "images"}
    assert "make test" in steps("check")
    assert "cosign sign" in steps("images")
    for part in ("helm push", "cosign sign", "syft", "gh release create"):
        assert part in steps("chart")


def test_the_workflows_scripts_are_scripts() -> None:
    for job in WORKFLOW["jobs"].values():
        for step in job["steps"]:
            if "run" in step:
                subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


def test_the_release_puts_the_digests_where_the_chart_reads_them(tmp_path: Path) -> None:
    """Runs the step itself on a copy of the chart."""
    if shutil.which("jq") is None:
        pytest.skip("NOT RUN: jq is not installed here")
    shutil.copytree(CHART, tmp_path / "deploy" / "helm" / "kubedoor")
    step = next(
        step["run"] for step in WORKFLOW["jobs"]["chart"]["steps"] if "digests into" in step.get("name", "")
    )
    digests = {name: f"sha256:{str(number) * 64}" for number, name in enumerate(sorted(OURS))}
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "REGISTRY": "ghcr.io/somebody",
        "DIGESTS": str(digests).replace("'", '"'),
    }
    subprocess.run(["bash", "-euo", "pipefail", "-c", step], cwd=tmp_path, check=True, env=environment)
    changed = yaml.safe_load((tmp_path / "deploy" / "helm" / "kubedoor" / "values.yaml").read_text())
    assert changed["image"]["digests"] == digests
    assert changed["image"]["registry"] == "ghcr.io/somebody"


SHARED_SOURCE = ("GPL", "MPL", "Mozilla")
"""Licences that ask for more than to be named."""


def test_the_notice_names_every_licence_that_asks_for_more() -> None:
    pinned = {
        name
        for path in CHECKOUT.glob("requirements/*.txt")
        if path.stem in ("api", "webhook", "collector")
        for name in re.findall(r"^([A-Za-z0-9._-]+)==", path.read_text(), re.MULTILINE)
    }
    notice = (CHECKOUT / "NOTICE").read_text()
    found = {name for name in pinned if any(word in licence(name) for word in SHARED_SOURCE)}
    assert "ldap3" in found
    assert {name for name in found if name not in notice} == set()


def licence(name: str) -> str:
    """Return what a package says of its licence; nothing where it is for other systems and not installed."""
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return ""
    fields = [str(known.json.get(field, ""))[:200] for field in ("license_expression", "license")]
    return " ".join([*fields, *(each for each in known.get_all("Classifier", []) if "License" in each)])


def test_one_file_alone_knows_ldap3() -> None:
    """So that it can be replaced: it has had no release for years."""
    texts = {path: path.read_text() for path in CHECKOUT.glob("services/*/src/**/*.py")}
    users = {
        path.name for path, text in texts.items() if re.search(r"^\s*(import|from) ldap3", text, re.MULTILINE)
    }
    assert users == {"ldap.py"}


def test_the_chart_says_whose_it_is_and_invents_no_address() -> None:
    assert {"icon", "maintainers", "annotations", "keywords"} <= CHART_YAML.keys()
    assert all("email" not in maintainer for maintainer in CHART_YAML["maintainers"])
    assert "://" not in (CHART / "Chart.yaml").read_text()
    drawn = (CHECKOUT / "frontend" / "public" / "favicon.svg").read_bytes()
    assert base64.b64decode(CHART_YAML["icon"].removeprefix("data:image/svg+xml;base64,")) == drawn


def test_the_release_puts_its_own_addresses_into_the_chart(tmp_path: Path) -> None:
    """Runs the step itself on a copy of the chart, in whichever repository the release is made."""
    shutil.copytree(CHART, tmp_path / "deploy" / "helm" / "kubedoor")
    named = (step for step in WORKFLOW["jobs"]["chart"]["steps"] if "addresses into" in step.get("name", ""))
    here = "https://git.example.org/somebody/kubedoor"
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "GITHUB_SERVER_URL": "https://git.example.org",
        "GITHUB_REPOSITORY": "somebody/kubedoor",
        "GITHUB_REF_NAME": "v0.1.0",
    }
    command = ["bash", "-euo", "pipefail", "-c", next(named)["run"]]
    subprocess.run(command, cwd=tmp_path, check=True, env=environment)
    changed = yaml.safe_load((tmp_path / "deploy" / "helm" / "kubedoor" / "Chart.yaml").read_text())
    assert (changed["home"], changed["sources"]) == (here, [here])
    assert [maintainer["url"] for maintainer in changed["maintainers"]] == [here]
    links = yaml.safe_load(changed["annotations"].pop("artifacthub.io/links"))
    paths = [link["url"].removeprefix(f"{here}/blob/v0.1.0/") for link in links]
    assert all((CHECKOUT / path).is_file() for path in paths)
    assert changed["annotations"] == CHART_YAML["annotations"]
    linted = helm.lint(str(tmp_path / "deploy/helm/kubedoor"), MINIMAL, strict=True, namespace="kubedoor")
    assert linted["messages"] == []
