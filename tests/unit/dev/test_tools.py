"""Finding programs: the environment, PATH, an unpacked package, or the one command to run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kubedoor_dev.tools import ToolMissingError, debian, find, finder, locate
from kubedoor_dev.tools.__main__ import ensure

WHICH = shutil.which


def apt_get_alone(name: str, path: str | None = None) -> str | None:
    return "/usr/bin/apt-get" if name == "apt-get" else None


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("shutil.which", apt_get_alone)
    for name in ("PROMETHEUS", "NGINX", "CHROMIUM", "SLAPD"):
        monkeypatch.delenv(name, raising=False)


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def fail_to_unpack(package: str, folder: Path) -> None:
    raise debian.PackageError(f"no {package}")


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = program(tmp_path / "my-prometheus")
    program(tmp_path / "prometheus" / "usr" / "bin" / "prometheus")
    monkeypatch.setenv("PROMETHEUS", str(mine))
    assert find("prometheus", tmp_path) == mine


def test_an_environment_that_names_no_program_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROMETHEUS", str(tmp_path / "nothing"))
    with pytest.raises(ToolMissingError, match="PROMETHEUS="):
        find("prometheus", tmp_path)


def test_what_was_unpacked_before_is_found(tmp_path: Path) -> None:
    unpacked = program(tmp_path / "prometheus" / "usr" / "bin" / "promtool")
    assert locate("promtool", tmp_path) == unpacked


def test_a_package_is_unpacked_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = []

    def unpack(package: str, folder: Path) -> None:
        calls.append(package)
        program(folder / "usr" / "sbin" / "nginx")

    monkeypatch.setattr(finder, "unpack", unpack)
    assert locate("nginx", tmp_path) is None
    assert find("nginx", tmp_path) == find("nginx", tmp_path)
    assert calls == ["nginx"]


def test_the_lighter_of_two_is_taken_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", WHICH)
    monkeypatch.setattr(finder, "SYSTEM_FOLDERS", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    heavy = program(tmp_path / "chromium")
    assert locate("chromium", tmp_path) == heavy
    lighter = program(tmp_path / "chromium-headless-shell")
    assert locate("chromium", tmp_path) == lighter


@pytest.mark.parametrize(("offered", "expected"), [(True, [["chromium-headless-shell"]]), (False, [])])
def test_the_lighter_of_two_is_installed_where_the_archive_has_it(
    monkeypatch: pytest.MonkeyPatch, offered: bool, expected: list[list[str]]
) -> None:
    calls: list[list[str]] = []
    main = "kubedoor_dev.tools.__main__"
    monkeypatch.setattr(f"{main}.os.geteuid", lambda: 0)
    monkeypatch.setattr(f"{main}.locate", Path)
    monkeypatch.setattr(f"{main}.installed", lambda package: package != "chromium-headless-shell")
    monkeypatch.setattr(f"{main}.offered", lambda package: offered)
    monkeypatch.setattr(f"{main}.install", calls.append)
    assert ensure(["nginx", "chromium"]) is None
    assert calls == expected


def test_the_lighter_of_two_is_no_condition(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: list[str]) -> None:
        raise debian.PackageError("held packages")

    main = "kubedoor_dev.tools.__main__"
    monkeypatch.setattr(f"{main}.os.geteuid", lambda: 0)
    monkeypatch.setattr(f"{main}.locate", Path)
    monkeypatch.setattr(f"{main}.installed", lambda package: package != "chromium-headless-shell")
    monkeypatch.setattr(f"{main}.offered", lambda package: True)
    monkeypatch.setattr(f"{main}.install", fail)
    assert ensure(["chromium"]) is None
    assert "held packages" in capsys.readouterr().out


def test_what_can_not_be_had_says_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(finder, "unpack", fail_to_unpack)
    with pytest.raises(ToolMissingError, match=r"apt-get install .* prometheus, or set PROMETHEUS"):
        find("prometheus", tmp_path)
    with pytest.raises(ToolMissingError, match=r"apt-get install .* chromium fonts-wqy-microhei"):
        find("chromium", tmp_path)


def test_without_root_only_what_can_not_be_unpacked_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubedoor_dev.tools.__main__.os.geteuid", lambda: 1000)
    monkeypatch.setattr("kubedoor_dev.tools.__main__.locate", lambda name: None)

    def unpackable(name: str) -> Path:
        if name == "chromium":
            raise ToolMissingError(name)
        return Path(name)

    monkeypatch.setattr("kubedoor_dev.tools.__main__.find", unpackable)
    assert ensure(["prometheus", "nginx"]) is None
    words = ensure(["prometheus", "chromium"])
    assert words is not None
    assert "chromium fonts-wqy-microhei, or set CHROMIUM" in words


def test_another_system_than_debian_is_told_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither apt-get nor dpkg is there: a program is found on the PATH, or it is said that it isn't."""
    for name in ("nginx", "chromium"):
        program(tmp_path / name)
    monkeypatch.setattr("shutil.which", WHICH)
    monkeypatch.setattr(finder, "SYSTEM_FOLDERS", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find("nginx", tmp_path / "cache") == tmp_path / "nginx"
    assert ensure(["nginx", "chromium"]) is None
    wanted = r"no apt-get: put prometheus on the PATH, or set PROMETHEUS to where it is"
    with pytest.raises(ToolMissingError, match=wanted):
        find("prometheus", tmp_path / "cache")
    words = ensure(["slapd"])
    assert words is not None
    assert words.startswith("This system has no apt-get: put slapd on the PATH")


def test_a_half_unpacked_package_is_never_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def download(package: str, work: Path) -> Path:
        archive = work / "broken.deb"
        archive.write_text("no package")
        return archive

    monkeypatch.setattr(debian, "download", download)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(debian.PackageError, match="dpkg"):
        debian.unpack("prometheus", tmp_path / "prometheus")
    assert list(tmp_path.iterdir()) == []


def test_apt_keeps_to_the_folder_it_is_given(tmp_path: Path) -> None:
    options = debian.private_options(tmp_path)
    listed = subprocess.run(
        ["/usr/bin/apt-config", *options, "dump"], capture_output=True, text=True, check=True
    ).stdout
    assert f'Dir::State::lists "{tmp_path}/state/lists"' in listed
    assert f'Dir::Cache "{tmp_path}/cache"' in listed
