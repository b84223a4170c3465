"""Builds the programs of a control plane into a cache outside the checkout, once, and finds them again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kubedoor_dev.control_plane.modules import (
    BESIDE_IT,
    KUBERNETES,
    OF_KUBERNETES,
    Program,
    go_mod_of,
    link_flags,
    pinned,
    version_of,
)

TOOLS = Path(__file__).resolve().parents[5] / "tests" / "e2e" / "tools"
"""The Go module that pins them, with the modules of those that need one of their own in folders of it."""
HELP = (
    "The tests against a real Kubernetes need its programs. Install Go 1.26 or newer (https://go.dev/doc/install)"
    " and run `make kube-assets`, which builds them, or set KUBEBUILDER_ASSETS to a folder that holds them."
)


class AssetsError(Exception):
    """The programs can't be had; the message says what to install."""


@dataclass(frozen=True)
class Programs:
    """Folders that hold the programs, the first that has one counts."""

    folders: tuple[Path, ...]

    def __getitem__(self, name: str) -> str:
        """Return the path of a program.

        :raises AssetsError: when no folder has it.
        """
        path = shutil.which(name, path=os.pathsep.join(map(str, self.folders)))
        if path is None:
            looked = ", ".join(map(str, self.folders))
            raise AssetsError(f"{name} is not in {looked}. {HELP}")
        return path


def programs() -> Programs:
    """Return where the programs are, building what is missing where Go is installed.

    `KUBEBUILDER_ASSETS` comes first. It usually holds neither kwok nor Helm; these are built, or found on the
    PATH.

    :raises AssetsError: when neither it is set nor Go installed, or a build fails.
    """
    given = os.environ.get("KUBEBUILDER_ASSETS")
    if not given:
        return Programs((build([*OF_KUBERNETES, *BESIDE_IT]),))
    built = (build(BESIDE_IT),) if shutil.which("go") else ()
    on_path = (Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder)
    found = Programs((Path(given), *built, *on_path))
    for program in (*OF_KUBERNETES, *BESIDE_IT):
        found[program.name]  # says which one is missing, now and not in the midst of a test
    return found


def programs_there() -> Programs | None:
    """Return where the programs are that are there already, building none; none where one is missing.

    :raises AssetsError: when `KUBE_VERSION` is no version.
    """
    given, built = os.environ.get("KUBEBUILDER_ASSETS"), folder_of(wanted_version())
    on_path = os.environ.get("PATH", "").split(os.pathsep) if given else []
    found = Programs(tuple(Path(folder) for folder in (given, built, *on_path) if folder))
    try:
        for program in (*OF_KUBERNETES, *BESIDE_IT):
            found[program.name]
    except AssetsError:
        return None
    return found


def wanted_version() -> str:
    """Return the version of Kubernetes that `KUBE_VERSION` names, else the pinned one.

    :raises AssetsError: when it is no version.
    """
    try:
        return version_of(os.environ.get("KUBE_VERSION") or _pinned()[KUBERNETES])
    except ValueError as error:
        raise AssetsError(str(error)) from error


def folder_of(version: str) -> Path:
    """Return the folder of a version's programs; it may not be there yet."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "kubedoor" / f"kube-{version.removeprefix('v')}"


def build(which: Sequence[Program]) -> Path:
    """Build what is not there yet, telling of each program on stderr, and return the folder.

    A program is left alone when it was built from the same version of its module. A build that was cut short
    goes on with the program that it was at.

    :raises AssetsError: when Go is not installed, or fails.
    """
    version = wanted_version()
    folder = folder_of(version)
    versions = {
        one.name: version if one.module == KUBERNETES else _pinned(one.pins)[one.module] for one in which
    }
    missing = [one for one in which if _built(folder).get(one.name) != versions[one.name]]
    for number, program in enumerate(missing, start=1):
        began = time.monotonic()
        named = f"{program.name} {versions[program.name]} ({number} of {len(missing)})"
        _say(f"Building {named}; the first one takes minutes" if number == 1 else f"Building {named}")
        _build(program, versions[program.name], folder)
        _say(f"  took {time.monotonic() - began:.0f} s")
    return folder


def module_folder(name: str) -> Path:
    """Return the source of the module that a program is of, such as for its custom resource definitions.

    :raises AssetsError: when Go is not installed, or fails.
    """
    (program,) = [one for one in BESIDE_IT if one.name == name]
    listed = _go("list", "-mod=readonly", "-m", "-f", "{{.Dir}}", program.module, at=TOOLS / program.pins)
    return Path(listed.strip())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _pinned(pins: str = "") -> dict[str, str]:
    return pinned((TOOLS / pins / "go.mod").read_text(encoding="utf-8"))


def _built(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {name: version for name, version in found.items() if (folder / name).exists()}


def _build(program: Program, version: str, folder: Path) -> None:
    """Build one program, and note its version once it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    module, mode = TOOLS / program.pins, "readonly"
    if program.module == KUBERNETES and version != _pinned()[KUBERNETES]:
        module, mode = _module_of(version, folder / "module"), "mod"
    flags = link_flags(program.module, version)
    part = folder / f".{program.name}.{os.getpid()}"
    _go(
        "build", f"-mod={mode}", "-trimpath", f"-tags={program.tags}", f"-ldflags={flags}", "-o", str(part),
        program.package, at=module,
    )  # fmt: skip
    part.replace(folder / program.name)
    (folder / "versions.json").write_text(
        json.dumps({**_built(folder), program.name: version}), encoding="utf-8"
    )


def _module_of(version: str, folder: Path) -> Path:
    """Make the Go module that builds another version of Kubernetes."""
    if not (folder / "go.mod").exists():
        folder.mkdir(parents=True, exist_ok=True)
        downloaded = json.loads(_go("mod", "download", "-json", f"{KUBERNETES}@{version}", at=folder))
        upstream = Path(downloaded["GoMod"]).read_text(encoding="utf-8")
        (folder / "go.mod").write_text(go_mod_of(version, upstream), encoding="utf-8")
    return folder


def _go(*arguments: str, at: Path) -> str:
    """Run Go without C, so that no compiler is needed, and with the machine's own settings otherwise."""
    go = shutil.which("go")
    if go is None:
        raise AssetsError(HELP)
    environment = {**os.environ, "CGO_ENABLED": "0"}
    done = subprocess.run(
        [go, *arguments], cwd=at, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise AssetsError(f"go {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    return done.stdout
