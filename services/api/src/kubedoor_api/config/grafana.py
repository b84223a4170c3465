"""Grafana behind nginx: its path, and the key that signs tokens for it."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

GRAFANA_PATH = "/grafana/"


def private_key(pem: str) -> EllipticCurvePrivateKey:
    """Read a key.

    :raises ValueError: it is none, or of another kind.
    """
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("is no private key (PEM, without a password)") from error
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    raise ValueError("must be an EC key on P-256: openssl ecparam -name prime256v1 -genkey -noout")
