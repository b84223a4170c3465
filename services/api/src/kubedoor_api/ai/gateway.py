"""Asks an OpenAI-compatible server, `POST {AI_URL}/chat/completions`: bounded, with our own errors."""

from __future__ import annotations

import asyncio
import json
import math
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp

from kubedoor_api.ai.failures import GatewayError
from kubedoor_api.ai.redaction import Redaction
from kubedoor_api.ai.tasks import Task
from kubedoor_api.config.ai import AiSettings

Json = dict[str, Any]
Mode = Literal["json_schema", "json_object", "prompt"]
MODES: tuple[Mode, ...] = ("json_schema", "json_object", "prompt")
Sleep = Callable[[float], Awaitable[None]]

MAX_ANSWER_BYTES = 512 << 10
CONNECT_S = 10.0
DEFAULT_PAUSE_S = 1.0
MAX_PAUSE_S = 20.0
"""Longest that a server's `Retry-After` is waited for; a longer one ends the question."""
MAX_DETAIL = 200
MAX_TOKENS = 10_000_000
"""Of one answer, whatever its server says."""
CHARS_PER_TOKEN = 3
_MISFITS = (400, 422)
_REDIRECTS = range(300, 400)
PROXY_AUTHENTICATION = 407


@dataclass(frozen=True)
class Reply:
    """What a model wrote.

    :ivar finish: why it ended: `stop`, or `length` where it was cut off.
    :ivar declined: the model said that it won't.
    :ivar tokens: of question and answer, as the server counts them, else reckoned.
    """

    text: str
    finish: str
    declined: bool
    tokens: int
    mode: Mode
    body: Json


def tokens_of(characters: int) -> int:
    """Reckon tokens where nobody has counted them."""
    return math.ceil(characters / CHARS_PER_TOKEN)


def body_of(settings: AiSettings, task: Task, system: str, messages: Sequence[Json], mode: Mode) -> Json:
    """Return the body of a question; what AI_EXTRA sets to null is not in it."""
    schema = json.dumps(task.schema, separators=(",", ":"))
    if mode != "json_schema":
        system = f"{system} The schema: {schema}"
    form: dict[Mode, Json] = {
        "json_schema": {
            "type": "json_schema",
            "json_schema": {"name": task.name, "strict": True, "schema": dict(task.schema)},
        },
        "json_object": {"type": "json_object"},
        "prompt": {},
    }
    body: Json = {
        "model": settings.ai_model,
        "messages": [{"role": "system", "content": system}, *messages],
        "temperature": 0,
        "max_tokens": settings.ai_max_output_tokens,
        **({"response_format": form[mode]} if form[mode] else {}),
        **settings.ai_body,
    }
    return {name: value for name, value in body.items() if value is not None}


class Gateway:
    """One server; it remembers which way of asking for JSON that server takes."""

    def __init__(
        self, session: aiohttp.ClientSession, settings: AiSettings, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._session = session
        self._settings = settings
        self._sleep = sleep
        self._modes = MODES if settings.ai_output == "auto" else (settings.ai_output,)

    async def ask(self, task: Task, system: str, messages: Sequence[Json]) -> Reply:
        """Ask, in the first way that the server takes.

        :param messages: without the system's, which is the instructions.
        :raises GatewayError: there is no answer.
        """
        for mode in self._modes:
            try:
                reply = await self._asked(body_of(self._settings, task, system, messages, mode), mode)
            except GatewayError as error:
                if error.status in _MISFITS and mode != self._modes[-1]:
                    continue
                raise
            # A server that takes less is asked in that way from now on.
            self._modes = self._modes[self._modes.index(mode) :]
            return reply
        raise AssertionError("there is always a way to ask")

    async def _asked(self, body: Json, mode: Mode) -> Reply:
        """Ask, and once more where the server says that it is only busy or out of order."""
        try:
            return await self._post(body, mode)
        except GatewayError as error:
            if error.code not in ("rate_limited", "server_error"):
                raise
            pause_s = DEFAULT_PAUSE_S if error.retry_after_s is None else error.retry_after_s
            if pause_s > MAX_PAUSE_S:
                raise
            await self._sleep(pause_s)
        return await self._post(body, mode)

    async def _post(self, body: Json, mode: Mode) -> Reply:
        settings = self._settings
        assert settings.ai_url is not None
        # In each request: a session's own headers would be told a proxy, too, the key among them.
        key, headers = settings.ai_key.get_secret_value(), {"User-Agent": "kubedoor"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        with _own_errors():
            async with self._session.post(
                f"{settings.ai_url}/chat/completions",
                json=body,
                headers=headers,
                ssl=tls_of(settings),
                allow_redirects=False,
            ) as response:
                raw = await _body(response)
        text = raw.decode("utf-8", errors="replace")
        if response.status == 200 and len(raw) > MAX_ANSWER_BYTES:
            raise GatewayError("too_large", f"more than {MAX_ANSWER_BYTES >> 10} KiB")
        if response.status != 200:
            raise self._refused(response, text)
        return _reply(text, response.content_type, body, mode)

    def _refused(self, response: aiohttp.ClientResponse, text: str) -> GatewayError:
        status = response.status
        if key := self._settings.ai_key.get_secret_value():
            text = text.replace(key, "[key]")
        detail = f"HTTP {status}{': ' if text else ''}{_said(text, response.content_type)}"
        if status in _REDIRECTS:
            return GatewayError("redirected", f"HTTP {status}", status=status)
        if status == PROXY_AUTHENTICATION:
            return GatewayError("proxy", f"HTTP {status}", status=status)
        if status in (401, 403):
            return GatewayError("wrong_key", detail, status=status)
        if status == 404:
            return GatewayError("not_found", detail, status=status)
        if status == 429:
            return GatewayError("rate_limited", detail, status=status, retry_after_s=_pause_of(response))
        if status >= 500:
            return GatewayError("server_error", detail, status=status, retry_after_s=_pause_of(response))
        return GatewayError("refused", detail, status=status)


def tls_of(settings: AiSettings) -> ssl.SSLContext | bool:
    """Return what verifies the server's certificate.

    :raises GatewayError: the file of certificates can't be read.
    """
    if not settings.ai_ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=settings.ai_ca_file)
    except (OSError, ssl.SSLError) as error:
        raise GatewayError("tls", f"KUBEDOOR_AI_CA_FILE can't be read: {error}") from error


async def _body(response: aiohttp.ClientResponse) -> bytearray:
    """Return a body; of one that is too large, so much that it shows."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            break
    return body


def _pause_of(response: aiohttp.ClientResponse) -> float | None:
    """Return the seconds of `Retry-After`; a date, or what is no number, tells none."""
    try:
        pause_s = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return pause_s if math.isfinite(pause_s) and pause_s >= 0 else None


def _said(text: str, content_type: str) -> str:
    """Return what a server says of an error, as a line of plain text without secrets."""
    if content_type == "text/html":
        return "a page of HTML"
    try:
        found = json.loads(text)
        error = found.get("error", found) if isinstance(found, dict) else text
        text = str(error.get("message", text) if isinstance(error, dict) else error)
    except (ValueError, RecursionError):
        pass
    return " ".join(Redaction()(text).split())[:MAX_DETAIL]


def _reply(text: str, content_type: str, body: Mapping[str, Any], mode: Mode) -> Reply:
    """Read a completion.

    :raises GatewayError: it is none.
    """
    try:
        found = json.loads(text)
        choice = found["choices"][0]
        message = choice["message"]
        content = str(message.get("content") or "")
        finish, declined = str(choice.get("finish_reason") or ""), bool(message.get("refusal"))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        what = "a page of HTML" if "html" in content_type else f"{content_type}, which is no completion"
        raise GatewayError("not_json", f"the server sent {what}", status=200) from error
    asked = sum(len(one["content"]) for one in body["messages"])
    tokens = _counted(found.get("usage")) or tokens_of(asked + len(content))
    return Reply(content, finish, declined or finish == "content_filter", tokens, mode, dict(body))


def _counted(usage: object) -> int:
    counted = usage.get("total_tokens") if isinstance(usage, dict) else None
    if not isinstance(counted, int) or isinstance(counted, bool) or counted <= 0:
        return 0
    return min(counted, MAX_TOKENS)


class _own_errors:  # noqa: N801 reads as a statement
    """Translates what aiohttp raises; its own words may hold an address with credentials."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TimeoutError):
            raise GatewayError("timeout") from error
        if isinstance(error, (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError)):
            status = getattr(error, "status", None)
            raise GatewayError("proxy", f"HTTP {status}" if status else "it can't be reached") from error
        if isinstance(error, (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch)):
            raise GatewayError("tls", "the certificate is not one that is trusted") from error
        if isinstance(error, (aiohttp.ClientError, OSError, ValueError)):
            raise GatewayError("unreachable", type(error).__name__) from error


@asynccontextmanager
async def connect(settings: AiSettings, sleep: Sleep = asyncio.sleep) -> AsyncIterator[Gateway]:
    """Open a pool of connections to the model's server; they are closed on leaving.

    Through the proxy that HTTPS_PROXY and NO_PROXY name, as messages to the team go.
    """
    timeout = aiohttp.ClientTimeout(total=settings.ai_timeout_s, sock_connect=CONNECT_S)
    connector = aiohttp.TCPConnector(limit=settings.ai_concurrency)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=True) as session:
        yield Gateway(session, settings, sleep)
