"""An API in this process, and a client that signs in as whom a test wants."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from passlib.apache import HtpasswdFile

from kubedoor_api.access.roles import Grant, Principal, Role
from kubedoor_api.app import HEADER_LIMITS, running
from kubedoor_api.auth.token import Tokens
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.openapi import ProblemDocument
from kubedoor_core.problem_codes import FieldCode

ENV = "test"
SECRET = "a secret for the tests and long enough"
PROXY_SECRET = "what-nginx-shows-to-the-api-in-tests"
PASSWORD = "correct horse"
TOKEN_LASTS_S = 86_400
"""Longer than any test takes, however slow the machine."""
BASE = f"/api/v1/envs/{ENV}"
SERVICES = f"{BASE}/services"

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)

    @property
    def fields(self) -> set[str]:
        """The fields that a problem names."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.text
        return {error["field"] for error in self.json.get("errors", [])}


def expect_registered(answer: Answer) -> None:
    """Every refusal that any test provokes says by registered words what it is about, field by field."""
    if not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return
    problem = ProblemDocument.model_validate(answer.json)
    assert problem.status == answer.status
    for error in problem.errors or []:
        assert error.code is not FieldCode.NOT_TAKEN, (
            f"{error.field} ({error.reason}) needs a word of its own"
        )


def token(*grants: Grant, name: str = "alice") -> str:
    """A signed token, as nginx would pass it on."""
    return Tokens((SECRET,), TOKEN_LASTS_S).issue(Principal(name, grants or (Grant(role=Role.ADMIN),)))


@dataclass
class Api:
    """A client of one running API."""

    client: TestClient[web.Request, web.Application]
    bearer: str

    def as_(self, role: Role, env: str = ".*", namespace: str = ".*", name: str = "alice") -> Api:
        """The same API with other rights."""
        return Api(self.client, token(Grant(role=role, env=env, namespace=namespace), name=name))

    async def send(self, method: str, path: str, **options: Any) -> Answer:
        """Send a request with the token."""
        headers = {"Authorization": f"Bearer {self.bearer}", **options.pop("headers", {})}
        async with self.client.request(method, path, headers=headers, **options) as response:
            answer = Answer(response.status, response.headers.copy(), await response.text())
        expect_registered(answer)
        return answer

    async def get(self, path: str, **options: Any) -> Answer:
        """GET."""
        return await self.send("GET", path, **options)

    async def change(self, method: str, path: str, body: Any = None, *, version: str | None = None) -> Answer:
        """PUT, PATCH, POST or DELETE with a JSON body, based on a version."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        options = {} if body is None else {"json": body}
        return await self.send(method, path, headers=headers, **options)


def write_htpasswd(path: Path, scheme: str = "apr_md5_crypt", **users: str) -> Path:
    """Write an htpasswd file."""
    file = HtpasswdFile(str(path), new=True, default_scheme=scheme)
    for user, password in users.items():
        file.set_password(user, password)
    file.save()
    return path


def api_settings(folder: Path, clickhouse: Mapping[str, str], **settings: Any) -> ApiSettings:
    """Settings of an API on a test's own database."""
    given = {name.removeprefix("KUBEDOOR_").lower(): value for name, value in clickhouse.items()}
    defaults = {
        "env": ENV,
        "timezone": "Asia/Shanghai",
        "listen": "127.0.0.1:0",
        "jwt_secret": SECRET,
        "proxy_secret": PROXY_SECRET,
        "htpasswd_file": str(folder / "htpasswd"),
    }
    return ApiSettings(**{**given, **defaults, **settings})


@asynccontextmanager
async def serving(settings: ApiSettings) -> AsyncIterator[Api]:
    """Serve an API on a free port of 127.0.0.1."""
    async with running(settings) as app:
        server = TestServer(app)
        await server.start_server(**HEADER_LIMITS)
        async with TestClient(server) as client:
            yield Api(client, token())
