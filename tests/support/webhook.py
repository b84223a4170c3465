"""A running webhook, as a process of its own or as a thread of this one, and what talks to it."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import uvloop

from kubedoor_dev.certificates import Authority, make_authority
from kubedoor_dev.cluster.jsonpatch import apply
from kubedoor_dev.processes import free_port, stop, wait_for_http
from kubedoor_webhook.app import serve
from kubedoor_webhook.settings import WebhookSettings
from support.waiting import until

ENV = "test"
Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    document: Json

    @property
    def response(self) -> Json:
        """The AdmissionReview's response."""
        response: Json = self.document["response"]
        return response

    def patch(self) -> list[Json]:
        """The decoded patch."""
        encoded = self.response.get("patch")
        decoded: list[Json] = json.loads(base64.b64decode(encoded)) if encoded else []
        return decoded

    def admitted(self, review: Json) -> Json:
        """The object as the API server would store it."""
        document: Json = apply(review["request"]["object"], self.patch())
        return document


@dataclass
class Webhook:
    """A webhook's process, its address and its certificate authority."""

    folder: Path
    settings: Mapping[str, str]
    authority: Authority = field(default_factory=make_authority)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    python: list[str] = field(default_factory=lambda: [sys.executable])

    @property
    def url(self) -> str:
        """The base URL."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext:
        """A client's TLS context that trusts it."""
        return ssl.create_default_context(cadata=self.authority.certificate_pem.decode())

    def given(self) -> dict[str, str]:
        """The variables that are meant for it."""
        cert_file, key_file = self.folder / "tls.crt", self.folder / "tls.key"
        if not cert_file.exists():
            self.authority.server().write(self.folder)
        own = {
            "KUBEDOOR_ENV": ENV,
            "KUBEDOOR_LISTEN": f"127.0.0.1:{self.port}",
            "KUBEDOOR_TLS_CERT_FILE": str(cert_file),
            "KUBEDOOR_TLS_KEY_FILE": str(key_file),
            "KUBEDOOR_DRAIN_SECONDS": "0",
            # A busy machine is no trouble of ClickHouse: what is to be fresh is fresh, however long it takes.
            "KUBEDOOR_CHECK_TIMEOUT_S": "10",
            "KUBEDOOR_LOG_FORMAT": "json",
        }
        return {**own, **self.settings}

    def environment(self) -> dict[str, str]:
        """The variables that it starts with."""
        return {**os.environ, **self.given()}

    def start(self) -> None:
        """Start it and wait until it serves; it may still be without a copy."""
        with (self.folder / "log").open("ab") as log:
            command = [*self.python, "-m", "kubedoor_webhook"]
            self.process = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)
        wait_for_http(f"{self.url}/healthz", self.process, self.folder / "log", context=self.tls)

    def stop(self) -> None:
        """End it politely."""
        if self.process:
            stop(self.process)
            self.process = None

    @contextmanager
    def running(self) -> Iterator[Webhook]:
        """Start it, and end it with the block."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def session(self, **options: Any) -> aiohttp.ClientSession:
        """A client with pooled connections."""
        return aiohttp.ClientSession(self.url, connector=aiohttp.TCPConnector(ssl=self.tls, **options))


@dataclass
class WebhookThread(Webhook):
    """A webhook in a thread of this process, for tests in which the process is not the point.

    It takes the same connections and ends as politely, but need not load what is loaded already. What it logs
    is in this process's output.
    """

    told: asyncio.Event = field(default_factory=asyncio.Event)
    served: Future[None] | None = None

    def start(self) -> None:
        """Start it and wait until it listens; it may still be without a copy."""
        values: dict[str, Any] = {k.removeprefix("KUBEDOOR_").lower(): v for k, v in self.given().items()}
        told, listening = asyncio.Event(), Future[None]()

        async def until_told() -> None:
            listening.set_result(None)
            await told.wait()

        serving = serve(WebhookSettings(**values), until_told)
        self.told, self.served = told, asyncio.run_coroutine_threadsafe(serving, _webhooks_loop())
        wait([self.served, listening], return_when=FIRST_COMPLETED)
        if self.served.done():
            self.served.result()

    def stop(self) -> None:
        """End it politely."""
        if self.served:
            _webhooks_loop().call_soon_threadsafe(self.told.set)
            self.served.result()
            self.served = None


@cache
def _webhooks_loop() -> asyncio.AbstractEventLoop:
    """The loop of a thread that goes on as long as this process: connections may outlive their webhook."""
    loop = uvloop.new_event_loop()
    threading.Thread(target=loop.run_forever, name="webhooks", daemon=True).start()
    return loop


async def ask(session: aiohttp.ClientSession, review: Json | bytes) -> Answer:
    """Send an AdmissionReview."""
    body = review if isinstance(review, bytes) else json.dumps(review).encode()
    async with session.post(
        "/mutate", data=io.BytesIO(body), headers={"Content-Type": "application/json"}
    ) as response:
        return Answer(response.status, await response.json(content_type=None))


async def metric(session: aiohttp.ClientSession, name: str) -> float:
    """Return the sum of a metric's samples."""
    async with session.get("/metrics") as response:
        text = await response.text()
    lines = [line for line in text.splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


async def until_ready(session: aiohttp.ClientSession) -> None:
    """Wait until `/readyz` says yes."""

    async def ready() -> bool:
        async with session.get("/readyz") as response:
            return response.status == 200

    await until(ready)
