"""The store: versions grow, stale writes are refused, changes are told in order."""

from __future__ import annotations

import pytest

from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.listing import ListOptions, listed
from kubedoor_dev.cluster.resources import DEPLOYMENTS
from kubedoor_dev.cluster.store import Event, Key, StaleError, Store, generated
from kubedoor_dev.cluster.watching import Watch
from unit.cluster.manifests import Json, deployment


def key(name: str, namespace: str = "shop") -> Key:
    return Key(DEPLOYMENTS.id, namespace, name)


def put(store: Store, name: str, namespace: str = "shop") -> Json:
    made = deployment(name)
    made["metadata"]["namespace"] = namespace
    return store.create(key(name, namespace), made)


def test_a_new_object_gets_what_the_system_sets() -> None:
    made = put(Store(), "web")["metadata"]
    assert made["resourceVersion"] == "1"
    assert len(made["uid"]) == 36
    assert made["creationTimestamp"].endswith("Z")


def test_a_name_is_taken_once() -> None:
    store = Store()
    put(store, "web")
    with pytest.raises(StaleError):
        put(store, "web")


def test_a_stale_write_is_refused_and_changes_nothing() -> None:
    store = Store()
    made = put(store, "web")
    changed = {**made, "spec": {}}
    store.update(key("web"), changed, "1")
    with pytest.raises(StaleError):
        store.update(key("web"), made, "1")
    with pytest.raises(StaleError):
        store.delete(key("web"), "1")
    with pytest.raises(StaleError):
        store.update(key("gone"), made, "1")
    found = store.get(key("web"))
    assert found is not None
    assert found["spec"] == {}


def test_the_same_again_is_no_change() -> None:
    store = Store()
    heard: list[Event] = []
    made = put(store, "web")
    store.listen(heard.append)
    assert store.update(key("web"), made, "1")["metadata"]["resourceVersion"] == "1"
    assert heard == []


def test_what_is_handed_out_is_a_copy() -> None:
    store = Store()
    put(store, "web")["spec"].clear()
    found = store.get(key("web"))
    assert found is not None
    found["spec"].clear()
    again = store.get(key("web"))
    assert again is not None
    assert again["spec"]


def test_changes_are_told_in_order_until_one_stops_listening() -> None:
    store = Store()
    heard: list[Event] = []
    stop = store.listen(heard.append)
    made = put(store, "web")
    store.update(key("web"), {**made, "spec": {}}, "1")
    store.delete(key("web"))
    stop()
    put(store, "web")
    assert [(one.type, one.version) for one in heard] == [("ADDED", 1), ("MODIFIED", 2), ("DELETED", 3)]
    assert [one.version for one in store.since(1) or []] == [2, 3, 4]


def test_pages_cover_a_list_once() -> None:
    store = Store()
    for name in ("a", "b", "c", "d", "e"):
        put(store, name)
    put(store, "x", "other")
    seen: list[str] = []
    token = ""
    while True:
        page = listed(store, DEPLOYMENTS, "shop", ListOptions(limit=2, token=token))
        seen += [one["metadata"]["name"] for one in page["items"]]
        token = page["metadata"].get("continue", "")
        if not token:
            break
    assert seen == ["a", "b", "c", "d", "e"]
    first = listed(store, DEPLOYMENTS, None, ListOptions(limit=2))
    assert first["metadata"]["remainingItemCount"] == 4
    assert "kind" not in first["items"][0]


@pytest.mark.parametrize("token", ["x", "e30=", "W10="])
def test_a_broken_token_is_refused(token: str) -> None:
    with pytest.raises(ApiError, match="continue key is not valid") as error:
        listed(Store(), DEPLOYMENTS, None, ListOptions(token=token))
    assert error.value.code == 400


def test_generated_names_differ() -> None:
    names = {generated("web-") for _ in range(2000)}
    assert len(names) == 2000
    assert all(set(name.removeprefix("web-")) <= set("bcdfghjklmnpqrstvwxz2456789") for name in names)


def watching(query: dict[str, str]) -> Watch:
    return Watch.of(DEPLOYMENTS, "shop", {"timeoutSeconds": "0", **query})


async def told(store: Store, query: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (event["type"], event["object"].get("metadata", {}).get("name", ""))
        async for event in watching(query).events(store)
    ]


async def test_a_watch_goes_on_from_a_version() -> None:
    store = Store()
    for name in ("a", "b", "c"):
        put(store, name)
    put(store, "x", "other")
    store.delete(key("b"))
    assert await told(store, {"resourceVersion": "1"}) == [("ADDED", "b"), ("ADDED", "c"), ("DELETED", "b")]
    assert await told(store, {}) == [("ADDED", "a"), ("ADDED", "c")]
    assert await told(store, {"fieldSelector": "metadata.name=c"}) == [("ADDED", "c")]
    assert await told(store, {"resourceVersion": "9", "allowWatchBookmarks": "true"}) == [("BOOKMARK", "")]


async def test_a_watch_tells_what_comes_and_goes_by_its_selector() -> None:
    store = Store()
    made = put(store, "web")
    for label in ("x", "web", "y"):
        made["metadata"]["labels"] = {"app": label}
        made = store.update(key("web"), made, made["metadata"]["resourceVersion"])
    query = {"resourceVersion": "1", "labelSelector": "app=web"}
    assert [kind for kind, _ in await told(store, query)] == ["DELETED", "ADDED", "DELETED"]


async def test_a_watch_from_too_long_ago_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubedoor_dev.cluster.store.HISTORY", 2)
    store = Store()
    for name in ("a", "b", "c", "d"):
        put(store, name)
    (event,) = [one async for one in watching({"resourceVersion": "1"}).events(store)]
    assert (event["type"], event["object"]["code"], event["object"]["reason"]) == ("ERROR", 410, "Expired")
    assert await told(store, {"resourceVersion": "2"}) == [("ADDED", "c"), ("ADDED", "d")]


@pytest.mark.parametrize("name", ["resourceVersion", "timeoutSeconds"])
def test_a_watchs_numbers_are_numbers(name: str) -> None:
    with pytest.raises(ApiError, match=f"invalid {name}"):
        watching({name: "x"})
