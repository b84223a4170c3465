"""Events of Kubernetes as they are kept: both shapes, wrong clocks, long messages, no room for more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from kubedoor_api.kube.objects.cluster import Event
from kubedoor_api.kube_events.event import MAX_MESSAGE, dropped_row, read_event
from kubedoor_api.kube_events.keeper import Buffer
from support.kube_events import NOW, at, legacy, modern

Json = dict[str, Any]


def read(found: Json) -> Any:
    return read_event(cast("Event", found), NOW)


def test_an_event_of_core_v1_is_read() -> None:
    event = read(legacy(count=17))
    assert (event.count, event.type, event.reason) == (17, "Warning", "BackOff")
    assert (event.first_at, event.last_at) == (NOW - timedelta(minutes=30), NOW - timedelta(minutes=1))
    assert (event.namespace, event.object_kind, event.object_name) == ("shop", "Pod", "cart-5d9f7c6b8d-x2vbn")
    assert event.service == ("shop", "Deployment", "cart")
    assert (event.component, event.node) == ("kubelet", "n1")


def test_one_of_events_k8s_io_is_counted_by_its_series() -> None:
    single, series = read(modern()), read(modern(series=9))
    assert (single.count, single.last_at) == (1, NOW - timedelta(minutes=30))
    assert (series.count, series.first_at, series.last_at) == (
        9, NOW - timedelta(minutes=30), NOW - timedelta(minutes=2),
    )  # fmt: skip
    assert series.component == "default-scheduler"


def test_one_of_a_node_is_of_no_namespace_and_of_no_service() -> None:
    found = legacy()
    found["involvedObject"] = {"kind": "Node", "name": "n7", "uid": "n7"}
    found["metadata"]["namespace"] = "default"
    found["source"] = {"component": "node-controller"}
    event = read(found)
    assert (event.namespace, event.service, event.node) == ("", ("", "", ""), "n7")


@pytest.mark.parametrize(
    ("kind", "name", "service"),
    [
        ("ReplicaSet", "cart-5d9f7c6b8d", ("Deployment", "cart")),
        ("Deployment", "cart", ("Deployment", "cart")),
        ("Pod", "db-0", ("StatefulSet", "db")),
        ("StatefulSet", "db", ("StatefulSet", "db")),
        ("DaemonSet", "agent", ("DaemonSet", "agent")),
        ("HorizontalPodAutoscaler", "cart", ("", "")),
        ("PersistentVolumeClaim", "data-db-0", ("", "")),
    ],
)
def test_whose_it_is_follows_from_names(kind: str, name: str, service: tuple[str, str]) -> None:
    found = legacy()
    found["involvedObject"] |= {"kind": kind, "name": name}
    assert read(found).service == ("shop", *service)


@pytest.mark.parametrize("hours", [8, -8])
def test_a_clock_that_is_wrong_is_put_right_by_the_api_servers(hours: int) -> None:
    found = legacy()
    found["firstTimestamp"] = at(NOW + timedelta(hours=hours))
    found["lastTimestamp"] = at(NOW + timedelta(hours=hours))
    event = read(found)
    assert event.clock_wrong
    assert NOW - timedelta(minutes=30) <= event.first_at <= event.last_at <= NOW


def test_a_node_that_was_cut_off_may_tell_late_and_one_that_repeats_is_not_late() -> None:
    late = legacy()
    late["firstTimestamp"] = late["lastTimestamp"] = at(NOW - timedelta(minutes=70))
    assert not read(late).clock_wrong
    repeats = legacy()
    repeats["metadata"]["creationTimestamp"] = repeats["firstTimestamp"] = at(NOW - timedelta(hours=20))
    assert (read(repeats).clock_wrong, read(repeats).last_at) == (False, NOW - timedelta(minutes=1))
    del repeats["metadata"]["managedFields"]
    assert not read(repeats).clock_wrong


def test_what_cannot_be_stored_is_put_right() -> None:
    found = legacy(count=-5)
    found |= {"firstTimestamp": "0001-01-01T00:00:00Z", "message": "half \ud800", "reason": "\udfff"}
    event = read(found)
    assert (event.count, event.first_at, event.message) == (1, NOW - timedelta(minutes=30), "half ?")
    assert not event.clock_wrong
    assert read(legacy(count=2**40)).count == 2**31 - 1


def test_a_long_message_is_cut_and_says_so_and_a_strange_type_is_normal() -> None:
    found = legacy()
    found |= {"message": "x" * 5000, "type": "Dropped", "reason": ""}
    event = read(found)
    assert (len(event.message), event.message[-1], event.type) == (MAX_MESSAGE, "…", "Normal")
    assert read({"metadata": {"uid": "bare"}}).last_at == NOW


def test_what_is_told_twice_waits_once_with_its_newest_count() -> None:
    buffer = Buffer({"old": 3}, 9)
    for uid, count in (("a", 1), ("a", 2), ("a", 2), ("old", 3), ("old", 4), ("a", 1)):
        buffer.offer(read(legacy(uid=uid, count=count)))
    assert [(one.uid, one.count) for one in buffer.take(10)] == [("a", 2), ("old", 4)]
    buffer.offer(read(legacy(uid="a", count=2)))
    assert buffer.take(10) == []
    buffer.forget("a")
    buffer.offer(read(legacy(uid="a", count=2)))
    assert len(buffer) == 1


def test_what_could_not_be_written_waits_again_but_never_before_its_newer_self() -> None:
    buffer = Buffer({}, 9)
    buffer.offer(read(legacy(uid="a", count=1)))
    taken = buffer.take(10)
    buffer.offer(read(legacy(uid="a", count=2)))
    buffer.put_back(taken)
    assert [(one.uid, one.count) for one in buffer.take(10)] == [("a", 2)]


def test_without_room_warnings_stay_and_what_is_left_out_is_counted() -> None:
    buffer = Buffer({}, 3)
    for number in range(3):
        buffer.offer(read(legacy(uid=f"n{number}", kind="Normal")))
    buffer.offer(read(legacy(uid="n3", kind="Normal")))
    buffer.offer(read(legacy(uid="w0")))
    assert buffer.dropped == 2
    assert [one.uid for one in buffer.take(2)] == ["w0", "n1"]
    assert [one.uid for one in buffer.take(2)] == ["n2"]


def test_what_a_list_does_not_have_is_forgotten() -> None:
    buffer = Buffer({"gone": 1, "here": 1}, 9)
    buffer.keep_only({"here"})
    for uid in ("gone", "here"):
        buffer.offer(read(legacy(uid=uid, count=1)))
    assert [one.uid for one in buffer.take(9)] == ["gone"]


def test_what_was_left_out_in_a_minute_is_one_row() -> None:
    since = datetime(2026, 3, 2, 10, 45, 12, tzinfo=UTC)
    first, again = (dropped_row("test", "me", since, count) for count in (5, 9))
    assert (first["uid"], first["last_at"]) == (again["uid"], again["last_at"])
    assert (again["dropped"], again["type"]) == (9, "Dropped")
