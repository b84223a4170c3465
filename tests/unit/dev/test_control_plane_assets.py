"""The programs of a real control plane: pinned, built once, and what is said where they can't be had."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubedoor_dev.control_plane.assets import (
    TOOLS,
    AssetsError,
    folder_of,
    programs,
    programs_there,
    wanted_version,
)
from kubedoor_dev.control_plane.modules import (
    BESIDE_IT,
    KUBERNETES,
    OF_KUBERNETES,
    PROMETHEUS,
    go_mod_of,
    link_flags,
    pinned,
    version_of,
)

EVERY = (*OF_KUBERNETES, *BESIDE_IT)
GO_MOD = (TOOLS / "go.mod").read_text(encoding="utf-8")
GO = """#!/bin/sh
echo "$*" >> "{log}"
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then printf '#!/bin/sh\\n' > "$2"; chmod +x "$2"; fi
  shift
done
"""
"""Stands in for Go: notes what it was asked for, and makes the file."""


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but our Go; the file of what it was asked for."""
    log, program = tmp_path / "asked", tmp_path / "bin" / "go"
    program.parent.mkdir()
    program.write_text(GO.format(log=log), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    monkeypatch.delenv("KUBE_VERSION", raising=False)
    log.touch()
    return log


def builds(log: Path) -> list[str]:
    return [line.split()[-1] for line in log.read_text().splitlines() if line.startswith("build")]


@pytest.mark.parametrize("pins", sorted({one.pins for one in EVERY}))
def test_every_program_is_pinned_and_a_tool_of_its_module(pins: str) -> None:
    go_mod = (TOOLS / pins / "go.mod").read_text(encoding="utf-8")
    tools = re.search(r"^tool (?:\((.*?)^\)|(\S+))", go_mod, re.MULTILINE | re.DOTALL)
    assert tools
    of_it = [one for one in EVERY if one.pins == pins]
    assert {one.package for one in of_it} == set((tools[1] or tools[2]).split())
    assert {one.module for one in of_it} <= set(pinned(go_mod))


def test_every_module_that_pins_is_of_a_program() -> None:
    assert {path.parent for path in TOOLS.rglob("go.mod")} == {TOOLS / one.pins for one in EVERY}


def test_kubernetes_is_built_with_its_own_modules_of_the_same_version() -> None:
    published = pinned(GO_MOD)[KUBERNETES].replace("v1.", "v0.", 1)
    replaced = re.findall(r"^\s*(k8s\.io/\S+) => (\S+) (\S+)$", GO_MOD, re.MULTILINE)
    assert len(replaced) > 25
    assert all((name, published) == (by, version) for name, by, version in replaced)


def test_no_address_of_a_registry_is_in_a_module() -> None:
    assert not [path for path in TOOLS.rglob("go.mod") if "://" in path.read_text(encoding="utf-8")]


def test_another_version_is_built_with_its_own_modules() -> None:
    upstream = (
        "module k8s.io/kubernetes\n\ngo 1.25.0\n\nrequire (\n\tk8s.io/api v0.0.0\n)\n\n"
        "replace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n\tk8s.io/kms => ./staging/src/k8s.io/kms\n)\n"
    )
    made = go_mod_of("v1.35.4", upstream)
    assert "go 1.25.0" in made
    assert "require k8s.io/kubernetes v1.35.4" in made
    assert "\tk8s.io/api => k8s.io/api v0.35.4\n\tk8s.io/kms => k8s.io/kms v0.35.4\n" in made
    assert pinned(made) == {KUBERNETES: "v1.35.4"}


@pytest.mark.parametrize("text", ["1.36.3", "v1.36.3"])
def test_a_version_is_read_with_and_without_its_v(text: str) -> None:
    assert version_of(text) == "v1.36.3"
    flags = link_flags(KUBERNETES, version_of(text))
    assert "gitVersion=v1.36.3" in flags
    assert "gitMinor=36" in flags


@pytest.mark.parametrize(("module", "release"), [("v0.316.0", "3.16.0"), ("v0.305.1", "3.5.1")])
def test_prometheus_tells_its_release_not_its_modules_version(module: str, release: str) -> None:
    assert link_flags(PROMETHEUS, module).endswith(f".Version={release}")


@pytest.mark.parametrize("text", ["1.36", "2.0.0", "latest", "1.36.3-rc.0", "../x"])
def test_what_is_no_version_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBE_VERSION", text)
    with pytest.raises(AssetsError, match="is not a version"):
        wanted_version()


def test_everything_is_built_once(go: Path) -> None:
    found = programs()
    version = pinned(GO_MOD)[KUBERNETES]
    assert found.folders == (folder_of(version),)
    assert builds(go) == [one.package for one in EVERY]
    assert Path(found["kube-apiserver"]).is_file()
    assert programs() == found
    assert len(builds(go)) == len(EVERY)


def test_a_build_that_was_cut_short_goes_on_where_it_was(go: Path) -> None:
    folder = programs().folders[0]
    (folder / "etcd").unlink()
    (folder / "versions.json").write_text(
        (folder / "versions.json").read_text().replace("v1.", "v0.", 1), encoding="utf-8"
    )
    go.write_text("")
    programs()
    assert set(builds(go)) == {OF_KUBERNETES[0].package, "go.etcd.io/etcd/server/v3"}


def test_a_folder_that_is_given_comes_first_and_the_rest_is_built(
    go: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for one in OF_KUBERNETES:
        (given / one.name).write_text("#!/bin/sh\n")
        (given / one.name).chmod(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(given))
    found = programs()
    assert Path(found["kubectl"]).parent == given
    assert Path(found["kwok"]).parent == found.folders[1]
    assert builds(go) == [one.package for one in BESIDE_IT]


def test_what_is_there_is_found_and_nothing_is_built_for_it(go: Path) -> None:
    assert programs_there() is None
    assert builds(go) == []
    built = programs()
    assert programs_there() == built
    (built.folders[0] / "etcd").unlink()
    go.write_text("")
    assert programs_there() is None
    assert builds(go) == []


def test_what_to_install_is_said_without_go(
    go: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssetsError, match=r"Install Go .* or set KUBEBUILDER_ASSETS"):
        programs()
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    with pytest.raises(AssetsError, match=r"kube-apiserver is not in .* Install Go"):
        programs()
