"""A console whose cluster asks a webhook: the real one, over TLS, with a certificate that soon expires."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from browser.support import company
from browser.support.acting import Kubernetes, acting
from browser.support.stack import Stack
from support.webhook import Webhook, until_ready

CERTIFICATE_DAYS = 10


async def _ready(webhook: Webhook) -> None:
    async with webhook.session() as session:
        await until_ready(session)


@contextmanager
def governing(folder: Path) -> Iterator[tuple[Stack, Kubernetes]]:
    """Start the console, a cluster and the webhook that may govern it; the mode is `off` at first."""
    place = folder / "webhook"
    place.mkdir()
    settings = {"KUBEDOOR_ENV": company.ENV, "KUBEDOOR_OWN_NAMESPACE": "kubedoor"}
    webhook = Webhook(place, settings)
    webhook.authority.server(valid=timedelta(days=CERTIFICATE_DAYS, hours=12)).write(place)
    (place / "ca.pem").write_bytes(webhook.authority.certificate_pem)
    known = {
        "KUBEDOOR_WEBHOOK_URL": webhook.url,
        "KUBEDOOR_WEBHOOK_TIMEOUT_S": "30",
        "KUBEDOOR_WEBHOOK_CA_FILE": str(place / "ca.pem"),
    }
    with acting(folder, **known) as (stack, kubernetes):
        settings["KUBEDOOR_CLICKHOUSE_URL"] = stack.clickhouse_url
        with webhook.running():
            asyncio.run(_ready(webhook))
            yield stack, kubernetes
