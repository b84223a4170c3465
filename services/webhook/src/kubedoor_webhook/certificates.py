"""The serving certificate: loaded into the live TLS context whenever its files change."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from kubedoor_core.logs import get_logger

POLL_S = 1.0

log = get_logger(__name__)


def make_context(client_ca_file: Path | None) -> ssl.SSLContext:
    """Build the server's TLS context, still without a certificate.

    A client certificate is asked for but not demanded at the handshake: the kubelet's probes have none. The
    handler of `/mutate` demands it.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if client_ca_file:
        context.load_verify_locations(client_ca_file)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


class CertificateFiles:
    """Watches the two files by content: cert-manager replaces a linked directory, others write in place."""

    def __init__(
        self, context: ssl.SSLContext, cert_file: Path, key_file: Path, expires: Callable[[float], None]
    ) -> None:
        self._context = context
        self._files = (cert_file, key_file)
        self._expires = expires
        self._loaded = ""

    def load(self) -> None:
        """Load the files into the context.

        :raises ssl.SSLError, OSError, ValueError: for files that are no certificate and key, or not a pair.
        """
        fingerprint = self._fingerprint()
        certificate = x509.load_pem_x509_certificates(self._files[0].read_bytes())[0]
        # A scratch context first: a pair that does not match would leave the live one half changed.
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*self._files)
        self._context.load_cert_chain(*self._files)
        self._loaded = fingerprint
        self._expires(certificate.not_valid_after_utc.timestamp())

    async def run(self) -> None:
        """Look for new files again and again; a pair that can't be loaded leaves the old one in place."""
        told = ""
        while True:
            await asyncio.sleep(POLL_S)
            try:
                if (fingerprint := self._fingerprint()) in (self._loaded, told):
                    continue
                told = fingerprint
                self.load()
                log.info("certificate.reloaded")
            except (ssl.SSLError, OSError, ValueError) as error:
                log.warning("certificate.not_loaded", reason=str(error))

    def _fingerprint(self) -> str:
        return hashlib.sha256(b"".join(path.read_bytes() for path in self._files)).hexdigest()
