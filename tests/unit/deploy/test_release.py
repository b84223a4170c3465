"""One version everywhere, the images that `make images` builds, and the workflow that releases them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubedoor_dev.chart import CHART, images, values
from kubedoor_dev.demo.paths import CHECKOUT
from support.rendering import CONFIGURATIONS, pods

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


def test_the_chart_says_whose_it_is() -> None:
    assert {"home", "sources", "icon", "maintainers", "annotations", "keywords"} <= CHART_YAML.keys()
    assert all("email" not in maintainer for maintainer in CHART_YAML["maintainers"])
