"""What nodes of this machine say to the API server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import aiohttp

Json = dict[str, Any]
GONE = 404


def now() -> str:
    """Return the time as Kubernetes writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def ask(
    api: aiohttp.ClientSession, method: str, path: str, body: Json | None = None, *, may_be_gone: bool = False
) -> Json:
    """Send a request, and return the answer; a patch is a merge patch.

    :param may_be_gone: whether what it is about need not be there; then the answer is empty.
    """
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    async with api.request(method, path, json=body, headers={"Content-Type": kind}) as response:
        if response.status == GONE and may_be_gone:
            return {}
        assert response.status < 300, await response.text()
        found: Json = await response.json()
        return found
