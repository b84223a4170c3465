"""The package that people install: its wheels, built and installed into an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from kubedoor.__main__ import COMMANDS
from kubedoor_dev.demo.paths import CHECKOUT

OURS = ("libs/kubedoor_core", "services/collector", "libs/kubedoor")
OFFLINE = ("--no-index", "--no-deps", "--disable-pip-version-check", "-q")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command away from the checkout, so that nothing of it is found by chance."""
    return subprocess.run([str(one) for one in command], cwd="/", capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has our wheels, and of all else what is installed here."""
    folder = tmp_path_factory.mktemp("package")
    wheels = folder / "wheels"
    sources: Sequence[Path] = [CHECKOUT / one for one in OURS]
    built = run(
        sys.executable, "-m", "pip", "wheel", "--no-build-isolation", *OFFLINE, "-w", wheels, *sources
    )
    assert built.returncode == 0, built.stderr
    venv.create(folder / "env", with_pip=False, symlinks=True)
    own = next((folder / "env" / "lib").glob("python*/site-packages"))
    pip = (sys.executable, "-m", "pip", "--python", folder / "env" / "bin" / "python")
    done = run(*pip, "install", *OFFLINE, *sorted(wheels.glob("*.whl")))
    assert done.returncode == 0, done.stderr
    # A folder that is only on the path brings no editable packages of ours along.
    (own / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "env" / "bin"


def test_it_scans_from_where_it_is_installed(installed: Path) -> None:
    told = run(installed / "python", "-c", "import kubedoor_core; print(kubedoor_core.__file__)")
    assert str(installed.parent) in told.stdout, told
    done = run(installed / "kubedoor", "scan", "--prometheus", "http://127.0.0.1:9", "--days", "1")
    assert done.returncode == 3, done
    assert done.stderr.startswith("kubedoor scan: "), done.stderr
    assert run(installed / "kubedoor", "scan", "--help").stdout.startswith("usage: kubedoor scan")


def test_it_has_the_schema_with_it(installed: Path) -> None:
    code = "from kubedoor_core.migrate import *; print(len(load_migrations(sql_directory())))"
    done = run(installed / "python", "-c", code)
    assert int(done.stdout or 0) >= 5, done.stderr


def test_each_command_is_there_or_says_what_brings_it(installed: Path) -> None:
    listed = run(installed / "kubedoor")
    assert listed.returncode == 0
    for name, command in COMMANDS.items():
        assert f"  {name} " in listed.stdout
        done = run(installed / "kubedoor", *name.split(), "--help")
        if command.extra:
            assert (
                done.stderr == f"kubedoor {name}: needs more than is installed: pip install 'kubedoor[api]'\n"
            )
        else:
            assert done.returncode == 0, done.stderr


def test_an_unknown_command_is_an_error(installed: Path) -> None:
    done = run(installed / "kubedoor", "scna")
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: kubedoor COMMAND" in done.stderr
