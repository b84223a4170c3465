"""A model's server in every condition, over real connections: its words are bounded, its input clean."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from kubedoor_api.ai.failures import Failure
from kubedoor_api.ai.tasks import EXPLAIN_SCORE, TASKS, Task
from kubedoor_dev.ai.server import ScriptedServer
from kubedoor_dev.certificates import make_authority
from kubedoor_dev.processes import free_port
from support.ai import FOREIGN, KEY, ask, attacked, attacks, gateway_to, question_of
from support.secrets_made import planted

EACH = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer().serving() as running:
        yield running


@EACH
@pytest.mark.parametrize(
    "script", ["good", "fenced", "wrong_at_first", "no_schema", "no_format", "busy_once"]
)
async def test_an_answer_is_found(server: ScriptedServer, task: Task, script: str) -> None:
    server.follow(script)
    async with gateway_to(server.url) as gateway:
        outcome = await ask(gateway, question_of(task))
    assert outcome.failure is None, outcome
    assert outcome.result is not None
    assert outcome.result.reasons
    assert outcome.result.dropped == 0
    assert outcome.tokens > 0
    assert outcome.mode == {"no_schema": "json_object", "no_format": "prompt"}.get(script, "json_schema")
    assert outcome.attempts == (2 if script == "wrong_at_first" else 1)


FAULTS: dict[str, Failure] = {
    "not_json": "invalid",
    "wrong_shape": "invalid",
    "cut_off": "cut_off",
    "declines": "declined",
    "refuses": "refused",
    "busy": "rate_limited",
    "busy_for_long": "rate_limited",
    "broken": "server_error",
    "huge": "too_large",
    "hangs_up": "unreachable",
    "login": "not_json",
    "redirects": "redirected",
    "no_completion": "not_json",
    "wrong_key": "wrong_key",
    "no_such_model": "not_found",
}
TRIES = {"not_json": 2, "wrong_shape": 2, "cut_off": 2, "refuses": 3, "busy": 2, "broken": 2}


@pytest.mark.parametrize("script", FAULTS)
async def test_a_fault_has_its_word(server: ScriptedServer, script: str) -> None:
    server.follow(script)
    async with gateway_to(server.url) as gateway:
        outcome = await ask(gateway, question_of(EXPLAIN_SCORE))
    assert (outcome.failure, outcome.result) == (FAULTS[script], None)
    assert len(server.bodies) == TRIES.get(script, 1)
    assert KEY not in outcome.detail
    assert "<" not in outcome.detail


async def test_a_silent_server_is_given_up(server: ScriptedServer) -> None:
    server.follow("silent")
    async with gateway_to(server.url, ai_timeout_s=0.2) as gateway:
        outcome = await ask(gateway, question_of(EXPLAIN_SCORE))
    assert outcome.failure == "timeout"
    assert outcome.tokens > 0, "it may have worked on it"


async def test_a_server_that_is_not_there() -> None:
    async with gateway_to(f"http://127.0.0.1:{free_port()}/v1") as gateway:
        assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure == "unreachable"


async def test_how_json_is_asked_for_is_remembered_or_set(server: ScriptedServer) -> None:
    server.follow("no_format")
    async with gateway_to(server.url) as gateway:
        for _ in range(2):
            assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure is None
    formats = [body.get("response_format", {}).get("type") for body in server.bodies]
    assert formats == ["json_schema", "json_object", None, None]
    server.follow("good")
    async with gateway_to(server.url, ai_output="json_object") as gateway:
        assert (await ask(gateway, question_of(EXPLAIN_SCORE))).mode == "json_object"
    assert "causes" in server.bodies[0]["messages"][0]["content"], "the schema is in its words"


async def test_the_body_is_what_was_set(server: ScriptedServer) -> None:
    extra = '{"max_tokens": null, "max_completion_tokens": 500, "enable_thinking": false}'
    async with gateway_to(server.url, ai_extra=extra) as gateway:
        await ask(gateway, replace(question_of(EXPLAIN_SCORE), language="zh-CN"))
    (body,) = server.bodies
    assert (body["max_completion_tokens"], body["enable_thinking"], body["temperature"]) == (500, False, 0)
    assert not {"max_tokens", "tools", "stream"} & body.keys()
    assert "Simplified Chinese" in body["messages"][0]["content"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_a_certificate_of_a_private_authority(tmp_path: Path) -> None:
    authority = make_authority()
    certificate, key = authority.server(["127.0.0.1"]).write(tmp_path)
    (tmp_path / "ca.pem").write_bytes(authority.certificate_pem)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    async with ScriptedServer().serving(tls) as server:
        async with gateway_to(server.url) as gateway:
            assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure == "tls"
        async with gateway_to(server.url, ai_ca_file=str(tmp_path / "ca.pem")) as gateway:
            assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure is None
        async with gateway_to(server.url, ai_ca_file=str(tmp_path / "none.pem")) as gateway:
            assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure == "tls"


async def test_a_proxy(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is asked for the whole address; what is behind it is the scripted server's own handler."""
    seen: list[tuple[str, str]] = []

    async def forward(request: web.Request) -> web.StreamResponse:
        seen.append((str(request.url), request.headers.get("Proxy-Authorization", "")))
        if not seen[-1][1]:
            return web.Response(status=407)
        return await server._completions(request)

    proxy = web.AppRunner(_every(forward), access_log=None, shutdown_timeout=0)
    await proxy.setup()
    site = web.TCPSite(proxy, "127.0.0.1", 0)
    await site.start()
    try:
        for user, failure in (("bob:pw@", None), ("", "proxy")):
            monkeypatch.setenv("http_proxy", f"http://{user}127.0.0.1:{site.port}")
            async with gateway_to("http://model.example/v1") as gateway:
                outcome = await ask(gateway, question_of(EXPLAIN_SCORE))
            assert outcome.failure == failure
            assert "pw" not in outcome.detail
    finally:
        await proxy.cleanup()
    assert seen[0] == ("http://model.example/v1/chat/completions", "Basic Ym9iOnB3")
    assert seen[1][1] == "", "the model's key is not for the proxy"
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    async with gateway_to("http://model.example/v1") as gateway:
        assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure == "proxy"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with gateway_to(server.url) as gateway:
        assert (await ask(gateway, question_of(EXPLAIN_SCORE))).failure is None


def _every(handler: Handler) -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    return app


def test_there_are_sixty_attacks() -> None:
    assert len(set(attacks())) == 60


@EACH
async def test_no_attack_that_the_model_obeys_does_anything(server: ScriptedServer, task: Task) -> None:
    server.follow("obeys")
    shown = []
    async with gateway_to(server.url) as gateway:
        for place, order in attacks():
            outcome = await ask(gateway, attacked(task, place, order))
            assert outcome.failure is None, (place, order, outcome)
            assert outcome.result is not None
            shown.append(outcome.result)
    for one in shown:
        assert one.proposal is None or 3 <= one.proposal <= 9
        assert set(one.checks) <= {"logs", "node"}, "what the task offers, and nothing from the attack"
        texts = [one.headline, *one.unknown, *(reason.text for reason in one.reasons)]
        for text in texts:
            assert not re.search(
                r"://|evil\.|javascript:|<[a-z]|\]\(|[\u200b-\u200f\u202a-\u202e]", text, re.IGNORECASE
            ), text
            assert FOREIGN not in text.lower()
    assert any(one.dropped for one in shown)
    assert any(one.reasons for one in shown), "what is only words is shown as words"
    if task.name == "review_advice":
        assert any(one.refused and one.refused.because == "availability" for one in shown)


async def test_no_count_out_of_bounds_is_proposed(server: ScriptedServer) -> None:
    server.follow("out_of_bounds")
    async with gateway_to(server.url) as gateway:
        outcome = await ask(gateway, question_of(TASKS["review_advice"]))
    assert outcome.result is not None
    assert outcome.result.proposal is None
    assert asdict(outcome.result)["refused"] == {
        "replicas": 0, "code": "below_least", "bound": 3, "because": "availability",
    }  # fmt: skip


@EACH
async def test_facts_that_nobody_measured_are_no_reasons(server: ScriptedServer, task: Task) -> None:
    server.follow("foreign_facts")
    async with gateway_to(server.url) as gateway:
        outcome = await ask(gateway, question_of(task))
    assert outcome.result is not None
    assert (outcome.result.reasons, outcome.result.dropped > 0) == ((), True)


async def test_no_secret_is_in_what_the_server_records(server: ScriptedServer) -> None:
    every = list(planted())
    assert len(every) == 200
    async with gateway_to(server.url) as gateway:
        for start in range(0, len(every), 20):
            part = every[start : start + 20]
            asked = question_of(TASKS["narrate_finding"], "cart", *(one.line for one in part))
            first = part[0]
            changes = [{"id": f"c{number}", "what": one.line} for number, one in enumerate(part)]
            question = replace(
                asked.question, changes=changes, about={**asked.question.about, "x": first.line}
            )
            assert (await ask(gateway, replace(asked, question=question))).failure is None
    recorded = json.dumps(server.bodies, ensure_ascii=False)
    left = [one for one in every if one.secret in recorded or json.dumps(one.secret)[1:-1] in recorded]
    assert left == []
