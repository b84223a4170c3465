"""A real slapd with a throw-away configuration."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kubedoor_dev.certificates import Authority, make_authority
from kubedoor_dev.processes import free_port, stop
from kubedoor_dev.tools import find

BASE = "dc=example,dc=org"
READER, READER_PASSWORD = f"cn=reader,{BASE}", "reader's"

LDIF = f"""
dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {READER_PASSWORD}

dn: ou=people,{BASE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{BASE}
objectClass: organizationalUnit
ou: groups

dn: uid=alice,ou=people,{BASE}
objectClass: inetOrgPerson
uid: alice
cn: Alice
sn: A
userPassword: correct horse

dn: uid=loner,ou=people,{BASE}
objectClass: inetOrgPerson
uid: loner
cn: Loner
sn: L
userPassword: alone

dn: uid=comma\\, plus\\+x,ou=people,{BASE}
objectClass: inetOrgPerson
uid: comma, plus+x
cn: Odd
sn: O
userPassword: odd

dn: cn=Operators,ou=groups,{BASE}
objectClass: groupOfNames
cn: Operators
member: uid=alice,ou=people,{BASE}
member: uid=comma\\, plus\\+x,ou=people,{BASE}
"""

CONFIG = """
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/tls.crt
TLSCertificateKeyFile {folder}/tls.key
sizelimit 100
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
database mdb
suffix "{base}"
rootdn "cn=admin,{base}"
directory {folder}/data
"""


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


@dataclass
class Slapd:
    """A directory's process and addresses."""

    folder: Path
    authority: Authority = field(default_factory=make_authority)
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Without TLS at first."""
        return f"ldap://localhost:{self.port}"

    @property
    def tls_url(self) -> str:
        """With TLS."""
        return f"ldaps://localhost:{self.tls_port}"

    def prepare(self) -> None:
        """Write the configuration and the entries."""
        slapd = Path(find("slapd"))
        root = slapd.parents[2]
        (self.folder / "data").mkdir(parents=True)
        self.authority.server().write(self.folder)
        (self.folder / "ca.pem").write_bytes(self.authority.certificate_pem)
        text = CONFIG.format(
            schema=root / "etc/ldap/schema", modules=root / "usr/lib/ldap", folder=self.folder, base=BASE
        )
        (self.folder / "slapd.conf").write_text(text)
        (self.folder / "data.ldif").write_text(LDIF)
        # Called as slapadd, slapd adds entries.
        command = [
            str(slapd),
            "-T",
            "add",
            "-f",
            str(self.folder / "slapd.conf"),
            "-l",
            str(self.folder / "data.ldif"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)

    def start(self) -> None:
        """Start it and wait until it listens."""
        slapd, conf = str(find("slapd")), str(self.folder / "slapd.conf")
        listen = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"
        with (self.folder / "log").open("ab") as log:
            command = [slapd, "-d", "0", "-f", conf, "-h", listen]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while not (_listens(self.port) and _listens(self.tls_port)):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self.process:
            stop(self.process)
            self.process = None


@contextmanager
def directory(folder: Path) -> Iterator[Slapd]:
    """Run a directory."""
    slapd = Slapd(folder)
    slapd.prepare()
    slapd.start()
    try:
        yield slapd
    finally:
        slapd.stop()
