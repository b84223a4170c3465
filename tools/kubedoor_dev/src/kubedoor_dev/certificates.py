"""Certificates for the demo and the tests: a throw-away authority, and what it issues."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LOCAL = ("localhost", "127.0.0.1")
A_DAY = timedelta(days=1)
BACKDATED = timedelta(minutes=5)


@dataclass(frozen=True)
class Certificate:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as PEM; for an authority, the CA bundle."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key as unencrypted PKCS#8 PEM."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def write(self, folder: Path, name: str = "tls") -> tuple[Path, Path]:
        """Write `NAME.crt` and `NAME.key` (as cert-manager names them) and return both paths."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate_file, key_file = folder / f"{name}.crt", folder / f"{name}.key"
        certificate_file.write_bytes(self.certificate_pem)
        key_file.touch(mode=0o600)
        key_file.write_bytes(self.key_pem)
        return certificate_file, key_file


@dataclass(frozen=True)
class Authority(Certificate):
    """A certificate authority that issues for servers and clients."""

    def server(
        self,
        names: Iterable[str] = LOCAL,
        *,
        valid: timedelta = A_DAY,
        start: datetime | None = None,
    ) -> Certificate:
        """Issue a server certificate.

        :param names: DNS names and IP addresses; the first is the subject too.
        :param valid: how long from `start`; a `start` in the past gives an expired one.
        """
        names = list(names)
        extensions = (
            x509.SubjectAlternativeName([_general_name(name) for name in names]),
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
        )
        return self._issue(_subject(names[0]), extensions, valid, start)

    def client(
        self,
        name: str,
        *,
        groups: Iterable[str] = (),
        valid: timedelta = A_DAY,
        start: datetime | None = None,
    ) -> Certificate:
        """Issue a client certificate; Kubernetes reads the user from CN, the groups from O."""
        extensions = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]),)
        return self._issue(_subject(name, groups), extensions, valid, start)

    def _issue(
        self,
        subject: x509.Name,
        extensions: Iterable[x509.ExtensionType],
        valid: timedelta,
        start: datetime | None,
    ) -> Certificate:
        key = _new_key()
        builder = _builder(subject, self.certificate.subject, key, valid, start)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        builder = builder.add_extension(_key_usage(of_authority=False), True)
        builder = builder.add_extension(_issuer_key(self.certificate), False)
        for extension in extensions:
            builder = builder.add_extension(extension, False)
        return Certificate(builder.sign(self.key, hashes.SHA256()), key)


def make_authority(
    name: str = "KubeDoor development CA",
    *,
    valid: timedelta = 30 * A_DAY,
    start: datetime | None = None,
) -> Authority:
    """Make a self-signed authority."""
    key = _new_key()
    subject = _subject(name)
    builder = _builder(subject, subject, key, valid, start)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    builder = builder.add_extension(_key_usage(of_authority=True), True)
    return Authority(builder.sign(key, hashes.SHA256()), key)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _subject(name: str, groups: Iterable[str] = ()) -> x509.Name:
    organizations = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*organizations, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    valid: timedelta,
    start: datetime | None,
) -> x509.CertificateBuilder:
    """Fill in what every certificate has. Without a start it is a little in the past."""
    begin = start or datetime.now(UTC) - BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after((start or datetime.now(UTC)) + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _issuer_key(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _key_usage(*, of_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not of_authority,
        key_cert_sign=of_authority,
        crl_sign=of_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
