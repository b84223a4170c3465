"""The demo's own clients: of the console, as a person's browser, and of Kubernetes, as kubectl."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml

Json = dict[str, Any]


class StepFailedError(Exception):
    """A step of the main job did not hold; the message says which and what came instead."""


@dataclass(frozen=True)
class Reply:
    """A status, a document, and the warnings that came along."""

    status: int
    document: Json
    warnings: list[str]


@dataclass(frozen=True)
class Client:
    """A session with one server."""

    session: aiohttp.ClientSession

    async def send(self, method: str, path: str, body: Json | None = None, **headers: str) -> Reply:
        """Send a request and return what came, whatever the status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, path, json=body, headers=named) as response:
            document = await response.json(content_type=None)
            warnings = [text.split('"', 1)[-1].rstrip('"') for text in response.headers.getall("Warning", [])]
            return Reply(response.status, document or {}, warnings)

    async def ask(self, method: str, path: str, body: Json | None = None, **headers: str) -> Json:
        """Send a request that must succeed.

        :raises StepFailedError: when it does not.
        """
        reply = await self.send(method, path, body, **headers)
        if reply.status >= 300:
            raise StepFailedError(f"{method} {path} answered {reply.status}: {reply.document}")
        return reply.document


@asynccontextmanager
async def script(url: str, token: str) -> AsyncIterator[Client]:
    """Open the console's API through nginx, as a script with a token."""
    async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {token}"}) as session:
        yield Client(session)


@asynccontextmanager
async def browser(url: str, user: str, password: str) -> AsyncIterator[Client]:
    """Open the console's API through nginx, as a signed-in person."""
    headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        yield Client(session)


@asynccontextmanager
async def kubectl(kubeconfig: Path) -> AsyncIterator[Client]:
    """Open a cluster by its kubeconfig: token and certificate authority."""
    config = yaml.safe_load(await asyncio.to_thread(kubeconfig.read_text))
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    headers = {"Authorization": f"Bearer {user['token']}"}
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cadata=authority))
    async with aiohttp.ClientSession(cluster["server"], headers=headers, connector=connector) as session:
        yield Client(session)
