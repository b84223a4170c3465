"""ClickHouse's HTTP interface: https://clickhouse.com/docs/interfaces/http."""

from __future__ import annotations

import base64
import hmac
import json
import re
import uuid
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from kubedoor_core.embedded.engine import Engine, EngineError, Settings

NOT_SETTINGS = {
    "query", "database", "default_format", "user", "password", "query_id", "session_id", "compress",
    "decompress", "quota_key", "session_timeout", "session_check", "stacktrace", "role",
    # Of the HTTP layer itself. The whole answer is always waited for here.
    "wait_end_of_query", "buffer_size", "enable_http_compression", "send_progress_in_http_headers",
}  # fmt: skip

AUTHENTICATION_FAILED = 516
STATUS_OF_CODE = {  # as ClickHouse's HTTPHandler maps them; what is not named is a 500
    62: 400, 6: 400, 26: 400, 27: 400, 36: 400, 38: 400, 41: 400, 43: 400, 47: 404, 53: 400, 60: 404,
    81: 404, 115: 404, 164: 403, 241: 500, 242: 403, 456: 400, 457: 400, 497: 403,
    AUTHENTICATION_FAILED: 403, 159: 408,
}  # fmt: skip
CONTENT_TYPES = {
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8; header=absent",
}
MAX_BODY = 1 << 30


@dataclass(frozen=True)
class Account:
    """The one user of the server. An empty password lets anybody in, as ClickHouse's default does."""

    user: str = "default"
    password: str = ""

    def admits(self, request: web.Request) -> bool:
        """Look for the credentials where ClickHouse does: Basic, then headers, then the URL."""
        user, password = _credentials(request)
        return user == self.user and hmac.compare_digest(password, self.password)


def _credentials(request: web.Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(encoded).decode().partition(":")
        except ValueError:
            return "", ""
        return user, password
    headers, query = request.headers, request.query
    return (
        headers.get("X-ClickHouse-User", query.get("user", "default")),
        headers.get("X-ClickHouse-Key", query.get("password", "")),
    )


async def _statement(request: web.Request) -> str:
    """Join the URL's query and the body, as ClickHouse does: an INSERT's data follows its text."""
    body = await request.read()  # aiohttp has unpacked gzip and deflate
    query = request.query.get("query", "")
    return "\n".join(part for part in (query, body.decode()) if part)


def _settings(request: web.Request) -> Settings:
    query = request.query
    return tuple(
        sorted((k, v) for k, v in query.items() if k not in NOT_SETTINGS and not k.startswith("param_"))
    )


def _parameters(request: web.Request) -> dict[str, str]:
    return {k.removeprefix("param_"): v for k, v in request.query.items() if k.startswith("param_")}


def _output_format(request: web.Request, statement: str) -> str:
    """Return the statement's own FORMAT, for the header, or the default one."""
    if not re.match(r"\s*INSERT\b", statement, re.IGNORECASE):  # whose data may be megabytes
        found = re.search(r"\bFORMAT\s+(\w+)\s*;?\s*(SETTINGS\b.*)?$", statement, re.IGNORECASE | re.DOTALL)
        if found:
            return found.group(1)
    return request.headers.get("X-ClickHouse-Format", request.query.get("default_format", "TabSeparated"))


def _error(error: EngineError) -> web.Response:
    return web.Response(
        status=STATUS_OF_CODE.get(error.code, 500),
        text=error.text.strip() + "\n",
        headers={"X-ClickHouse-Exception-Code": str(error.code)},
    )


class Server:
    """The handlers of `/`, `/ping` and `/replicas_status`."""

    def __init__(self, engine: Engine, account: Account) -> None:
        self._engine = engine
        self._account = account

    def app(self) -> web.Application:
        """Build the application."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_get("/ping", self._ping)
        app.router.add_get("/replicas_status", self._ping)
        app.router.add_get("/", self._get)
        app.router.add_post("/", self._post)
        return app

    async def _ping(self, _: web.Request) -> web.Response:
        return web.Response(text="Ok.\n")

    async def _get(self, request: web.Request) -> web.Response:
        if "query" not in request.query:
            return await self._ping(request)
        return await self._answer(request, "2")

    async def _post(self, request: web.Request) -> web.Response:
        return await self._answer(request, "0")

    async def _answer(self, request: web.Request, readonly: Literal["0", "2"]) -> web.Response:
        """Run the statement. ClickHouse makes every GET read-only; so do we."""
        if not self._account.admits(request):
            text = (
                "Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no such"
                " user. (AUTHENTICATION_FAILED)"
            )
            return _error(EngineError(text, AUTHENTICATION_FAILED))
        try:
            return await self._run(request, readonly)
        except EngineError as error:
            return _error(error)

    async def _run(self, request: web.Request, readonly: Literal["0", "2"]) -> web.Response:
        statement = await _statement(request)
        output_format = _output_format(request, statement)
        settings = _settings(request)
        answer = await self._engine.run(
            statement,
            output_format,
            database=request.headers.get("X-ClickHouse-Database", request.query.get("database", "default")),
            settings=(*settings, ("readonly", readonly)) if readonly != "0" else settings,
            parameters=_parameters(request),
        )
        summary = {"read_rows": str(answer.read_rows), "written_rows": str(answer.written_rows)}
        headers = {
            "Content-Type": CONTENT_TYPES.get(output_format, "text/plain; charset=UTF-8"),
            "X-ClickHouse-Query-Id": request.query.get("query_id", str(uuid.uuid4())),
            "X-ClickHouse-Format": output_format,
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Server-Display-Name": "embedded",
            "X-ClickHouse-Summary": json.dumps(summary),
        }
        return web.Response(body=answer.body, headers=headers)
