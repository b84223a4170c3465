"""Terminals: who may open one, what passes through it, and that nothing of it stays however it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods import repository
from kubedoor_api.pods.terminal import ending, session
from kubedoor_api.web import stream
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.containers.local import Image, unshare
from support.api import BASE, PASSWORD, Api, serving, token
from support.nginx import nginx
from support.pod_actions import ACTIONS, body_of, in_state, preview_of
from support.pods import run_service
from support.waiting import until

Json = dict[str, Any]
Socket = aiohttp.ClientWebSocketResponse
MAY = Grant(role=Role.OPERATOR, namespace="shop", may=frozenset({Right.EXEC}))
SLEEPING = Image(("/bin/sleep", "600"))
SHELL_AND_SLEEPERS = 3
pytestmark = pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may open terminals, for somebody who may."""
    update = {"pod_actions": "exec", "rollout_poll_s": 0.1}
    async with serving(knowing.model_copy(update=update)) as running:
        yield Api(running.client, token(MAY))


@pytest.fixture
async def pod(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Json]:
    """A pod whose container is a real program."""
    folder = tmp_path / "container"
    folder.mkdir()
    [made] = await run_service(cluster, "cart", 1)
    async with cluster.container(made, SLEEPING, folder):
        yield made


async def asked(api: Api, pod: Json, **more: Any) -> str:
    answer = await api.change("POST", ACTIONS, {**body_of("terminal", pod, {}), **more})
    assert (answer.status, answer.json["state"]) == (202, "waiting"), answer.text
    action_id: str = answer.json["id"]
    return action_id


def path(action_id: str) -> str:
    return f"{ACTIONS}/{action_id}/terminal"


@asynccontextmanager
async def connected(api: Api, action_id: str, **headers: str) -> AsyncIterator[Socket]:
    sent = {"Authorization": f"Bearer {api.bearer}", **headers}
    async with api.client.ws_connect(path(action_id), headers=sent) as socket:
        yield socket


@asynccontextmanager
async def opened(api: Api, pod: Json) -> AsyncIterator[tuple[Socket, str]]:
    """A terminal whose shell runs, and its action."""
    action_id = await asked(api, pod)
    async with connected(api, action_id) as socket:
        assert await told(socket) == {"event": "opened", "reason": "", "exit_code": None}
        yield socket, action_id


async def told(socket: Socket) -> Json:
    """What the next text says; what is shown meanwhile is passed over."""
    while True:
        message = await socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            said = json.loads(message.data)
            return {name: said[name] for name in ("event", "reason", "exit_code")}
        assert message.type is aiohttp.WSMsgType.BINARY, message


async def shown(socket: Socket, wanted: bytes) -> bytes:
    """What is shown, up to something."""
    seen = b""
    while wanted not in seen:
        seen += await socket.receive_bytes()
    return seen


async def marked(cluster: Cluster, pod: Json, action_id: str) -> bytes:
    """Processes in the container that were begun in a terminal."""
    name = pod["metadata"]["name"]
    [container] = [one for place, one in cluster.containers.by_place.items() if place[1] == name]
    script = f'grep -al "KUBEDOOR_TERMINAL={action_id}" /proc/[0-9]*/environ'
    process = await asyncio.create_subprocess_exec(
        *container.entered(("sh", "-c", script)),
        env=container.variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate()
    return out


async def entries(clickhouse: ClickHouse, action_id: str) -> list[Json]:
    rows = await clickhouse.fetch(
        "SELECT action, outcome, actor, name, after FROM audit_log WHERE position(after, {id:String}) > 0"
        " ORDER BY seq",
        id=action_id,
    )
    return [dict(row) for row in rows]


async def test_what_is_typed_is_run_and_its_end_is_written_down_without_it(
    acting: Api, pod: Json, clickhouse: ClickHouse
) -> None:
    before = await preview_of(acting, body_of("terminal", pod, {}))
    assert (before["container"], before["containers"], before["confirm"]) == ("app", ["app"], "")
    assert (before["warnings"], before["ready_before"], before["ready_after"]) == ([], 1, 1)
    async with opened(acting, pod) as (socket, action_id):
        await socket.send_str('{"columns": 97, "rows": 31}')
        await socket.send_bytes(b"stty size; echo sec$((40 + 2))ret\n")
        assert b"31 97\r\nsec42ret" in await shown(socket, b"sec42ret")
        assert (await acting.get(f"{ACTIONS}/{action_id}")).json["state"] == "open"
        await socket.send_bytes(b"exit 7\n")
        assert await told(socket) == {"event": "ended", "reason": "", "exit_code": 7}
    done = await in_state(acting, action_id, "done", "failed")
    assert (done["state"], done["reason"], done["has_file"]) == ("done", "", False)
    typed = len(b"stty size; echo sec$((40 + 2))ret\n" + b"exit 7\n")
    assert (done["terminal"]["bytes_in"], done["terminal"]["exit_code"]) == (typed, 7)
    assert done["terminal"]["bytes_out"] > typed
    assert [step["name"] for step in done["steps"]] == ["opened"]
    asking, ended = await entries(clickhouse, action_id)
    assert [(one["action"], one["outcome"], one["actor"]) for one in (asking, ended)] == [
        ("createPodAction", "succeeded", "alice"), ("podTerminal", "succeeded", "alice"),
    ]  # fmt: skip
    after = json.loads(ended["after"])
    assert (after["exit_code"], after["bytes_in"], ended["name"]) == (7, typed, pod["metadata"]["name"])
    assert after["opened_at"]
    everything = (
        await clickhouse.fetch("SELECT * FROM pod_action"),
        await clickhouse.fetch("SELECT * FROM audit_log"),
    )
    assert "ret" not in json.dumps(everything, default=str).replace("retry", "")

    async def events() -> list[Json]:
        found = await clickhouse.fetch("SELECT kind, message FROM event WHERE kind LIKE 'change.pods'")
        return [dict(row) for row in found]

    [event] = await until(events)
    assert pod["metadata"]["name"] in event["message"]


async def test_a_shell_is_for_those_alone_who_are_given_it_by_name(
    acting: Api, governing: Api, pod: Json
) -> None:
    body = body_of("terminal", pod, {})
    for grant, code in (
        (Grant(role=Role.ADMIN), "right_missing"),
        (Grant(role=Role.OPERATOR), "right_missing"),
        (Grant(role=Role.OPERATOR, namespace="pay", may=frozenset({Right.EXEC})), "forbidden"),
    ):
        refused = await Api(acting.client, token(grant)).change("POST", ACTIONS, body)
        assert (refused.status, refused.json["code"]) == (403, code), grant
    off = await Api(governing.client, token(MAY)).change("POST", ACTIONS, body)
    assert (off.status, off.json["code"]) == (409, "pod_actions_off")
    assert "podActions.exec" in off.json["detail"]
    action_id = await asked(acting, pod)
    for bearer, status in (
        (token(Grant(role=Role.ADMIN)), 403),
        (token(MAY.model_copy(update={"may": frozenset({Right.LOGS})})), 403),
        (token(MAY, name="bob"), 409),
    ):
        for method in ("GET", "POST"):
            answer = await Api(acting.client, bearer).send(method, path(action_id))
            assert answer.status == status, (method, answer.text)
    plain = await acting.get(path(action_id))
    assert (plain.status, plain.json["code"], plain.headers["Upgrade"]) == (
        426, "upgrade_required", "websocket",
    )  # fmt: skip
    async with connected(acting, action_id) as socket:  # what was refused has taken nothing
        assert (await told(socket))["event"] == "opened"


async def test_a_page_of_another_site_opens_none(acting: Api, pod: Json) -> None:
    action_id = await asked(acting, pod)
    host = f"{acting.client.host}:{acting.client.port}"
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://{host}.evil.example"},
        {"Origin": f"http://{host}", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with connected(acting, action_id, **headers):
                pass
        assert refused.value.status == 403, headers
    async with connected(acting, action_id, Origin=f"http://{host}") as socket:
        assert (await told(socket))["event"] == "opened"


@pytest.mark.usefixtures("clickhouse")
async def test_nginx_passes_it_on_alone_and_who_loses_the_role_can_not_renew(
    knowing: ApiSettings, pod: Json, tmp_path: Path
) -> None:
    roles = tmp_path / "roles.json"
    roles.write_text(json.dumps({"users": {"alice": {"role": "operator", "may": ["exec"]}}}))
    update = {"pod_actions": "exec", "roles_file": str(roles), "credential_cache_s": 0}
    async with (
        serving(knowing.model_copy(update=update)) as api,
        aiohttp.ClientSession(
            headers={"Authorization": aiohttp.encode_basic_auth("alice", PASSWORD)}
        ) as session,
    ):
        with nginx(tmp_path, f"{api.client.host}:{api.client.port}") as url:
            body = body_of("terminal", pod, {})
            async with session.post(f"{url}{ACTIONS}", json=body) as answer:
                assert answer.status == 202, await answer.text()
                address = f"{url}{path((await answer.json())['id'])}"
            for elsewhere, origin, status in (
                (address, "https://evil.example", 403), (f"{url}/api/v1/me", url, 200),
            ):  # fmt: skip
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await session.ws_connect(elsewhere, origin=origin)
                assert refused.value.status == status
            async with session.ws_connect(address, origin=url) as socket:
                assert (await told(socket))["event"] == "opened"
                await socket.send_bytes(b"echo $((6 * 7))\n")
                await shown(socket, b"42")
                async with session.post(address) as renewed:
                    assert renewed.status == 200
                roles.write_text(json.dumps({"users": {"alice": {"role": "admin"}}}))
                async with session.post(address) as renewed:
                    assert (renewed.status, (await renewed.json())["code"]) == (403, "right_missing")


async def test_it_is_opened_once_and_the_pod_is_the_one_that_was_looked_at(acting: Api, pod: Json) -> None:
    async with opened(acting, pod) as (_, action_id):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with connected(acting, action_id):
                pass
        assert refused.value.status == 409
    replaced = {**pod, "metadata": {**pod["metadata"], "uid": "another"}}
    answer = await acting.change("POST", ACTIONS, body_of("terminal", replaced, {}))
    assert (answer.status, answer.json["code"]) == (409, "pod_replaced")
    elsewhere = await acting.change("POST", ACTIONS, {**body_of("terminal", pod, {}), "container": "no"})
    assert (elsewhere.status, elsewhere.json["code"]) == (409, "no_container")
    odd = await acting.change("POST", ACTIONS, body_of("terminal", pod, {"pid": 1}))
    assert odd.fields == {"parameters.pid"}


async def test_one_that_is_gone_when_it_is_opened_is_said(acting: Api, pod: Json, cluster: Cluster) -> None:
    action_id = await asked(acting, pod)
    cluster.fault(status=404, path=f"/pods/{pod['metadata']['name']}", count=1)
    async with connected(acting, action_id) as socket:
        assert await told(socket) == {"event": "ended", "reason": "gone_already", "exit_code": None}
    failed = await in_state(acting, action_id, "done", "failed")
    assert (failed["state"], failed["reason"]) == ("failed", "gone_already")


async def test_in_production_the_name_of_the_pod_is_typed(acting: Api, governing: Api, pod: Json) -> None:
    changed = await governing.change(
        "PUT", f"{BASE}/settings/production_namespaces", {"value": "shop"}, version="0"
    )
    assert changed.status == 200, changed.text
    assert (await preview_of(acting, body_of("terminal", pod, {})))["confirm"] == "name"
    refused = await acting.change("POST", ACTIONS, body_of("terminal", pod, {}))
    assert (refused.status, refused.json["code"]) == (409, "confirm_missing")
    assert await asked(acting, pod, confirm=pod["metadata"]["name"])


async def test_an_image_without_a_shell_is_told_and_leaves_nothing_to_do(
    acting: Api, cluster: Cluster, tmp_path: Path
) -> None:
    [made] = await run_service(cluster, "web", 1)
    (tmp_path / "empty").mkdir()
    async with cluster.container(made, Image(SLEEPING.argv, path=str(tmp_path / "empty")), tmp_path):
        action_id = await asked(acting, made)
        async with connected(acting, action_id) as socket:
            assert (await told(socket))["event"] == "opened"
            assert await told(socket) == {"event": "ended", "reason": "no_shell", "exit_code": None}
        failed = await in_state(acting, action_id, "done", "failed")
    assert (failed["state"], failed["reason"]) == ("failed", "no_shell")
    assert "sh" in failed["detail"]


async def test_who_leaves_takes_what_was_begun_along(
    acting: Api, pod: Json, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    async with opened(acting, pod) as (socket, action_id):
        await socket.send_bytes(b"trap '' HUP; sleep 500 & sleep 600\n")

        async def begun() -> bool:
            """What is typed is shown before the shell reads it: the three run some time later."""
            return len((await marked(cluster, pod, action_id)).splitlines()) == SHELL_AND_SLEEPERS

        await until(begun)
    done = await in_state(acting, action_id, "done", "failed")
    assert (done["state"], done["reason"]) == ("done", "left")
    assert [step["name"] for step in done["steps"]] == ["opened", "shell_ended"]
    assert await marked(cluster, pod, action_id) == b""
    assert len(await entries(clickhouse, action_id)) == 2


async def test_nobody_types_or_the_hour_is_over_and_both_are_told_before(
    acting: Api, pod: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOOK_S", 0.05)
    for name, reason in (("IDLE_S", "idle"), ("MOST_S", "time_limit")):
        with monkeypatch.context() as shorter:
            shorter.setattr(ending, name, 1.0)
            async with opened(acting, pod) as (socket, action_id):
                assert await told(socket) == {"event": "ends_soon", "reason": reason, "exit_code": None}
                assert await told(socket) == {"event": "ended", "reason": reason, "exit_code": None}
        done = await in_state(acting, action_id, "done", "failed")
        assert (done["state"], done["reason"]) == ("done", reason)


async def test_who_is_not_renewed_loses_it_and_who_may_is(
    acting: Api, pod: Json, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOOK_S", 0.05)
    async with opened(acting, pod) as (_, action_id):
        before = (await acting.get(f"{ACTIONS}/{action_id}")).json["expires_at"]

        async def renewed() -> bool:
            answer = await acting.change("POST", path(action_id))
            assert answer.status == 200, answer.text
            return bool(answer.json["expires_at"] > before)

        assert await until(renewed)
    await in_state(acting, action_id, "done")
    monkeypatch.setattr(session, "LASTS", 0 * ending.LASTS)
    action_id = await asked(acting, pod)
    async with connected(acting, action_id) as socket:
        while (said := await told(socket))["event"] != "ended":
            pass
        assert said["reason"] == "session_over"
    done = await in_state(acting, action_id, "done", "failed")
    assert (done["state"], done["reason"]) == ("done", "session_over")
    assert await marked(cluster, pod, action_id) == b""
    over = await acting.change("POST", path(action_id))
    assert (over.status, over.json["code"]) == (409, "no_terminal")


async def test_one_that_nobody_opens_makes_room(
    acting: Api, pod: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "TERMINALS_OF_A_PERSON", 1)
    action_id = await asked(acting, pod)
    refused = await acting.change("POST", ACTIONS, body_of("terminal", pod, {}))
    assert (refused.status, refused.json["code"]) == (429, "too_many_terminals")
    assert refused.json["parameters"] == {"env": "test", "most": 1, "whose": "yours"}
    monkeypatch.setattr(repository, "TERMINALS_OF_AN_ENV", 1)
    other = Api(acting.client, token(MAY, name="bob"))
    refused = await other.change("POST", ACTIONS, body_of("terminal", pod, {}))
    assert (refused.status, refused.json["parameters"]["whose"]) == (429, "all")
    async with connected(acting, action_id):
        pass
    await in_state(acting, action_id, "done", "failed")
    assert await asked(other, pod)


async def test_a_viewer_that_looks_at_nothing_is_sent_no_flood(
    acting: Api, pod: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(acting, pod) as (socket, action_id):
        await socket.send_bytes(b"yes | head -c 3000000; echo done\n")
        came = 0
        while came < ending.WINDOW_BYTES:
            came += len(await socket.receive_bytes())
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.5)
        assert came < ending.WINDOW_BYTES + (64 << 10)
        await socket.send_bytes(b"typed meanwhile\n")
        last = b""
        while b"done" not in last:
            await socket.send_str(json.dumps({"seen": came}))
            data = await socket.receive_bytes()
            came, last = came + len(data), last[-100:] + data
        await socket.send_str("no message")
        while (message := await socket.receive(timeout=60)).type is aiohttp.WSMsgType.BINARY:
            came += len(message.data)  # what was typed is answered meanwhile
        assert message.json()["reason"] == "left"
    assert (await in_state(acting, action_id, "done"))["terminal"]["bytes_out"] == came


async def test_a_connection_to_the_cluster_that_breaks_is_said(
    acting: Api, pod: Json, cluster: Cluster
) -> None:
    async with opened(acting, pod) as (socket, action_id):
        cluster.cut()
        assert await told(socket) == {"event": "ended", "reason": "cut", "exit_code": None}
    failed = await in_state(acting, action_id, "done", "failed")
    assert (failed["state"], failed["reason"]) == ("failed", "cut")
    assert await marked(cluster, pod, action_id) == b""


async def test_an_api_that_ends_says_so_and_another_ends_the_shell(
    clickhouse: ClickHouse, knowing: ApiSettings, pod: Json, cluster: Cluster
) -> None:
    settings = knowing.model_copy(update={"pod_actions": "exec", "rollout_poll_s": 0.1})
    async with serving(settings) as first:
        api = Api(first.client, token(MAY))
        action_id = await asked(api, pod)
        sent = {"Authorization": f"Bearer {api.bearer}"}
        socket = await api.client.ws_connect(path(action_id), headers=sent)
        assert (await told(socket))["event"] == "opened"
        closing = asyncio.create_task(first.client.server.close())
        assert (await told(socket))["reason"] == "api_ended"
        await closing
    async with serving(settings) as second:
        done = await in_state(Api(second.client, token(MAY)), action_id, "done", "failed")
    assert (done["state"], done["reason"]) == ("done", "api_ended")
    assert await marked(cluster, pod, action_id) == b""
    assert len(await entries(clickhouse, action_id)) == 2
    assert stream.HEARTBEAT_S < 60
