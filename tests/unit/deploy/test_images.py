"""Dockerfiles: what they are built on, what is in them, and as whom they run. No engine is needed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from kubedoor_dev.demo.paths import CHECKOUT

SERVICES = ("collector", "webhook", "api")
SHIPPED = {
    **dict.fromkeys(SERVICES, CHECKOUT / "deploy" / "Dockerfile"),
    "console": CHECKOUT / "frontend" / "Dockerfile",
}
ALL = {**SHIPPED, "compose": CHECKOUT / "deploy" / "compose" / "Dockerfile"}
LABELS = ("title", "description", "licenses", "vendor", "version", "revision")


def instructions(image: str) -> list[tuple[str, str]]:
    """Return the instructions of an image's Dockerfile, continued lines joined, for its service."""
    text = re.sub(r"\\\n", " ", ALL[image].read_text()).replace("${SERVICE}", image)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def stages(image: str) -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage; what comes before the first FROM is left out."""
    found: list[list[tuple[str, str]]] = []
    for instruction in instructions(image):
        if instruction[0] == "FROM":
            found.append([])
        if found:
            found[-1].append(instruction)
    return found


def value(stage: list[tuple[str, str]], word: str) -> str:
    """Return what follows the last instruction of a kind."""
    return [rest for found, rest in stage if found == word][-1]


def bases(image: str) -> dict[str, str]:
    """Return the images that a Dockerfile names in arguments before its first stage."""
    arguments = [rest for word, rest in instructions(image) if word == "ARG"]
    return dict(argument.split("=", 1) for argument in arguments if argument.split("=")[0].endswith("_IMAGE"))


def test_hadolint_has_no_complaint() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, *set(ALL.values())], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("image", ALL)
def test_every_base_is_pinned_to_an_exact_version(image: str) -> None:
    found = bases(image)
    assert all(re.search(r":v?\d+\.\d+\.\d+", base) for base in found.values()), found
    for stage in stages(image):
        base = value(stage, "FROM").split()[0]
        named = {rest.split()[-1] for other in stages(image) for word, rest in other if word == "FROM"}
        assert base in named or base.strip("${}") in found


@pytest.mark.parametrize("image", SHIPPED)
def test_it_runs_as_nobody_special_without_a_shell(image: str) -> None:
    final = stages(image)[-1]
    user = value(final, "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert json.loads(value(final, "ENTRYPOINT"))
    assert json.loads(value(final, "HEALTHCHECK").partition("CMD ")[2])
    assert not [rest for word, rest in final if word in ("RUN", "ADD", "VOLUME")]
    after_user = final[final.index(("USER", user)) + 1 :]
    assert not [rest for word, rest in after_user if word == "COPY"]


@pytest.mark.parametrize("image", SHIPPED)
def test_it_says_what_it_is(image: str) -> None:
    labels = value(stages(image)[-1], "LABEL")
    assert all(f"org.opencontainers.image.{label}=" in labels for label in LABELS)


@pytest.mark.parametrize("service", SERVICES)
def test_dependencies_are_installed_by_their_hashes(service: str) -> None:
    runs = [rest for stage in stages(service) for word, rest in stage if word == "RUN"]
    steps = [part for run in runs for part in run.split("&&")]
    fetching = [part for part in steps if "requirements/" in part]
    assert all("--require-hashes" in part for part in fetching)
    assert all("--no-index" in part for part in steps if " install " in part and part not in fetching)
    assert all("--no-build-isolation" in part for part in steps if "pip wheel" in part)
    assert f"requirements/{service}.txt" in " ".join(runs)


def copied(stage: list[tuple[str, str]]) -> list[str]:
    """Return the sources that a stage copies from the checkout."""
    lines = [rest.split() for word, rest in stage if word == "COPY" and not rest.startswith("--from")]
    return [source for *sources, _ in lines for source in sources]


@pytest.mark.parametrize("image", ALL)
def test_what_is_copied_is_not_left_out_of_the_context(image: str) -> None:
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()
    kept = {path for line in lines if line.startswith("!") for path in CHECKOUT.glob(line[1:])}
    sources = [CHECKOUT / source for stage in stages(image) for source in copied(stage)]
    assert sources
    for source in sources:
        assert source.exists(), source
        assert any(source == path or source in path.parents or path in source.parents for path in kept), (
            source
        )


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_its_own_service_and_the_schema_alone(service: str, tmp_path: Path) -> None:
    """Builds the wheels as the build stage does, from what it copies and nothing else."""
    for source in copied(stages(service)[0]):
        target = tmp_path / source
        target.parent.mkdir(parents=True, exist_ok=True)
        origin = CHECKOUT / source
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(origin, target, ignore=ignored) if origin.is_dir() else shutil.copy(origin, target)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheels")]
    for package in ("libs/kubedoor_core", f"services/{service}"):
        subprocess.run(command, cwd=tmp_path / package, check=True, capture_output=True)
    wheels = [zipfile.ZipFile(path) for path in (tmp_path / "wheels").glob("*.whl")]
    names = {name for wheel in wheels for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"kubedoor_core", f"kubedoor_{service}"}
    migrations = {path.name for path in (CHECKOUT / "sql").glob("*.sql")}
    assert {
        name.rpartition("/")[2]
        for name in names
        if name.startswith("kubedoor_core/sql/") and name.endswith(".sql")
    } == migrations


def test_the_console_is_configured_from_the_template_that_all_use() -> None:
    template = (CHECKOUT / "frontend" / "nginx" / "nginx.conf.template").read_text()
    wanted = set(re.findall(r"\$\{(KUBEDOOR_\w+)\}", template))
    given = {
        rest.split("=")[0]
        for word, rest in instructions("console")
        if word == "ARG" and rest.startswith("KUBEDOOR")
    }
    assert given == wanted


def installed_bytes(requirements: str) -> int:
    """Return what the pinned packages of an image take, byte code included, as they are installed here."""
    names = re.findall(
        r"^([a-z0-9-]+)==", (CHECKOUT / "requirements" / requirements).read_text(), re.MULTILINE
    )
    files = [Path(str(file.locate())) for name in names for file in distribution(name).files or []]
    return sum(file.stat().st_size for file in files if file.is_file())


def test_the_webhooks_image_stays_small() -> None:
    """Without an engine: its base and its packages, whose builds for Alpine are no larger than those here."""
    base = 55_000_000
    ours = sum(file.stat().st_size for file in CHECKOUT.glob("libs/kubedoor_core/src/**/*.py"))
    # Built from source in the image, where there is no compiler: its Python alone.
    compiled = sum(file.stat().st_size for file in compiled_parts("aiochclient"))
    assert base + installed_bytes("webhook.txt") - compiled + 3 * ours < 120_000_000


def compiled_parts(package: str) -> list[Path]:
    """Return a package's extension modules and the sources that they were made from."""
    files = [Path(str(file.locate())) for file in distribution(package).files or []]
    return [file for file in files if file.suffix in (".so", ".c") and file.is_file()]
