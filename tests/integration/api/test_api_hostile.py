"""What bad intentions send: other sites' pages, tokens in addresses, names that lead astray."""

from __future__ import annotations

import csv
import io
import itertools
import re
import threading
from typing import Any, get_args

import pytest
from yarl import URL

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.admission import preview
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.kube.surroundings import LabeledName, WatchedName
from kubedoor_api.web import yaml_text
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.calls import Call
from kubedoor_dev.cluster.cluster import Cluster
from support.api import BASE, SERVICES, Api, serving, token
from support.operations import OPERATIONS as ACTS
from support.operations import register, run
from support.paths import filled, quoted
from support.schedules import SCHEDULES, schedule

ELSEWHERE = (".", "..", "...", "../kube-system", "a/../b", "a/b", "shop\0", "shop\r\nX-Evil: 1", "")
FORMULAS = (
    '=HYPERLINK("http://evil.example")',
    "+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "'=1",
    " =1+1",
    "＝1",
    "x;=cmd",
)


async def test_no_change_is_made_by_another_sites_page(api: Api) -> None:
    for operation in (one for one in ENDPOINTS if one.method != "GET"):
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ):
            refused = await api.send(operation.method, filled(operation.path), headers=headers)
            assert (refused.status, refused.json["code"]) == (403, "cross_site"), operation.id
    assert (await api.get(SERVICES)).json["total"] == 0
    own = {"Origin": f"http://{api.client.host}:{api.client.port}", "Sec-Fetch-Site": "same-origin"}
    made = await api.send("PUT", f"{SERVICES}/shop/cart", headers=own, json={})
    assert made.status == 201


async def test_a_token_counts_in_its_header_and_nowhere_else(api: Api) -> None:
    none = {"Authorization": ""}
    for query in ("token", "access_token", "jwt", "authorization", "bearer"):
        refused = await api.get(f"{SERVICES}?{query}={api.bearer}", headers=none)
        assert refused.status == 401, query
        assert api.bearer not in refused.text
        # Nor is one taken along that is in its header as well: it would stand in logs and histories.
        assert (await api.get(f"{SERVICES}?{query}={api.bearer}")).status == 400, query
    for headers in (
        {"Cookie": f"token={api.bearer}; Authorization=Bearer {api.bearer}"},
        {"X-KubeDoor-Token": api.bearer},
        {"X-Forwarded-User": "admin", "Remote-User": "admin", "X-Remote-User": "admin"},
        {"Authorization": f"Basic {api.bearer}"},
    ):
        assert (await api.get(SERVICES, headers={**none, **headers})).status == 401, headers


async def _as_it_is(api: Api, method: str, path: str) -> int:
    """Send a request whose address no client has tidied up before: `%2E%2E` stays."""
    host = f"http://{api.client.host}:{api.client.port}"
    address = URL(host + path.replace(".", "%2E"), encoded=True)
    headers = {"Authorization": f"Bearer {api.bearer}", "If-Match": "0"}
    async with api.client.session.request(method, address, headers=headers, json={}) as answer:
        return answer.status


OF_ITSELF = {"leases", "mutatingwebhookconfigurations", ""}
"""What the api asks of itself: who leads, and whether the address of the webhook is right."""


def _standing(call: Call) -> bool:
    """Tell whether the api asks this of itself, whenever it starts, and not for anybody's request."""
    watched = call.namespace is None and call.resource in {*get_args(WatchedName), *get_args(LabeledName)}
    return watched or call.resource in OF_ITSELF


async def test_no_name_leads_elsewhere_in_the_cluster(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    before = len(cluster.calls)
    named = [one for one in ENDPOINTS if "{namespace}" in one.path]
    assert {"getLiveService", "getPodCurves", "setNamespaceMode"} <= {one.id for one in named}
    for operation in named:
        for name in ELSEWHERE:
            for place in ("namespace", "name", "pod"):
                if f"{{{place}}}" not in operation.path:
                    continue
                sent = await _as_it_is(governing, operation.method, quoted(operation.path, **{place: name}))
                assert 400 <= sent < 500, (operation.id, place, name)
    for name in ELSEWHERE:
        target = {"namespace": name, "name": "cart"}
        for path, body in (
            (ACTS, {"kind": "restart", "targets": [target]}),
            (f"{ACTS}/preview", {"kind": "restart", "targets": [target]}),
            (SCHEDULES, schedule(targets=[target])),
            (SCHEDULES, schedule(targets=None, selector={"namespaces": [name or "."]})),
            (f"{BASE}/preview", target),
            (f"{SERVICES}/batch", {"changes": [{**target, "version": "0", "edit": {}}]}),
        ):
            assert (await governing.change("POST", path, body)).status == 400, (path, name)
    assert [call for call in list(cluster.calls)[before:] if not _standing(call)] == []


async def test_an_export_runs_nothing_in_a_spreadsheet(api: Api) -> None:
    for number, note in enumerate(FORMULAS):
        made = await Api(api.client, token(Grant(role=Role.ADMIN), name=note.strip() or "x")).change(
            "PUT", f"{SERVICES}/shop/cart-{number}", {"note": note}
        )
        assert made.status == 201, made.text
    for path in (f"{SERVICES}/export", "/api/v1/audit/export"):
        answer = await api.get(path)
        cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
        assert sum("'" in cell for cell in cells) >= len(FORMULAS), path
        parts = [part.strip() for cell in cells for part in cell.split(";")]
        assert [part for part in parts if part.startswith(("=", "+", "-", "@", "＝"))] == [], path
    taken = await api.change(
        "POST", f"{SERVICES}/import", {"csv": (await api.get(f"{SERVICES}/export")).text}
    )
    assert (taken.status, taken.json["unchanged"]) == (200, len(FORMULAS)), taken.text


LETTERS = list(itertools.pairwise("abcdefghijklmnop"))
MERGES = "a: &a {x: 1}\n" + "".join(f"{b}: &{b} {{<<: [{','.join([f'*{a}'] * 9)}]}}\n" for a, b in LETTERS)


async def test_no_manifest_is_worked_on_without_bounds_or_on_the_loop(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()

    def load_all(text: str) -> Any:
        threads.add(threading.current_thread())
        return yaml_text.load_all(text)

    monkeypatch.setattr(preview, "load_all", load_all)
    plain = "kind: Deployment\nspec:\n" + "".join(f"  k{number}: value\n" for number in range(50_000))
    for text in (MERGES, plain, "[" * 900_000, "1" + ":1" * 400_000):
        refused = await api.change("POST", f"{BASE}/preview", {"manifest": text})
        assert (refused.status, refused.json["errors"][0]["code"]) == (400, "manifest"), refused.text
    assert threads
    assert threading.main_thread() not in threads


async def test_a_label_selector_of_blanks_and_commas_is_refused_at_once(api: Api) -> None:
    labels = "a in (" + ",        " * 200 + ")!"
    made = await api.change("POST", SCHEDULES, schedule(targets=None, selector={"labels": labels}))
    assert (made.status, made.json["errors"][0]["code"]) == (400, "labels_unreadable")


async def test_no_header_is_made_of_what_is_sent(api: Api) -> None:
    for path in (
        f"{SERVICES}/export?format=csv%0d%0aX-Evil:1",
        f"{BASE}/peaks/export?date=2026-11-20%0d%0aX-Evil:1",
        "/api/v1/audit/export?actor=x%0d%0aX-Evil:1",
        f"{BASE}/peaks/export?date=2026-11-20",
        f"{SERVICES}/export?format=json",
    ):
        answer = await api.get(path, headers={"X-Request-Id": "0123456789abcdef; X-Evil=1"})
        assert "X-Evil" not in str(answer.headers), path
        found = answer.headers.get("Content-Disposition", 'attachment; filename="none"')
        assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', found), path


async def test_no_secret_is_logged_recorded_or_told(
    settings: ApiSettings, clickhouse: ClickHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "json://user:hook-secret@127.0.0.1:9/path-secret"
    async with serving(
        settings.model_copy(update={"notify_urls": type(settings.jwt_secret)(address)})
    ) as api:
        made = await api.change("POST", "/api/v1/tokens", {"name": "ci", "role": "viewer"})
        assert made.status == 201, made.text
        bearer = made.json["token"]
        basic = "Basic YWxpY2U6d3JvbmctcGFzc3dvcmQ="  # alice:wrong-password
        assert (await api.get("/api/v1/auth", headers={"Authorization": basic})).status == 401
        told = [
            (await api.get(path)).text
            for path in ("/api/v1/tokens", "/api/v1/notifications", "/api/v1/audit", "/api/v1/audit/export")
        ]
    rows = [row async for row in clickhouse.iterate("SELECT * FROM setting")]
    logged = capsys.readouterr()
    everything = "".join([*told, str(rows), logged.out, logged.err])
    assert "makeToken" in everything
    secrets = [bearer, bearer[-43:], api.bearer, settings.jwt_secret.get_secret_value()]
    for secret in (*secrets, "hook-secret", "path-secret", "wrong-password", basic.partition(" ")[2]):
        assert secret not in everything, secret[:6]
