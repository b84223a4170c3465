"""The pinned packages: one version of each everywhere, with hashes, from no address in particular."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kubedoor_dev.demo.paths import CHECKOUT

FILES = {path.stem: path.read_text() for path in sorted((CHECKOUT / "requirements").glob("*.txt"))}
LARGE = ("helm-python-sdk", "playwright", "mypy", "schemathesis", "kubernetes-validate")
"""What only tests need."""


def pins(name: str) -> set[tuple[str, str]]:
    """Return the packages of a file with their versions; some have one for each version of Python."""
    return set(re.findall(r"^([a-z0-9._-]+)==(\S+)", FILES[name], re.MULTILINE))


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_hashes_and_no_address(name: str) -> None:
    assert pins(name)
    assert len(re.findall(r"==.*\\\n    --hash=sha256:", FILES[name])) == len(pins(name))
    assert "://" not in FILES[name]
    assert "index-url" not in FILES[name]


def test_the_demo_needs_a_part_of_what_development_does() -> None:
    assert pins("demo") < pins("dev")
    assert not {package for package, _ in pins("demo")} & set(LARGE)
    assert set(LARGE) <= {package for package, _ in pins("dev")}


@pytest.mark.parametrize("service", ["collector", "webhook", "api"])
def test_the_demo_runs_what_the_images_do(service: str) -> None:
    assert pins(service) <= pins("demo")


def installed_by(folder: Path, target: str) -> list[str]:
    """Return which files of requirements make would install for a target."""
    done = subprocess.run(["make", "-n", target], cwd=folder, capture_output=True, text=True, check=True)
    return re.findall(r"--require-hashes -r requirements/(\w+)\.txt", done.stdout)


def test_a_fresh_checkout_installs_the_demos_packages_alone(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    shutil.copytree(CHECKOUT / "requirements", tmp_path / "requirements")
    for path in CHECKOUT.glob("*/*/pyproject.toml"):
        copied = tmp_path / path.relative_to(CHECKOUT)
        copied.parent.mkdir(parents=True)
        shutil.copy(path, copied)
    (tmp_path / "frontend").mkdir()
    shutil.copy(CHECKOUT / "frontend" / "package-lock.json", tmp_path / "frontend")
    assert installed_by(tmp_path, "demo") == ["demo"]
    assert installed_by(tmp_path, "setup") == ["dev"]
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".installed").touch()
    assert installed_by(tmp_path, "demo") == [], "what development has serves the demo too"


def missing_from(lock: dict[str, Any]) -> set[str]:
    """Return what a lock file's packages need and it does not have: `npm ci` refuses such a file."""
    packages = lock["packages"]
    needed = {
        name
        for package in packages.values()
        for group in ("dependencies", "devDependencies", "optionalDependencies")
        for name in package.get(group, ())
    }
    return needed - {path.rpartition("node_modules/")[2] for path in packages}


def test_the_consoles_lock_file_is_whole() -> None:
    """Also what is optional, and for another system: a registry that lacks it leaves it out in silence."""
    lock = json.loads((CHECKOUT / "frontend" / "package-lock.json").read_text())
    assert missing_from(lock) == set()
    del lock["packages"]["node_modules/fsevents"]
    assert missing_from(lock) == {"fsevents"}
