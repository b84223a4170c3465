"""Which tests of the simulated cluster run on the real one as well, and why the others don't."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

MODULES = tuple(
    f"integration.cluster.test_cluster_{name}"
    for name in ("admission", "admission_failures", "command", "control", "objects", "patches", "rollouts")
)
SERVED = {"kube", "hook", "authority", "tmp_path"}
ALONE = {"test_faults_and_calls_over_http": "is about the simulation itself"}
"""Further tests that only the simulation can pass, with the reason."""

Test = Callable[..., Any]


def every() -> dict[str, Test]:
    """Return the tests of what the simulation shares with the real one, by name."""
    found: dict[str, Test] = {}
    for name in MODULES:
        module = importlib.import_module(name)
        found |= {key: value for key, value in vars(module).items() if key.startswith("test_")}
    return found


def alone() -> dict[str, str]:
    """Return the tests that run on the simulation alone, and why."""
    fixtures = {
        name: set(inspect.signature(test).parameters) - _parameters(test) for name, test in every().items()
    }
    own = {name: "starts a simulation of its own" for name, found in fixtures.items() if "kube" not in found}
    odd = {name: "is about the simulation itself" for name, found in fixtures.items() if not found <= SERVED}
    return {**odd, **own, **ALONE}


def cases() -> dict[str, Test]:
    """Return the tests that run on both."""
    left = alone()
    return {name: test for name, test in every().items() if name not in left}


def document() -> str:
    """Return the list for docs/compatibility.md."""
    left, both = alone(), cases()
    lines = [f"### On both ({len(both)})", ""]
    lines += [f"- {_words(name)}" for name in both]
    lines += ["", f"### On the simulated one alone ({len(left)})", ""]
    lines += [f"- {_words(name)}: {why}" for name, why in left.items()]
    return "\n".join(lines) + "\n"


def _words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


def _parameters(test: Test) -> set[str]:
    """Return the arguments that `parametrize` fills in."""
    marks = getattr(test, "pytestmark", [])
    named = [mark.args[0] for mark in marks if mark.name == "parametrize"]
    return {
        name.strip() for names in named for name in (names.split(",") if isinstance(names, str) else names)
    }


if __name__ == "__main__":
    print(document(), end="")
