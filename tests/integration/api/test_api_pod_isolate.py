"""Isolating a pod: out of its Services and its ReplicaSet, replaced, put back, and deleted in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods import queries
from kubedoor_api.pods.action import row_of
from kubedoor_api.pods.isolation import ISOLATED, held
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.pod_status import is_ready
from kubedoor_dev.cluster.resources import NODES, PODS, SLICES
from kubedoor_dev.cluster.store import Key
from support.api import ENV, Api, serving, token
from support.events import events_told
from support.pod_actions import ACTIONS, body_of, ended, in_state, preview_of
from support.pods import make_service, pods, run_service
from support.waiting import until

Json = dict[str, Any]


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may isolate and delete pods."""
    update = {"pod_actions": "delete,isolate", "rollout_poll_s": 0.1}
    async with serving(knowing.model_copy(update=update)) as running:
        yield running


def asked(pod: Json, **parameters: Any) -> Json:
    return body_of("isolate", pod, parameters)


def now_of(cluster: Cluster, pod: Json) -> Json | None:
    return cluster.store.get(Key(PODS.id, "shop", pod["metadata"]["name"]))


def in_service(cluster: Cluster, pod: Json) -> bool:
    slices: Iterator[Any] = cluster.store.all_of(SLICES.id, "shop")
    return held(slices, pod["metadata"]["uid"])


async def served(cluster: Cluster) -> list[Json]:
    """Two pods behind two Services."""
    found = await run_service(cluster)
    await make_service(cluster, "cart", app="cart")
    await make_service(cluster, "elsewhere", app="pay")

    async def there() -> bool:
        return all(in_service(cluster, pod) for pod in found)

    assert await until(there)
    return found


@pytest.mark.parametrize("order", ["at_once", "replacement_first"])
async def test_it_leaves_its_services_is_replaced_and_comes_back(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse, order: str
) -> None:
    first, second = await served(cluster)
    looked = await acting.change("POST", f"{ACTIONS}/preview", asked(first, order=order))
    assert looked.status == 200, looked.text
    assert looked.json["services"] == [{"name": "cart", "key": "app"}]
    assert looked.json["ready_after"] == (1 if order == "at_once" else 2)
    assert {step["path"] for step in looked.json["patch"] if step["op"] == "remove"} == {
        "/metadata/labels/app", "/metadata/labels/pod-template-hash",
    }  # fmt: skip
    assert (looked.json["expires_after_h"], looked.json["warnings"]) == (24, [])
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first, order=order)))
    assert done["state"] == "done", done
    steps = [step["name"] for step in done["steps"]]
    assert (
        steps
        == {
            "at_once": ["let_go", "out_of_services", "endpoints_gone", "replacement_ready"],
            "replacement_first": ["let_go", "replacement_ready", "out_of_services", "endpoints_gone"],
        }[order]
    )
    assert not in_service(cluster, first)
    assert in_service(cluster, second)
    stands = now_of(cluster, first)
    assert stands is not None
    assert stands["metadata"]["labels"] == {ISOLATED: "true"}
    assert stands["metadata"]["annotations"]["kubedoor.io/action"] == done["id"]
    assert "ownerReferences" not in stands["metadata"]
    assert len([pod for pod in pods(cluster) if is_ready(pod)]) == 3
    listed = (await acting.as_(Role.VIEWER, namespace="shop").get(f"{ACTIONS}?isolated=true")).json
    assert [item["id"] for item in listed["items"]] == [done["id"]]
    again = await acting.change("POST", ACTIONS, asked(first))
    assert (again.status, again.json["code"]) == (409, "isolated_already")

    undone = await acting.change("POST", f"{ACTIONS}/{done['id']}/undo")
    assert undone.status == 202, undone.text
    assert (await in_state(acting, done["id"], "undone", "failed"))["state"] == "undone"
    assert (await acting.get(f"{ACTIONS}?isolated=true")).json["total"] == 0

    async def two_again() -> bool:
        left = [pod for pod in pods(cluster) if is_ready(pod)]
        return len(left) == 2 and all(in_service(cluster, pod) for pod in left)

    assert await until(two_again)
    twice = await acting.change("POST", f"{ACTIONS}/{done['id']}/undo")
    assert (twice.status, twice.json["code"]) == (409, "nothing_to_undo")
    rows = await clickhouse.fetch(
        "SELECT action FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq", id=done["id"]
    )
    assert [row["action"] for row in rows] == [
        "createPodAction", "podIsolate", "undoPodAction", "podIsolateUndone",
    ]  # fmt: skip


async def test_it_stays_in_its_services_until_another_one_is_ready(
    clickhouse: ClickHouse, knowing: ApiSettings, cluster: Cluster
) -> None:
    """Where none comes, nothing is taken out of the Services, and the way back is open."""
    first, _ = await served(cluster)
    update = {"pod_actions": "isolate", "rollout_poll_s": 0.1, "rollout_timeout_s": 1}
    for name in [f"node-{number}" for number in (1, 2, 3)]:  # so that no new pod finds a place
        await cluster.api.delete(Target(NODES, "", name), {}, Context())
    async with serving(knowing.model_copy(update=update)) as api:
        begun = await api.change("POST", ACTIONS, asked(first, order="replacement_first"))
        failed = await ended(api, begun)
        assert (failed["state"], failed["reason"]) == ("failed", "no_replacement")
        assert in_service(cluster, first)
        assert (failed["can_undo"], failed["expires_at"]) == (True, None)
        await api.change("POST", f"{ACTIONS}/{failed['id']}/undo")
        assert (await in_state(api, failed["id"], "undone"))["undone_by"] == "alice"
        stands = now_of(cluster, first)
        assert stands is not None
        assert stands["metadata"]["labels"] == first["metadata"]["labels"]


async def test_when_its_time_is_over_it_is_deleted_and_that_is_told_an_hour_before(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    first, _ = await served(cluster)
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first, until_h=48)))
    at = datetime.fromisoformat(done["requested_at"])
    assert datetime.fromisoformat(done["expires_at"]) - at == timedelta(hours=48)
    action = await queries.one(clickhouse, ENV, done["id"])
    assert action is not None

    async def expire_in(left: timedelta) -> None:
        version = (await clickhouse.fetch("SELECT max(version) AS v FROM pod_action"))[0]["v"]
        due = replace(action, expires_at=datetime.now(UTC) + left)
        await clickhouse.insert("pod_action", [{**row_of(due), "version": int(version) + 1}])

    async def warned() -> bool:
        found = await queries.one(clickhouse, ENV, done["id"])
        return found is not None and found.warned

    await expire_in(timedelta(minutes=30))
    assert await until(warned)
    assert await events_told(clickhouse, "pod_action.expires")
    assert now_of(cluster, first) is not None
    await expire_in(timedelta(seconds=-1))
    assert (await in_state(acting, done["id"], "expired"))["can_undo"] is False
    assert now_of(cluster, first) is None


async def test_a_pod_that_changes_meanwhile_is_patched_as_it_is_then(acting: Api, cluster: Cluster) -> None:
    first, _ = await served(cluster)
    cluster.fault(status=422, path=f"/pods/{first['metadata']['name']}", method="PATCH", count=2)
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first)))
    assert done["state"] == "done"


@pytest.mark.parametrize("order", ["at_once", "replacement_first"])
@pytest.mark.parametrize("after", ["nothing", "let_go", "out_of_services"])
async def test_what_a_dead_instance_began_is_finished(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse, order: str, after: str
) -> None:
    """An action is run again from each of its steps: it comes to the same end."""
    first, _ = await served(cluster)
    begun = await acting.change("POST", ACTIONS, asked(first, order=order))
    done = await ended(acting, begun)
    action = await queries.one(clickhouse, ENV, done["id"])
    assert action is not None
    names = [step.name for step in action.steps]
    kept = action.steps[: names.index(after) + 1] if after in names else ()
    version = (await clickhouse.fetch("SELECT max(version) AS v FROM pod_action"))[0]["v"]
    dead = replace(action, state="running", runner="dead", steps=kept, finished_at=None)
    await clickhouse.insert("pod_action", [{**row_of(dead), "version": int(version) + 1}])

    async def taken_up() -> Json | None:
        found = await queries.one(clickhouse, ENV, done["id"])
        return {"steps": found.steps} if found and found.runner != "dead" and found.state == "done" else None

    found = await until(taken_up)
    assert {step.name for step in found["steps"]} == set(names)
    assert not in_service(cluster, first)
    assert len([pod for pod in pods(cluster) if is_ready(pod)]) == 3, "nothing was let go of twice"


async def test_who_and_what_cannot_be_isolated(acting: Api, governing: Api, cluster: Cluster) -> None:
    first, _ = await served(cluster)
    no_right = Grant(role=Role.OPERATOR, may=frozenset({Right.DELETE}))
    refused = await Api(acting.client, token(no_right)).change("POST", ACTIONS, asked(first))
    assert (refused.status, refused.json["code"]) == (403, "right_missing")
    off = await governing.change("POST", ACTIONS, asked(first))
    assert (off.status, off.json["code"]) == (409, "pod_actions_off")
    foreign = await acting.change("POST", ACTIONS, asked(first, way="evict"))
    assert (foreign.status, foreign.fields) == (400, {"parameters.way"})
    stands = now_of(cluster, first)
    assert stands is not None
    key, version = Key(PODS.id, "shop", first["metadata"]["name"]), stands["metadata"]["resourceVersion"]
    stands["metadata"]["ownerReferences"][0] |= {"kind": "DaemonSet", "name": "db"}
    cluster.store.update(key, stands, version)
    other = await acting.change("POST", ACTIONS, asked(first))
    assert (other.status, other.json["code"]) == (409, "not_isolatable")
    assert other.json["parameters"]["owner"] == "DaemonSet db"


async def test_a_pod_of_a_stateful_set_leaves_its_services_and_nothing_else(
    acting: Api, cluster: Cluster
) -> None:
    first, _ = await served(cluster)
    stands = now_of(cluster, first)
    assert stands is not None
    key, version = Key(PODS.id, "shop", first["metadata"]["name"]), stands["metadata"]["resourceVersion"]
    stands["metadata"]["ownerReferences"][0] |= {"kind": "StatefulSet", "name": "db", "uid": "of db"}
    cluster.store.update(key, stands, version)
    looked = await preview_of(acting, asked(first, order="replacement_first"))
    assert (looked["replaced_by"], looked["ready_before"], looked["ready_after"]) == ("", 1, 0)
    assert {"no_replacement", "same_name"} <= set(looked["warnings"])
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first, order="replacement_first")))
    assert (done["state"], done["labels"]) == ("done", {"app": "cart"})
    assert [step["name"] for step in done["steps"]] == ["out_of_services", "endpoints_gone"]
    assert done["service"] == {"kind": "StatefulSet", "name": "db"}
    assert not in_service(cluster, first)


async def test_an_isolated_pod_is_of_its_own_service_and_of_none_whose_name_begins_alike(
    acting: Api, cluster: Cluster
) -> None:
    [cart] = await run_service(cluster, "cart", 1)
    [canary] = await run_service(cluster, "cart-canary", 1)
    for pod in (cart, canary):
        done = await ended(acting, await acting.change("POST", ACTIONS, asked(pod)))
        assert done["state"] == "done", done

    async def isolated_of(name: str, kind: str = "Deployment") -> list[str]:
        query = f"isolated=true&namespace=shop&service={name}&service_kind={kind}"
        return [item["pod"] for item in (await acting.get(f"{ACTIONS}?{query}")).json["items"]]

    assert await isolated_of("cart") == [cart["metadata"]["name"]]
    assert await isolated_of("cart-canary") == [canary["metadata"]["name"]]
    assert await isolated_of("cart", "StatefulSet") == []
    gone = await ended(
        acting, await acting.change("POST", ACTIONS, body_of("delete", cart, {"way": "delete"}))
    )
    assert gone["service"] == {"kind": "Deployment", "name": "cart"}, "its isolation knows whose it was"
