"""Bad input and clusters in trouble: a clear answer per service, and the others go on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import clusters, retry
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS
from support.api import BASE, Api, serving
from support.operations import (
    OPERATIONS,
    count,
    details,
    done,
    live,
    reasons,
    register,
    run,
    set_expert,
    states,
    targets,
)

Json = dict[str, Any]
NAMES = ("cart", "pay", "web")


@pytest.fixture
async def acting(
    settings: ApiSettings, cluster: Cluster, clickhouse: ClickHouse, tmp_path: Path
) -> AsyncIterator[Api]:
    """An API on a cluster without admission, in which three services run."""
    await register(clickhouse, *NAMES)
    await run(cluster, *NAMES)
    kubeconfig = str(cluster.write_kubeconfig(tmp_path / "kubeconfig"))
    quick = {"kubeconfig": kubeconfig, "rollout_poll_s": 0.1, "rollout_soak_s": 0.0}
    async with serving(settings.model_copy(update=quick)) as api:
        yield api


async def refused(api: Api, body: Json) -> set[str]:
    """The fields that are refused; nothing is begun."""
    answer = await api.change("POST", OPERATIONS, body)
    assert answer.status == 400, answer.text
    assert (await api.get(OPERATIONS)).json["total"] == 0
    return answer.fields


async def test_what_makes_no_sense_is_refused_with_its_place(api: Api) -> None:
    for field, wanted in [
        ("targets.0.replicas", targets("cart", replicas=-1)),
        ("targets.0.replicas", targets("cart", replicas=10**9)),
        ("targets.1.replicas", [*targets("pay", replicas=-1), *targets("cart", replicas=2.5)]),
        ("targets.1", targets("cart", "cart", replicas=-1)),
        ("targets.0.replicas", targets("cart", replicas="3")),
        ("targets", []),
        ("targets.0.name", targets("Cart!", replicas=1)),
        ("targets.0.count", targets("cart", count=1)),
    ]:
        assert field in await refused(api, {"kind": "scale", "targets": wanted}), wanted


async def test_what_contradicts_itself_is_refused(api: Api) -> None:
    one = targets("cart", replicas=1)
    bounded = targets("cart", autoscaler_bounds={"min_replicas": 5, "max_replicas": 2})
    cases: list[tuple[str, Json]] = [
        ("targets.0.replicas", {"kind": "restart", "targets": one}),
        ("targets.0.autoscaler_bounds.min_replicas", {"kind": "scale", "targets": bounded}),
        ("until", {"kind": "restart", "targets": targets("cart"), "until": "2099-01-01T00:00:00Z"}),
        ("until", {"kind": "scale", "targets": one, "until": "2099-01-01T00:00:00"}),
        ("for_s", {"kind": "scale", "targets": one, "until": "2099-01-01T00:00:00Z", "for_s": 60}),
        ("targets.0.replicas", {"kind": "scale", "targets": targets("cart"), "for_s": 60}),
        ("kind", {"kind": "delete", "targets": one}),
        ("pause_s", {"kind": "scale", "targets": one, "pause_s": -1}),
    ]
    for field, body in cases:
        assert field in await refused(api, body), body
    assert (await api.change("POST", OPERATIONS, {"kind": "scale", "targets": one})).status == 409
    assert (await api.get(f"{OPERATIONS}/none")).status == 404


async def test_a_time_that_is_past_is_refused(acting: Api) -> None:
    body = {"kind": "scale", "targets": targets("cart", replicas=1), "until": "2020-01-01T00:00:00Z"}
    assert await refused(acting, body) == {"until"}


async def test_a_malformed_target_fails_by_itself_and_the_others_go_on(acting: Api, cluster: Cluster) -> None:
    wanted = [
        *targets("cart", replicas=-1),
        *targets("pay", replicas=3),
        *targets("new", replicas=10**9),
        *targets("old", replicas=2.5),
        *targets("pay", replicas=7),
        *targets("web", replicas=1.0),
    ]
    body = {"kind": "scale", "targets": wanted}
    preview = (await acting.change("POST", f"{OPERATIONS}/preview", body)).json["targets"]
    shown = await done(acting, "scale", wanted)
    assert shown["state"] == "failed"
    for each in (preview, shown["targets"]):
        told = [(one["name"], one["reason"]) for one in each]
        assert told == [
            ("cart", "bad_count"), ("pay", ""), ("new", "bad_count"), ("old", "bad_count"),
            ("pay", "twice"), ("web", ""),
        ]  # fmt: skip
    words = [one["detail"] for one in shown["targets"]]
    assert words[0] == "-1 is not a number of pods: give a whole number from 0 to 100000"
    assert [text.split(" ")[0] for text in (words[2], words[3])] == ["1000000000", "2.5"]
    assert words[4] == "shop/pay is duplicated: the first one counts"
    assert (count(cluster, "cart"), count(cluster, "pay"), count(cluster, "web")) == (2, 3, 1)
    stopped = await done(acting, "restart", targets("cart", "cart", "web"), stop_on_error=True)
    assert [one["state"] for one in stopped["targets"]] == ["succeeded", "failed", "cancelled"]


async def test_unknown_services_fail_and_the_others_go_on(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await run(cluster, "new")
    await register(clickhouse, "gone", "empty", replicas=None)
    await run(cluster, "empty")
    elsewhere = [{"namespace": "nowhere", "name": "cart", "replicas": 4},
                 {"namespace": "kube-system", "name": "coredns", "replicas": 0}]  # fmt: skip
    wanted = [*targets("gone", "new", "cart", replicas=4), *elsewhere, *targets("empty")]
    shown = await done(acting, "scale", wanted)
    told = {f"{one['namespace']}/{one['name']}": one for one in shown["targets"]}
    assert told["shop/gone"]["detail"].startswith("there is no shop/gone in the cluster test")
    assert "is not registered" in told["shop/new"]["detail"]
    assert told["nowhere/cart"]["detail"].startswith("there is no nowhere/cart")
    assert "kube-system is not governed" in told["kube-system/coredns"]["detail"]
    assert "has no count for shop/empty" in told["shop/empty"]["detail"]
    assert {name: one["reason"] for name, one in told.items()} == {
        "shop/gone": "missing",
        "shop/new": "not_registered",
        "shop/cart": "",
        "nowhere/cart": "missing",
        "kube-system/coredns": "not_governed",
        "shop/empty": "no_count",
    }
    assert [name for name, one in told.items() if one["state"] == "succeeded"] == ["shop/cart"]
    assert (count(cluster, "cart"), count(cluster, "new")) == (4, 2)


async def test_a_paused_deployment_and_one_without_pods(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "idle")
    await run(cluster, "idle", replicas=0)
    obj = live(cluster, "pay")
    obj["spec"]["paused"] = True
    await cluster.api.update(Target(DEPLOYMENTS, "shop", "pay"), obj, Context())
    shown = await done(acting, "restart", targets("pay", "idle"))
    assert states(shown) == {"pay": "failed", "idle": "succeeded"}
    assert "is paused" in details(shown)["pay"]
    assert details(shown)["idle"] == "it has no pods to restart"


async def test_what_a_cluster_refuses_is_told_in_its_words(acting: Api, cluster: Cluster) -> None:
    for name, status in (("cart", 403), ("pay", 422)):
        cluster.fault(method="PATCH", path=f"/deployments/{name}/scale", status=status, count=None)
    shown = await done(acting, "scale", targets(*NAMES, replicas=4))
    assert states(shown) == {"cart": "failed", "pay": "failed", "web": "succeeded"}
    assert details(shown)["cart"].startswith("may not patch deployments/scale in namespace shop: ")
    assert details(shown)["pay"].startswith("the cluster test rejected it as invalid: ")
    # The table was changed before the cluster refused: the way back is there.
    service = (await acting.get(f"{BASE}/services/shop/cart")).json
    assert service["replicas"]["manual"] == 4
    again = await done(acting, "scale", targets("cart", replicas=9), rollback_on_failure=True)
    assert states(again) == {"cart": "rolled_back"}
    assert (await acting.get(f"{BASE}/services/shop/cart")).json["replicas"]["manual"] == 4


async def test_what_passes_is_tried_again(acting: Api, cluster: Cluster) -> None:
    limited = cluster.fault(method="PATCH", path="/cart$", status=429, retry_after_s=1, count=2)
    conflict = cluster.fault(method="PATCH", path="/pay$", status=409, count=3)
    lost = cluster.fault(method="PATCH", path="/web$", drop=True, applied=True, count=1)
    shown = await done(acting, "restart", targets(*NAMES))
    assert set(states(shown).values()) == {"succeeded"}, details(shown)
    assert (limited.hits, conflict.hits, lost.hits) == (2, 3, 1)
    began = {one["name"]: one["started_at"] for one in shown["targets"]}
    assert began
    # The answer was lost and the request sent again, yet the pods were replaced once.
    assert live(cluster, "web")["metadata"]["generation"] == 2


async def test_a_cluster_that_fails_or_does_not_answer(
    acting: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "ATTEMPTS", 2)
    monkeypatch.setattr(clusters, "TIMEOUT_S", 1)
    cluster.fault(method="PATCH", path="/cart$", status=500, count=None)
    cluster.fault(method="PATCH", path="/pay$", hang=True, count=None)
    cluster.fault(method="PATCH", path="/web$", status=429, retry_after_s=1, count=None)
    await run(cluster, "well")
    shown = await done(acting, "restart", targets(*NAMES, "well"))
    told = details(shown)
    assert told["cart"].startswith("the cluster test failed with 500, 2 times: ")
    assert told["pay"] == "the cluster test can't be reached: no answer in time (2 attempts)"
    assert told["web"].startswith("the cluster test is overloaded, after 2 attempts: ")
    assert states(shown)["well"] == "succeeded"
    assert reasons(shown) == {
        "cart": "cluster_failed", "pay": "unreachable", "web": "too_many_requests", "well": "",
    }  # fmt: skip


async def test_a_service_that_an_expert_changes_meanwhile_is_not_overwritten_twice(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await set_expert(clickhouse, "cart", note="keep me", replicas_manual=3)
    await done(acting, "scale", targets("cart", replicas=5))
    service = (await acting.get(f"{BASE}/services/shop/cart")).json
    assert (service["note"], service["replicas"]["manual"]) == ("keep me", 5)
    statement = "SELECT DISTINCT version, operation_id FROM control_history WHERE name = 'cart'"
    rows = await clickhouse.fetch(f"{statement} ORDER BY version")
    assert [bool(row["operation_id"]) for row in rows] == [False, True]
