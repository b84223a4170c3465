"""The throw-away authority: real handshakes believe what it issues, only where they should."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kubedoor_dev.certificates import Authority, Certificate, make_authority

if TYPE_CHECKING:
    from pathlib import Path

AUTHORITY = make_authority()


def _server_context(certificate: Certificate, folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate.write(folder))
    return context


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> ssl.SSLObject:
    """Let both talk through memory until the client is satisfied."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_side = client.wrap_bio(to_client, to_server, server_hostname=name)
    server_side = server.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client_side, server_side]
    for _ in range(10):
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                continue
    assert not waiting
    return server_side


def _client_context(authority: Authority) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority.certificate_pem.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


@pytest.mark.parametrize("name", ["127.0.0.1", "webhook.kubedoor.svc"])
def test_a_client_believes_the_names_that_were_issued(tmp_path: Path, name: str) -> None:
    issued = AUTHORITY.server(["webhook.kubedoor.svc", "127.0.0.1"])
    _handshake(_server_context(issued, tmp_path), _client_context(AUTHORITY), name)


def test_another_name_is_refused(tmp_path: Path) -> None:
    issued = AUTHORITY.server(["webhook.kubedoor.svc"])
    with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for .other\.svc"):
        _handshake(_server_context(issued, tmp_path), _client_context(AUTHORITY), "other.svc")


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    issued = AUTHORITY.server(start=datetime.now(UTC) - timedelta(days=2), valid=timedelta(days=1))
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        _handshake(_server_context(issued, tmp_path), _client_context(AUTHORITY), "localhost")


def test_another_authority_is_refused(tmp_path: Path) -> None:
    other = _client_context(make_authority())
    with pytest.raises(ssl.SSLCertVerificationError):
        _handshake(_server_context(AUTHORITY.server(), tmp_path), other, "localhost")


def test_a_server_that_asks_sees_the_client_and_its_groups(tmp_path: Path) -> None:
    server = _server_context(AUTHORITY.server(), tmp_path / "server")
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(cadata=AUTHORITY.certificate_pem.decode())
    client = _client_context(AUTHORITY)
    issued = AUTHORITY.client("kube-apiserver", groups=["system:masters"])
    client.load_cert_chain(*issued.write(tmp_path / "client"))
    peer = _handshake(server, client, "localhost").getpeercert()
    assert peer is not None
    assert peer["subject"] == (
        (("organizationName", "system:masters"),),
        (("commonName", "kube-apiserver"),),
    )


def test_the_key_file_is_for_the_owner_alone(tmp_path: Path) -> None:
    _, key_file = AUTHORITY.server().write(tmp_path, "webhook")
    assert key_file.name == "webhook.key"
    assert key_file.stat().st_mode & 0o077 == 0
