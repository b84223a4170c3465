"""The certificate that an env's webhook shows, and until when it is valid."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from cryptography import x509

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.webhook_configuration import DEFAULT_PORT, service_address
from kubedoor_api.web.fields import Model, Time

TIMEOUT_S = 5
SOON = timedelta(days=14)
DAY_S = 86_400


class WebhookCertificate(Model):
    """The certificate that the webhook shows."""

    state: Literal["valid", "soon", "expired", "unread", "unknown"]
    """`soon`: it expires within 14 days; `expired`: the cluster can't ask the webhook any more; `unread`:
    the webhook shows none that can be read; `unknown`: it is not known from here where the webhook is"""
    valid_until: Time | None
    """When it expires, UTC; null while not known"""
    days_left: int | None
    """Whole days until then, below zero once it has expired; null while not known"""
    detail: str
    """In words"""


def judge(valid_until: datetime, now: datetime) -> WebhookCertificate:
    """Say what the end of a certificate means. Pure; both times are UTC."""
    left, day = valid_until - now, f"{valid_until:%Y-%m-%d %H:%M} UTC"
    days = int(left.total_seconds() // DAY_S)
    if left <= timedelta(0):
        detail = (
            f"The webhook's certificate expired at {day}: renew it, else the cluster can't ask the webhook"
        )
        return WebhookCertificate(state="expired", valid_until=valid_until, days_left=days, detail=detail)
    if left < SOON:
        detail = f"The webhook's certificate expires at {day}: renew it in time"
        return WebhookCertificate(state="soon", valid_until=valid_until, days_left=days, detail=detail)
    detail = f"The webhook's certificate is valid until {day}"
    return WebhookCertificate(state="valid", valid_until=valid_until, days_left=days, detail=detail)


def without(state: str, detail: str) -> WebhookCertificate:
    """Say that the certificate is not known, and why."""
    known = {"state": state, "valid_until": None, "days_left": None, "detail": detail}
    return WebhookCertificate.model_validate(known)


async def look(settings: ApiSettings) -> WebhookCertificate:
    """Read the certificate that the webhook shows now, whether it is trusted or not."""
    address = urlsplit(service_address(settings))
    try:
        host, port = address.hostname or "", address.port or DEFAULT_PORT
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it takes whatever is shown: nothing is sent to it
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        async with asyncio.timeout(TIMEOUT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
            try:
                shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            finally:
                writer.transport.abort()
        certificate = x509.load_der_x509_certificate(shown)
    except (OSError, TimeoutError, ValueError) as error:
        why = str(error) or "no answer in time"
        return without("unread", f"The webhook's certificate can't be read: {why}")
    return judge(certificate.not_valid_after_utc, datetime.now(UTC))
