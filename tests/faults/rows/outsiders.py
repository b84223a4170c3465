"""The directory, the chat vendor and the model slow or gone: it is said, and nobody else waits for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from faults.checking import told, watched
from faults.collecting import collect
from faults.load import Load
from faults.results import NotHeldError, eventually, must
from faults.scale import Scale
from faults.system import API, TIMEOUT
from kubedoor_api.auth.routes import REFUSAL_HEADER
from kubedoor_dev.demo.clients import Json
from support.api import PROXY_SECRET, SECRET, token
from support.api_process import ApiProcess
from support.proxy import Proxy, Trouble
from support.slapd import BASE, directory

ENV = "ldap"
"""An env of its own: a further api that knows no cluster would take itself for the only one."""
ALICE = aiohttp.encode_basic_auth("alice", "correct horse")
STRANGER = aiohttp.encode_basic_auth("bob", "another")


@asynccontextmanager
async def _api_with_directory(load: Load, folder: Path, proxy: Proxy, ca_file: Path) -> AsyncIterator[str]:
    """A further api of the system, which signs people in by a directory."""
    roles = json.dumps({"groups": {"operators": "operator"}})
    await asyncio.to_thread((folder / "roles.yaml").write_text, roles)
    settings = load.system.environment(
        ENV=ENV,
        AUTH_MODE="ldap", JWT_SECRET=SECRET, PROXY_SECRET=PROXY_SECRET, ROLES_FILE=str(folder / "roles.yaml"),
        LDAP_URL=f"ldap://localhost:{proxy.port}", LDAP_CA_FILE=str(ca_file), LDAP_TIMEOUT_S="2",
        LDAP_USER_DN=f"uid={{user}},ou=people,{BASE}", LDAP_GROUP_BASE_DN=f"ou=groups,{BASE}",
        CREDENTIAL_CACHE_S="0",
    )  # fmt: skip
    api = ApiProcess(folder, {name: value for name, value in settings.items() if name != "KUBEDOOR_LISTEN"})
    await api.start()
    try:
        yield f"http://127.0.0.1:{api.port}"
    finally:
        await api.stop()


async def _sign_in(session: aiohttp.ClientSession, credentials: str) -> tuple[int, str]:
    """Ask as nginx does, which takes 401 and 403 alone, and makes the answer from the reason beside it."""
    async with session.get("/api/v1/auth", headers={"Authorization": credentials}) as answer:
        return answer.status, answer.headers.get(REFUSAL_HEADER, "")


async def directory_away(load: Load, scale: Scale) -> str:
    """Silent, slow, breaking off, ended: 503 in words, while those with a token go on."""
    folder, said = load.system.paths.of("ldap"), list[str]()
    with directory(folder / "slapd") as slapd:
        proxy = Proxy(slapd.port)
        async with (
            proxy.running(),
            _api_with_directory(load, folder, proxy, slapd.folder / "ca.pem") as url,
            aiohttp.ClientSession(url, timeout=TIMEOUT) as session,
        ):
            must((await _sign_in(session, ALICE))[0] < 300, "alice could not sign in before the fault")
            for trouble in (Trouble.SILENCE, Trouble.RESET, Trouble.GARBAGE, Trouble.TRUNCATE):
                proxy.make(trouble)
                waiting = [asyncio.create_task(_sign_in(session, who)) for who in (ALICE, STRANGER)]
                for _ in range(10):
                    await _with_a_token(session)
                answers = await asyncio.gather(*waiting)
                must(set(answers) == {(403, "unavailable")}, f"{trouble}: sign-in got {answers}")
                said.append(str(trouble))
            proxy.make(Trouble.NONE)

            async def back() -> bool:
                return (await _sign_in(session, ALICE))[0] < 300

            await eventually("alice can sign in again", back)
    meanwhile = "40 requests with tokens were answered meanwhile"
    return f"{', '.join(said)}: sign-in unavailable (503 by nginx); {meanwhile}; back by itself"


async def _with_a_token(session: aiohttp.ClientSession) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    async with session.get(f"/api/v1/envs/{ENV}/services?limit=1", headers=headers) as answer:
        must(answer.status == 200, f"a request with a token got {answer.status}")


async def chat_away(load: Load, scale: Scale) -> str:
    """A vendor that takes no message: edits go on, and what was to be told is told once it is back."""
    got: list[str] = []

    async def take(request: web.Request) -> web.Response:
        got.append(await request.text())
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    async with TestServer(app) as vendor, Proxy(vendor.port or 0).running() as proxy:
        proxy.make(Trouble.SILENCE)
        address = f"json://127.0.0.1:{proxy.port}/hook"
        await load.system.restart(
            "api",
            KUBEDOOR_NOTIFY_URLS=address,
            KUBEDOOR_NOTIFY_KINDS="change.*",
            KUBEDOOR_NOTIFY_POLL_S="0.5",
        )
        try:
            async with watched(load), load.going_on(acting=False):
                await asyncio.sleep(scale.trouble_s)

                async def acknowledged() -> bool:
                    return load.seen["edits acknowledged"] > 0

                await eventually("an edit is acknowledged while the vendor is silent", acknowledged)
            proxy.make(Trouble.NONE)

            async def delivered() -> bool:
                return bool(got)

            await eventually("messages arrive once the vendor is back", delivered, 180)
        finally:
            proxy.make(Trouble.RESET)
            await load.system.restart("api")
    return f"{told(load)} while it was silent; messages arrived once it was back"


async def model_away(load: Load, scale: Scale) -> str:
    """A model that is silent, talks nonsense, breaks off: the question says so, and edits go on."""
    port = int(load.system.stack.url("ai").rpartition(":")[2])
    async with Proxy(port).running() as proxy:
        url = f"http://127.0.0.1:{proxy.port}/v1"
        await load.system.restart("api", KUBEDOOR_AI_URL=url, KUBEDOOR_AI_TIMEOUT_S="2")
        try:
            await collect(load)  # what is asked about is the score, which takes figures
            said = list[str]()
            async with watched(load), load.going_on(acting=False):
                for trouble in (Trouble.SILENCE, Trouble.GARBAGE, Trouble.TRUNCATE, Trouble.RESET):
                    proxy.make(trouble)
                    why = await _unanswered(load)
                    must(bool(why), f"{trouble}: an answer came")
                    said.append(f"{trouble}: {why}")
        finally:
            await load.system.restart("api")
        await load.system.until_ready("api")
        async with watched(load):
            must(await _unanswered(load) == "", "the model is back, and the question has no answer")
    return f"{'; '.join(said)}; {told(load)}; answered once it was back"


async def _unanswered(load: Load) -> str:
    """Ask what takes points off a score; return why there is no answer, empty where there is one."""
    replies = list[str]()
    for service in load.system.stack.company.services:
        about = {"kind": "Deployment", "namespace": service.namespace, "name": service.name}
        reply = await load.system.console.send("POST", f"{API}/ai/explain_score", about)
        if reply.status == 202:
            return str((await _over(load, reply.document))["failure"] or "")
        if reply.document["code"] == "ai_left_alone":  # after some failures in a row: for five minutes
            return "left alone"
        replies.append(f"{service.name}: {reply.document}")
    raise NotHeldError(f"no service could be asked about: {'; '.join(replies)}")


async def _over(load: Load, asked: Json) -> Json:
    now = asked

    async def over() -> bool:
        nonlocal now
        now = await load.look(f"{API}/ai/calls/{asked['id']}")
        return bool(now["state"] != "asked")

    await eventually("the question has an end", over, 300)
    return now
