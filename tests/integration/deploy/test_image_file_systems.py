"""Each Python image's file system, made from its requirements and packages alone, and run as the image runs.

As in `deploy/Dockerfile`, without a container engine: a virtual environment without pip, the locked packages
(as they are installed here), our two wheels; run by somebody who owns none of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from kubedoor_core.settings import EXIT_BAD_SETTING
from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.processes import free_port, wait_for_http

SERVICES = ("collector", "webhook", "api")
NOBODY_SPECIAL = 10001
TIMEOUT_S = 120
IMAGE_ENVIRONMENT = dict(
    re.findall(
        r"\b(HOME|PYTHON[A-Z]+)=(\S+)",
        (CHECKOUT / "deploy" / "Dockerfile").read_text().rpartition("\nFROM ")[2],
    )
)
"""What the image itself sets, but for the PATH."""
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==", re.MULTILINE)


def _copy_locked(requirements: Path, packages: Path) -> None:
    """Copy what an image's requirements pin; what is for other systems is not installed here either."""
    for name in PINNED.findall(requirements.read_text()):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        for file in files:
            source = Path(str(file.locate()))
            if ".." not in file.parts and "__pycache__" not in file.parts and source.is_file():
                target = packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


def _install_ours(service: str, root: Path, python: Path) -> None:
    wheels = root / "wheels"
    for package in ("libs/kubedoor_core", f"services/{service}"):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
        subprocess.run(build, cwd=CHECKOUT / package, check=True, capture_output=True)
    install = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([sys.executable, *install, *map(str, wheels.glob("*.whl"))], check=True)
    shutil.rmtree(wheels)


def _install_entry_point(service: str, packages: Path) -> None:
    text = (CHECKOUT / "deploy" / "kubedoor_service.py").read_text()
    (packages / "kubedoor_service.py").write_text(text.replace("SERVICE", service))


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def _interpreter() -> Path:
    """Return a Python of our version that another user may start; our own where there is none."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own = Path(sys.base_prefix) / "bin" / name
    system = [Path(folder) / name for folder in ("/usr/local/bin", "/usr/bin")]
    return next((path for path in (own, *system) if path.exists() and _open_to_all(path)), own)


ANOTHER_USER = os.getuid() == 0 and _open_to_all(_interpreter())


def _make(service: str, root: Path) -> None:
    """Make an image's /opt/kubedoor."""
    subprocess.run([_interpreter(), "-m", "venv", "--without-pip", root / "opt"], check=True)
    (packages,) = (root / "opt" / "lib").glob("python3.*/site-packages")
    _copy_locked(CHECKOUT / "requirements" / f"{service}.txt", packages)
    _install_ours(service, root, root / "opt" / "bin" / "python")
    _install_entry_point(service, packages)
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() or path.parent.name == "bin" else 0o444)
    root.chmod(0o555)


class FileSystem:
    """An image's file system and who runs in it."""

    def __init__(self, service: str, root: Path) -> None:
        self.service = service
        self.python = str(root / "opt" / "bin" / "python")

    def popen(self, *arguments: str, settings: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
        """Start Python in it, with nothing of our own environment."""
        user = NOBODY_SPECIAL if ANOTHER_USER else None
        environment = {**IMAGE_ENVIRONMENT, **settings}
        with log.open("ab") as output:
            return subprocess.Popen(
                [self.python, *arguments],
                cwd="/",
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=user,
                group=user,
                extra_groups=[] if ANOTHER_USER else None,
            )

    def run(self, *arguments: str, log: Path, **settings: str) -> int:
        """Run Python in it to its end; return how it ended."""
        return self.popen(*arguments, settings=settings, log=log).wait(TIMEOUT_S)


@pytest.fixture(scope="module", params=SERVICES)
def file_system(request: pytest.FixtureRequest) -> Iterator[FileSystem]:
    """The file system of one image; where everybody may go, unlike pytest's own folders."""
    root = Path(tempfile.mkdtemp(prefix="kubedoor-image-"))
    _make(request.param, root)
    yield FileSystem(request.param, root)
    for path in [root, *root.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(root)


def test_it_knows_its_own_service_and_no_tool_that_installs(file_system: FileSystem, tmp_path: Path) -> None:
    def imports(module: str) -> bool:
        return file_system.run("-c", f"import {module}", log=tmp_path / module) == 0

    assert imports(f"kubedoor_{file_system.service}")
    others = [f"kubedoor_{name}" for name in (*SERVICES, "dev") if name != file_system.service]
    assert [module for module in (*others, "pip", "setuptools", "pytest") if imports(module)] == []


def test_every_module_finds_what_it_imports(file_system: FileSystem, tmp_path: Path) -> None:
    """Whatever a module needs and only development installs is missed here.

    Modules of an extra that an image has not are left out: those of a scan, and numpy's in the webhook.
    """
    walk = f"""
import importlib, pkgutil
import kubedoor_core, kubedoor_{file_system.service} as ours
skipped = ("kubedoor_core.embedded", "kubedoor_collector.scan")
if {file_system.service == "webhook"}:
    numbers = ("advice", "arrays", "derivation.", "peak_found", "placement")
    skipped += ("kubedoor_core.prometheus", "kubedoor_core.metrics")
    skipped += tuple("kubedoor_core.domain." + name for name in numbers)
for package in (kubedoor_core, ours):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.endswith("__main__") and not found.name.startswith(skipped):
            importlib.import_module(found.name)
"""
    log = tmp_path / "log"
    assert file_system.run("-c", walk, log=log) == 0, log.read_text()


def test_the_images_command_says_what_it_misses(file_system: FileSystem, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert file_system.run("-m", "kubedoor_service", log=log) == EXIT_BAD_SETTING, log.read_text()
    assert "KUBEDOOR_" in log.read_text()


def test_it_can_write_none_of_its_files(file_system: FileSystem, tmp_path: Path) -> None:
    if not ANOTHER_USER:
        pytest.skip("NOT RUN: takes root, and a Python that other users may start")
    write = "import kubedoor_core; open(kubedoor_core.__file__, 'a')"
    log = tmp_path / "log"
    assert file_system.run("-c", write, log=log) == 1
    assert "PermissionError" in log.read_text()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::]"])
def test_the_images_command_serves_and_knows_that_it_is_alive(
    file_system: FileSystem, host: str, tmp_path: Path
) -> None:
    if file_system.service != "collector":
        pytest.skip("the collector stands for all: it needs neither certificate nor sign-in")
    port = free_port()
    settings = {
        "KUBEDOOR_ENV": "test",
        "KUBEDOOR_CLICKHOUSE_URL": f"http://127.0.0.1:{free_port()}",
        "KUBEDOOR_PROMETHEUS_URL": f"http://127.0.0.1:{free_port()}",
        "KUBEDOOR_PEAK_HOURS": "10:00-11:30",
        "KUBEDOOR_LISTEN": f"{host}:{port}",
    }
    log = tmp_path / "log"
    process = file_system.popen("-m", "kubedoor_service", settings=settings, log=log)
    healthy = ("-m", "kubedoor_service", "--healthy")
    try:
        for asked in ("127.0.0.1", "[::1]") if host == "[::]" else (host,):
            wait_for_http(f"http://{asked}:{port}/healthz", process, log)
        assert file_system.run(*healthy, log=log, **settings) == 0
    finally:
        process.terminate()
        assert process.wait(TIMEOUT_S) == 0
    assert file_system.run(*healthy, log=log, **settings) == 1, "nobody answers any more"
