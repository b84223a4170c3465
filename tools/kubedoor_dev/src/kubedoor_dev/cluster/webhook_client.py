"""Sending an AdmissionReview to a webhook over TLS, as the API server's client does."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Json = dict[str, Any]

MOST_RETRIES = 10
MOST_ANSWER_BYTES = 3 * 1024 * 1024
IDLE_S = 90.0
TOLD_BYTES = 2048
UNABLE = {
    503: "the server is currently unable to handle the request",
    504: "the server was unable to return a response in the time allotted, but may still be processing"
    " the request",
}


class CallError(Exception):
    """The webhook could not be asked, or answered something else; the failure policy decides."""


@dataclass(frozen=True)
class Address:
    """Where to connect to, and the name that the certificate must have."""

    url: str
    server_name: str | None
    host_header: str | None
    told: str

    @staticmethod
    def of(config: Json, services: Mapping[str, str]) -> Address:
        """Work out a `clientConfig`.

        :param services: `namespace/name:port` -> `host:port` of what stands behind.
        :raises CallError: when the service is not known.
        """
        if url := config.get("url"):
            return Address(url, None, None, url)
        service = config["service"]
        place = f"{service['namespace']}/{service['name']}:{service.get('port', 443)}"
        name = f"{service['name']}.{service['namespace']}.svc"
        if place not in services:
            raise CallError(f'failed to call webhook: service "{service["name"]}" not found')
        path = "/" + service.get("path", "").lstrip("/")
        told = f"https://{name}:{service.get('port', 443)}{path}"
        return Address(f"https://{services[place]}{path}", name, name, told)

    def with_timeout(self, timeout_s: int) -> tuple[str, str]:
        """Add the `timeout` parameter, and return the URL to call and the one to tell."""
        told, *_ = (_with_query(one, f"timeout={timeout_s}s") for one in (self.told,))
        return _with_query(self.url, f"timeout={timeout_s}s"), told


def _with_query(url: str, query: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query=query))


class WebhookClient:
    """Keeps connections and trust; one for the whole server."""

    def __init__(self, services: Mapping[str, str], certificate: tuple[Path, Path] | None = None) -> None:
        self._services = services
        self._certificate = certificate
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def call(self, webhook: Json, review: Json) -> Json:
        """Send a review and return what came back, decoded.

        429 and 5xx with `Retry-After` are tried again within the timeout; a broken connection is not.

        :raises CallError: when there is no JSON answer with a 2xx status in time.
        """
        config, timeout_s = webhook["clientConfig"], webhook["timeoutSeconds"]
        address = Address.of(config, self._services)
        url, told = address.with_timeout(timeout_s)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._post_until_done(url, config.get("caBundle", ""), address, review)
        except TimeoutError:
            text = f'failed to call webhook: Post "{told}": context deadline exceeded'
            raise CallError(text) from None
        except (aiohttp.ClientError, OSError, ssl.SSLError) as error:
            raise CallError(f'failed to call webhook: Post "{told}": {_reason(error)}') from error

    async def _post_until_done(self, url: str, bundle: str, address: Address, review: Json) -> Json:
        body = json.dumps(review, separators=(",", ":")).encode()
        for attempt in range(MOST_RETRIES + 1):
            status, retry_after_s, answer = await self._post(url, bundle, address, body)
            if 200 <= status < 300:
                return _decoded(answer)
            if retry_after_s is None or attempt == MOST_RETRIES:
                raise CallError(f"failed to call webhook: {_told(status, answer)}")
            await asyncio.sleep(retry_after_s)
        raise AssertionError("the loop ends with an answer")

    async def _post(
        self, url: str, bundle: str, address: Address, body: bytes
    ) -> tuple[int, int | None, bytes]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, */*",
            "User-Agent": "kube-apiserver-admission",
        }
        if address.host_header:
            headers["Host"] = address.host_header
        async with self._open().post(
            url,
            data=body,
            headers=headers,
            ssl=self._context(bundle),
            server_hostname=address.server_name,
            allow_redirects=False,
        ) as response:
            answer = await response.content.read(MOST_ANSWER_BYTES)
            while more := await response.content.read(MOST_ANSWER_BYTES):
                answer += more
                if len(answer) > MOST_ANSWER_BYTES:
                    raise CallError("failed to call webhook: the answer is larger than 3 MiB")
            return response.status, _retry_after_s(response), answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_S)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=None)
            )
        return self._session

    def _context(self, bundle: str) -> ssl.SSLContext:
        """Trust the bundle alone, or without one the system's authorities."""
        if bundle not in self._contexts:
            try:
                pem = base64.b64decode(bundle).decode()
                context = ssl.create_default_context(cadata=pem or None)
            except (ssl.SSLError, ValueError) as error:
                raise CallError(f"unable to load root certificates: {error}") from error
            if self._certificate:
                context.load_cert_chain(*self._certificate)
            self._contexts[bundle] = context
        return self._contexts[bundle]


def _retry_after_s(response: aiohttp.ClientResponse) -> int | None:
    """Return the seconds to wait, where the answer may be asked for again."""
    told = response.headers.get("Retry-After", "")
    again = response.status == 429 or response.status >= 500
    return int(told) if again and told.isdigit() else None


def _decoded(answer: bytes) -> Json:
    try:
        decoded = json.loads(answer)
    except ValueError as error:
        raise CallError(f"failed to call webhook: {error}") from error
    if not isinstance(decoded, dict):
        raise CallError("failed to call webhook: json: cannot unmarshal the answer into an object")
    return decoded


def _told(status: int, answer: bytes) -> str:
    """Say what a status means, as the API server's client does."""
    text = answer[:TOLD_BYTES].decode(errors="replace").strip()
    if status in UNABLE:
        return UNABLE[status]
    if status >= 500:
        return f'an error on the server ("{text}") has prevented the request from succeeding'
    known = {
        400: "the server rejected our request for an unknown reason",
        401: "the server has asked for the client to provide credentials",
        403: f"forbidden: {text}",
        404: "the server could not find the requested resource",
        413: f"Request entity too large: {text}",
        429: "the server has received too many requests and has asked us to try again later",
    }
    return known.get(status, f"the server responded with the status code {status}: {text}")


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"tls: failed to verify certificate: x509: {error.certificate_error}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"dial tcp {error.host}:{error.port}: connect: {error.os_error.strerror}"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "EOF"
    return str(error) or type(error).__name__
