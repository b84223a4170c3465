"""Certificates rotated under load, wrong, expired: no failed request where they overlap, an alarm before."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import aiohttp
from cryptography import x509

from faults.checking import watched
from faults.load import Load
from faults.results import eventually, must
from faults.scale import Scale
from faults.system import API
from kubedoor_dev.certificates import Certificate
from support.webhook import metric

ALARM_S = 7 * 86_400
"""What the chart's alert `KubeDoorCertificateExpires` holds the metric against."""
EXPIRY = "kubedoor_certificate_expiry_timestamp_seconds"


def _put(load: Load, certificate: Certificate) -> None:
    certificate.write(load.system.paths.of("tls"))


def _serial(load: Load) -> int:
    """The serial number that a new handshake meets, trusted or not."""
    host, _, port = load.system.endpoints.webhook.removeprefix("https://").partition(":")
    pem = ssl.get_server_certificate((host, int(port)))
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


async def _served(load: Load, certificate: Certificate) -> None:
    async def served() -> bool:
        return await asyncio.to_thread(_serial, load) == certificate.certificate.serial_number

    await eventually("the new certificate is served", served)


async def rotated(load: Load, scale: Scale) -> str:
    """One certificate after the other, and between them files that are no pair."""
    authority, log = load.system.stack.authority, load.system.log("webhook")
    made = authority.server()
    async with watched(load), load.going_on(acting=False):
        for _ in range(scale.kills):
            made = authority.server()
            _put(load, made)
            await _served(load, made)
            other = authority.server()
            (load.system.paths.of("tls") / "tls.key").write_bytes(other.key_pem)
            told = log.read_text().count("certificate.not_loaded")

            async def said(told: int = told) -> bool:
                return log.read_text().count("certificate.not_loaded") > told

            await eventually("files that are no pair are told", said)
            must(await asyncio.to_thread(_serial, load) == made.certificate.serial_number, "the pair changed")
        _put(load, made)
    return f"{scale.kills} times: {load.seen['admissions']:,} admissions, none failed"


async def _refused(load: Load) -> str:
    """What a client says of the certificate; nothing where it trusts it."""
    try:
        async with load.system.session() as session, session.get("/healthz"):
            return ""
    except aiohttp.ClientConnectorCertificateError as error:
        return str(error.certificate_error)


async def soon_over(load: Load, scale: Scale) -> str:
    """A certificate that is about to expire, then has: the alarm comes first, and the api tells both."""
    authority = load.system.stack.authority
    soon = authority.server(valid=timedelta(days=2))
    _put(load, soon)
    await _served(load, soon)
    async with load.system.session() as session:
        left_s = await metric(session, EXPIRY) - datetime.now(UTC).timestamp()
    must(0 < left_s < ALARM_S, f"the alert's metric says {left_s:.0f} s")
    over = authority.server(start=datetime.now(UTC) - timedelta(days=3))
    _put(load, over)
    await _served(load, over)
    try:
        refused = await _refused(load)
        must("expired" in refused, f"the client said {refused}")
        told = await load.look(f"{API}/mode/readiness")
        must("expired" in str(told), f"the readiness before enforce says nothing of it: {told}")
    finally:
        good = authority.server(valid=timedelta(days=30))
        _put(load, good)
        await _served(load, good)
    async with load.system.session() as session:
        await load.admit(session, "service-1")
    must(not load.wrong, "; ".join(load.wrong))
    days = left_s / 86_400
    return f"alarm with {days:.0f} days left; expired: {refused!r} to the caller, and told by mode/readiness"
