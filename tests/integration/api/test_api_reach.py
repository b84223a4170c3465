"""Who may see one namespace sees its rows in every list and sum, and none of another's anywhere.

Every endpoint that shows something is in one of the sets below; a new one fails the first test until it is.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.endpoints import ENDPOINTS
from kubedoor_api.workloads import labels
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.api import BASE, ENV, SERVICES, Answer, Api, token
from support.company_of_two import BATCH, DAYS, FOREIGN, OWN, fill, manifest, of
from support.schedules import SPRING
from support.waiting import until

ROWS = {
    "listServices": "", "exportServices": "", "listPeaks": f"?date={DAYS[1]}", "exportPeaks": "",
    "listNamespaces": "", "listServiceLines": "", "getDrift": "", "listSchedules": "",
    "getScheduleCalendar": f"?since={SPRING}T00:00:00Z&until={SPRING + timedelta(days=4)}T00:00:00Z",
    "matchScheduleSelector": "?name=*", "listOperations": "", "listAdmissions": "",
    "checkMode": "", "getMode": "", "listScores": "", "listAdvice": "", "exportAdvice": "?format=csv",
    "getAdviceStatistics": "", "listPodActions": "", "listLabels": "", "getReport": "", "listAlerts": "",
    "listAlertOccurrences": "", "listFindings": "", "listEvents": "", "listAdviceOutcomes": "",
    "findServices": "?q=cart",
}  # fmt: skip
"""Lists of rows of all namespaces: each shows its own, with these parameters."""
SUMS = {"getOverview", "getTrend", "listEnvs", "getFleet", "findPeakHours", "showHeatMap"}
"""Figures over all namespaces: see the tests below."""
OF_NOW = {"getNow", "followNow", "listNowServices", "listNowNamespaces"}
"""What a store of metrics tells now; see `test_api_now`, which has one."""
OF_A_NAMESPACE = {
    "getService", "getServiceHistory", "getNamespaceTrend", "getServiceTrend",
    "getPodCurves", "getLiveService", "getNowCurves", "exportGoverned", "getScore", "getAdvice",
    "listServiceEventDays", "listServiceChanges",
}  # fmt: skip
"""The namespace is in the path."""
OF_ONE = {
    "getSchedule", "listScheduleRuns", "getOperation", "watchOperation", "getAiCall", "watchAiCall",
    "getPodAction", "watchPodAction", "getFinding",
}  # fmt: skip
"""One thing, which has its namespaces."""
OF_A_RIGHT = {"readPodLog", "getPodActionFile", "openTerminal"}
"""It takes a right besides the role."""
OF_NONE = {
    "getMe", "getLeader", "listActionGroups", "checkScheduleTimes", "listSettings", "getCapacity",
    "getAiStatus",
}  # fmt: skip
"""Nothing in it is of a namespace."""
OF_THE_ENV = {
    "listCollections", "getCollection", "listNowNodes", "getSetup", "listNodes", "getNode", "getNodePlan",
    "listNodeActions", "getNodeAction", "watchNodeAction",
}  # fmt: skip
"""About all namespaces of an env at once: for those who may see all of them."""
OF_ADMINISTRATORS = {
    "listAudit",
    "exportAudit",
    "verifyAudit",
    "listTokens",
    "listLeftBehind",
    "listNotifications",
    "listAiCalls",
}
"""For no viewer; see the tests below."""
ASKED_BY_POST = {
    "previewAdmission",
    "previewOperation",
    "previewPodAction",
    "replayRules",
    "askModel",
    "simulateNodes",
    "previewDrain",
}
"""Change nothing, and take a body."""

PARAMETERS = {"checkScheduleTimes": "?cron=0+3+*+*+*&timezone=UTC"}


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A simulated cluster with both namespaces."""
    made = Cluster(Options(tls=True, namespaces=(OWN, FOREIGN, "kubedoor")))
    async with made.serve():
        yield made


@pytest.fixture
async def ids(governing: Api, clickhouse: ClickHouse, cluster: Cluster) -> dict[str, str]:
    """Everything is filled; the schedules of both namespaces."""
    made = await fill(governing, clickhouse, cluster)

    async def labeled() -> bool:
        return FOREIGN in (await governing.get(f"{BASE}/labels")).text

    await until(labeled)
    return made


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """List labels again soon."""
    monkeypatch.setattr(labels, "LIST_PAUSE_S", 0.2)


def _path(template: str, namespace: str, identity: str = "1") -> str:
    filled = {"env": ENV, "namespace": namespace, "name": of(namespace), "id": identity, "pod": "web-1"}
    return re.sub(r"\{(\w+)\}", lambda found: filled[found.group(1)], template)


def _shows_nothing_foreign(answer: Answer, what: object) -> None:
    assert FOREIGN not in answer.text, (what, answer.text)
    assert FOREIGN not in str(answer.headers), what


def test_every_endpoint_that_shows_something_is_classified() -> None:
    kinds = [
        set(ROWS),
        SUMS,
        OF_NOW,
        OF_A_NAMESPACE,
        OF_A_RIGHT,
        OF_ONE,
        OF_NONE,
        OF_THE_ENV,
        OF_ADMINISTRATORS,
    ]
    known = set().union(*kinds)
    assert known == {operation.id for operation in ENDPOINTS if operation.method == "GET"}
    assert sum(len(kind) for kind in kinds) == len(known)
    writes = {operation.id for operation in ENDPOINTS if operation.method != "GET"}
    assert writes >= ASKED_BY_POST


async def test_no_endpoint_shows_a_row_of_a_foreign_namespace(governing: Api, ids: dict[str, str]) -> None:
    viewer, admin = (governing.as_(role, namespace=OWN) for role in (Role.VIEWER, Role.ADMIN))
    for operation in (one for one in ENDPOINTS if one.method == "GET"):
        query = ROWS.get(operation.id) or PARAMETERS.get(operation.id, "")
        path = _path(operation.path, OWN, ids[OWN] if operation.tag == "schedules" else OWN) + query
        answer = await viewer.get(path)
        _shows_nothing_foreign(answer, operation.id)
        _shows_nothing_foreign(await admin.get(path), operation.id)
        if operation.id in ROWS:
            assert answer.status == 200, (operation.id, answer.text)
            assert OWN in answer.text, (operation.id, answer.text)
            assert FOREIGN in (await governing.get(path)).text, operation.id
        else:
            refused = operation.id in OF_THE_ENV | OF_ADMINISTRATORS | OF_A_RIGHT
            assert answer.status in ({403} if refused else {200, 409}), (operation.id, answer.text)


async def test_what_is_asked_for_by_its_foreign_name_is_refused(governing: Api, ids: dict[str, str]) -> None:
    bounded = governing.as_(Role.ADMIN, namespace=OWN)
    for operation in ENDPOINTS:
        named = operation.method == "GET" and "namespace" in operation.query_model.model_fields
        if named and operation.id not in OF_ADMINISTRATORS:
            asked = await bounded.get(f"{_path(operation.path, OWN)}?namespace={FOREIGN}")
            assert asked.status == 403, operation.id
        if "{namespace}" in operation.path:
            asked = await bounded.send(operation.method, _path(operation.path, FOREIGN))
            assert asked.status == 403, operation.id
        if operation.id in OF_ONE | {"getPodActionFile", "openTerminal"}:
            single = dict.fromkeys(("ai", "pods", "findings"), (FOREIGN,))
            identities = {"operations": (FOREIGN, "both"), **single}
            for identity in identities.get(operation.tag, (ids[FOREIGN],)):
                asked = await bounded.get(_path(operation.path, FOREIGN, identity))
                assert asked.status == 403, (operation.id, identity)


async def test_sums_are_of_what_is_seen(governing: Api, ids: dict[str, str]) -> None:
    assert ids
    bounded = governing.as_(Role.VIEWER, namespace=OWN)
    overview = (await bounded.get(f"{BASE}/overview")).json
    assert (overview["scope"], overview["registered"], overview["totals"]["pods"]) == ([OWN], 1, 2)
    whole = (await governing.get(f"{BASE}/overview")).json
    assert (whole["scope"], whole["registered"], whole["totals"]["pods"]) == (None, 2, 4)
    days = (await bounded.get(f"{BASE}/trend")).json["days"]
    assert [(day["services"], day["cpu_m"]["used"]) for day in days] == [(1, 200), (1, 200)]
    (namespace,) = (await bounded.get(f"{BASE}/namespaces")).json["items"]
    assert (namespace["namespace"], namespace["cpu_share"], namespace["pod_share"]) == (OWN, 1.0, 1.0)
    (env,) = (await bounded.get("/api/v1/envs")).json["items"]
    assert env["service_count"] == 1
    for path in ("services", "services?offset=5", "operations", "schedules", "admissions", "peaks"):
        assert (await bounded.get(f"{BASE}/{path}")).json["total"] == 1, path
    (flag, *_) = (await bounded.get(f"{BASE}/peaks")).json["flags"]
    assert (flag["rows"], flag["services"]) == (1, 1)
    drift = (await bounded.get(f"{BASE}/drift")).json
    assert (drift["total"], drift["checked"]) == (2, 2)
    readiness = (await bounded.get(f"{BASE}/mode/readiness")).json
    assert (readiness["unregistered"], readiness["would_change"]) == ([f"{OWN}/new-cart"], 1)


async def test_grants_are_expressions_of_whole_names_and_add_up(governing: Api, ids: dict[str, str]) -> None:
    assert ids
    elsewhere = governing.as_(Role.VIEWER, namespace="no-such-.*")
    for operation in (one for one in ENDPOINTS if one.id in {*ROWS, *SUMS}):
        answer = await elsewhere.get(_path(operation.path, OWN) + ROWS.get(operation.id, ""))
        assert answer.status == 200, (operation.id, answer.text)
        assert of(OWN) not in answer.text, operation.id
        _shows_nothing_foreign(answer, operation.id)
    some = governing.as_(Role.VIEWER, namespace=f"{OWN}|no-such-.*")
    assert [item["namespace"] for item in (await some.get(SERVICES)).json["items"]] == [OWN]
    grants = (Grant(role=Role.VIEWER, namespace=OWN), Grant(role=Role.VIEWER, namespace=FOREIGN))
    both = Api(governing.client, token(*grants))
    assert (await both.get(SERVICES)).json["total"] == 2
    assert (await both.get(f"{BASE}/overview")).json["scope"] == [FOREIGN, OWN]
    mixed = Api(governing.client, token(grants[0], Grant(role=Role.VIEWER, env="other")))
    assert (await mixed.get(SERVICES)).json["total"] == 1


async def test_a_page_that_two_wait_for_is_not_mixed_up(governing: Api, ids: dict[str, str]) -> None:
    """Large answers are made once for all who ask for the same; what one may see is part of it."""
    assert ids
    bounded = governing.as_(Role.VIEWER, namespace=OWN)
    for path in ("services?limit=5000", "service-lines", "peaks?limit=5000"):
        pairs = [one.get(f"{BASE}/{path}") for _ in range(5) for one in (governing, bounded)]
        for index, answer in enumerate(await asyncio.gather(*pairs)):
            assert (FOREIGN in answer.text) == (index % 2 == 0), path


async def test_an_administrator_of_one_namespace_sees_its_audit(governing: Api, ids: dict[str, str]) -> None:
    assert ids
    bounded = governing.as_(Role.ADMIN, env=ENV, namespace=OWN)
    for path in ("/api/v1/audit", "/api/v1/audit/export", f"/api/v1/audit?env={ENV}&namespace={OWN}"):
        answer = await bounded.get(path)
        assert answer.status == 200, path
        assert of(OWN) in answer.text, path
        _shows_nothing_foreign(answer, path)
        assert BATCH["note"] not in answer.text, "what was done to several namespaces is of the whole env"
    assert (await bounded.get(f"/api/v1/audit?env={ENV}&namespace={FOREIGN}")).status == 403
    assert (await bounded.get("/api/v1/audit?env=other")).status == 403
    of_env = governing.as_(Role.ADMIN, env=ENV)
    assert BATCH["note"] in (await of_env.get("/api/v1/audit")).text
    for path in ("/api/v1/audit/verification", "/api/v1/tokens", "/api/v1/notifications"):
        assert (await bounded.get(path)).status == 403, path


async def test_what_answers_a_change_tells_of_no_other_namespace(governing: Api, ids: dict[str, str]) -> None:
    assert ids
    viewer = governing.as_(Role.VIEWER, namespace=OWN)
    for namespace, status in ((OWN, 200), (FOREIGN, 403)):
        live = {"namespace": namespace, "name": of(namespace)}
        for body in ({"manifest": manifest(namespace)}, live):
            answer = await viewer.change("POST", f"{BASE}/preview", body)
            assert answer.status == status, answer.text
    replayed = await viewer.change("POST", f"{BASE}/replay", {"days": 2})
    assert replayed.status == 200, replayed.text
    _shows_nothing_foreign(replayed, "replayRules")
    operator = governing.as_(Role.OPERATOR, namespace=OWN)
    for namespace, status in ((OWN, 200), (FOREIGN, 403)):
        restart = {"kind": "restart", "targets": [{"namespace": namespace, "name": of(namespace)}]}
        answer = await operator.change("POST", f"{BASE}/operations/preview", restart)
        assert answer.status == status, answer.text
    for namespace, status in ((OWN, 409), (FOREIGN, 403)):  # 409: they are off here
        evict = {"kind": "delete", "namespace": namespace, "pod": "web-1", "uid": "1"}
        for place in ("pod-actions", "pod-actions/preview"):
            answer = await operator.change("POST", f"{BASE}/{place}", evict)
            assert answer.status == status, answer.text
    bounded = governing.as_(Role.ADMIN, namespace=OWN)
    path = f"{BASE}/namespaces/{OWN}/mode"
    (standing,) = (await bounded.get(f"{BASE}/mode")).json["namespaces"]
    changed = await bounded.change("PUT", path, {"mode": "enforce"}, version=standing["version"])
    assert changed.status == 200, changed.text
    _shows_nothing_foreign(changed, "setNamespaceMode")
    _shows_nothing_foreign(await bounded.change("PUT", path, {"mode": "off"}, version="1"), "412")
