"""Each package declares what it imports and nothing else: an image holds no more than it needs."""

from __future__ import annotations

import ast
import itertools
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from kubedoor.__main__ import COMMANDS

CHECKOUT = Path(__file__).resolve().parents[2]
CORE = "libs/kubedoor_core"
PACKAGES = [
    CORE,
    "services/collector",
    "services/webhook",
    "services/api",
    "libs/kubedoor",
    "tools/kubedoor_dev",
]
DATA_ONLY = {"tzdata"}
"""Time zones for images without the system's; imported by zoneinfo."""
DEVELOPMENT_ONLY = {"grafana-foundation-sdk"}
"""In the group `dev`: makes committed files, and the demo need not install it."""


def declared(package: str) -> set[str]:
    """The distributions that a package's pyproject.toml names."""
    project = tomllib.loads((CHECKOUT / package / "pyproject.toml").read_text())["project"]
    extras = itertools.chain.from_iterable(project.get("optional-dependencies", {}).values())
    every = [*project["dependencies"], *extras]
    return {_normal(re.split(r"[\[<>=!~; ]", text, maxsplit=1)[0]) for text in every}


def imported(package: str) -> set[str]:
    """The distributions whose modules a package imports."""
    modules = set[str]()
    for path in (CHECKOUT / package / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    if package == "libs/kubedoor":
        modules |= {command.module.split(".")[0] for command in COMMANDS.values()}
    known = packages_distributions()
    foreign = modules - set(sys.stdlib_module_names)
    return {_normal(known.get(module, [module])[0]) for module in foreign}


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_is_declared(package: str) -> None:
    own = next((CHECKOUT / package / "src").iterdir()).name
    allowed = declared(package) | declared(CORE) | {_normal(own)}
    if package == "libs/kubedoor":
        allowed |= {"kubedoor-core"}
    if package == "tools/kubedoor_dev":
        allowed |= {"kubedoor-api", "kubedoor-collector", "kubedoor-webhook", *DEVELOPMENT_ONLY}
    assert imported(package) - allowed == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_declared_is_imported(package: str) -> None:
    assert declared(package) - imported(package) - DATA_ONLY == set()
