"""Debian packages: fetched and unpacked into a folder by anybody, or installed by root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LISTS = Path("/var/lib/apt/lists")
POLICY = Path("/usr/sbin/policy-rc.d")
TIMEOUT_S = 600


class PackageError(Exception):
    """A package could not be fetched, unpacked or installed; the message is apt's own."""


def unpack(package: str, folder: Path) -> None:
    """Put a package's files below a folder, all at once: a half-unpacked folder is never seen.

    :raises PackageError: with apt's or dpkg's last words.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{package}-") as work_name:
        work = Path(work_name)
        archive = download(package, work)
        _run(["dpkg", "-x", str(archive), str(work / "root")], work)
        shutil.rmtree(folder, ignore_errors=True)
        (work / "root").rename(folder)


def download(package: str, work: Path) -> Path:
    """Fetch a package into a folder, with package lists of our own where the system's don't serve.

    :raises PackageError: with apt's last words.
    """
    if any(LISTS.glob("*_Packages*")):
        try:
            return _download(package, work, [])
        except PackageError:
            pass  # The system's lists are old: the archive has another version by now.
    options = private_options(work / "apt")
    _run(["apt-get", *options, "-qq", "update"], work)
    return _download(package, work, options)


def private_options(folder: Path) -> list[str]:
    """Return options by which apt keeps its lists and cache in a folder, and needs no root."""
    for name in ("state/lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return [
        "-o", f"Dir::State={folder}/state",
        "-o", f"Dir::State::lists={folder}/state/lists",
        "-o", "Dir::State::status=/var/lib/dpkg/status",
        "-o", f"Dir::Cache={folder}/cache",
        "-o", "APT::Sandbox::User=",
        "-o", "Debug::NoLocking=1",
    ]  # fmt: skip


def install(packages: list[str]) -> None:
    """Install packages as root, without starting any of their services.

    :raises PackageError: with apt's last words.
    """
    arguments = ["install", "-y", "--no-install-recommends", *packages]
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    with _no_services(), tempfile.TemporaryDirectory() as work:
        if not any(LISTS.glob("*_Packages*")):
            _run([*apt, "update"], Path(work))
        try:
            _run([*apt, *arguments], Path(work))
        except PackageError:
            _run([*apt, "update"], Path(work))
            _run([*apt, *arguments], Path(work))


def has_apt() -> bool:
    """Return whether this system is of Debian's kind."""
    return shutil.which("apt-get") is not None


def installed(package: str) -> bool:
    """Return whether dpkg has a package installed; what goes along with a program elsewhere is not asked."""
    if not has_apt():
        return True
    query = ["dpkg-query", "-W", "-f", "${Status}", package]
    result = subprocess.run(query, capture_output=True, text=True, check=False)
    return result.stdout.startswith("install ok installed")


@contextmanager
def _no_services() -> Iterator[None]:
    """Refuse every start of a service, in the way Debian asks: a policy that answers 101."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _download(package: str, work: Path, options: list[str]) -> Path:
    _run(["apt-get", *options, "-q", "download", package], work)
    archives = sorted(work.glob("*.deb"))
    if not archives:
        raise PackageError(f"apt-get download {package} left no package")
    return archives[-1]


def _run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    try:
        result = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True,
            check=False, timeout=TIMEOUT_S,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackageError(f"{command[0]}: {error}") from error
    if result.returncode != 0:
        words = (result.stderr or result.stdout).strip().splitlines()
        raise PackageError(f"{' '.join(command[:1])}: {' '.join(words[-3:])}")


def offered(package: str) -> bool:
    """Return whether the system's archive has a package, as far as its lists tell."""
    if not has_apt():
        return False
    query = ["apt-cache", "show", "--no-all-versions", package]
    return subprocess.run(query, capture_output=True, check=False).returncode == 0
