"""The directory of the containers for development: its command, configuration and people, on a real slapd."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import ldap3
import pytest
import yaml

from kubedoor_dev.demo.paths import CHECKOUT
from kubedoor_dev.processes import free_port, stop
from kubedoor_dev.tools import find
from support.waiting import until

COMPOSE = CHECKOUT / "deploy" / "compose"
ENVIRONMENT = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]["api"]["environment"]


def here(text: str, folder: Path, port: int) -> str:
    """Return a text of the image with the paths of this machine."""
    root = find("slapd").parents[2]
    places = {
        "/etc/directory": str(folder / "etc"),
        "/etc/ldap": str(root / "etc/ldap"),
        "/usr/lib/ldap": str(root / "usr/lib/ldap"),
        "/directory": str(folder / "data"),
        "ldap://:389": f"ldap://127.0.0.1:{port}",
        "slapadd -f": f"{root}/usr/sbin/slapadd -f",
        "exec slapd": f"exec {root}/usr/sbin/slapd",
    }
    pattern = "|".join(rf"(?<![\w.]){re.escape(place)}" for place in places)
    return re.sub(pattern, lambda found: places[found[0]], text)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a directory that the image's command has started."""
    port = free_port()
    for name in ("etc", "data"):
        (tmp_path / name).mkdir()
    for path in (COMPOSE / "directory").iterdir():
        (tmp_path / "etc" / path.name).write_text(here(path.read_text(), tmp_path, port))
    stage = (COMPOSE / "Dockerfile").read_text().partition(" AS directory\n")[2]
    entry = json.loads(re.findall(r"^ENTRYPOINT (\[.*\])$", stage, re.MULTILINE)[0])
    process = subprocess.Popen([here(word, tmp_path, port) for word in entry])
    try:
        yield port
    finally:
        stop(process)


async def listens(port: int) -> bool:
    """Tell whether somebody answers at a port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def signs_in(port: int, user: str, password: str) -> bool:
    """Tell whether the directory takes a password."""
    name = ENVIRONMENT["KUBEDOOR_LDAP_USER_DN"].format(user=user)
    connection = ldap3.Connection(ldap3.Server("127.0.0.1", port), name, password)
    try:
        return bool(connection.bind())
    finally:
        connection.unbind()


async def test_the_person_of_the_file_signs_in_and_nobody_else(port: int) -> None:
    await until(lambda: listens(port))
    assert signs_in(port, "ada", "lovelace")
    assert not signs_in(port, "ada", "byron")
    assert not signs_in(port, "bob", "lovelace")
