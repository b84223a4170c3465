"""Which pods a drain takes, what it takes for that, whose turn it is, and where volumes hold pods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.nodes.actions.action import ActedPod
from kubedoor_api.nodes.actions.draining import (
    AT_ONCE,
    asks,
    leaving,
    loses_scratch_only,
    next_ones,
    progressed,
)
from kubedoor_api.nodes.cluster import Volumes, _where
from kubedoor_core.domain.placement.selecting import NodeTerm, Requirement

NOW = datetime.now(UTC)


def pod(name: str = "p", owner: str = "ReplicaSet", phase: str = "Running", **metadata: Any) -> Pod:
    owners = [{"kind": owner, "name": "x", "uid": f"of-{name}", "controller": True}] if owner else []
    more: Any = {"name": name, "namespace": "shop", "uid": name, "ownerReferences": owners, **metadata}
    return {"metadata": more, "spec": {"volumes": []}, "status": {"phase": phase}}


def test_daemons_static_pods_and_what_has_ended_stay() -> None:
    static: Any = {"annotations": {"kubernetes.io/config.mirror": "x"}}
    every = [
        pod("web"), pod("agent", "DaemonSet"), pod("etcd", "Node", **static), pod("job", "Job", "Succeeded"),
        pod("by-hand", ""),
    ]  # fmt: skip
    assert [one["metadata"]["name"] for one in leaving(every)] == ["web", "by-hand"]


def test_what_is_lost_is_asked_for() -> None:
    local = pod()
    local["spec"]["volumes"] = [{"name": "tmp", "emptyDir": {}}]
    found = [asks(one, "kubedoor") for one in (pod(), local, pod(owner=""))]
    assert found == [(), ("local_data",), ("no_owner",)]


@pytest.mark.parametrize(
    ("namespace", "part_of", "volumes", "asked"),
    [
        ("kubedoor", "kubedoor", ("tmp",), ()),
        ("kubedoor", "kubedoor", ("tmp", "log"), ("local_data",)),
        ("kubedoor", "shop", ("tmp",), ("local_data",)),
        ("shop", "kubedoor", ("tmp",), ("local_data",)),
        ("kubedoor", "kubedoor", (), ()),
    ],
)
def test_of_our_own_pods_tmp_is_no_loss(
    namespace: str, part_of: str, volumes: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    own = pod(namespace=namespace, labels={"app.kubernetes.io/part-of": part_of})
    own["spec"]["volumes"] = [{"name": name, "emptyDir": {}} for name in volumes]
    assert asks(own, "kubedoor") == asked
    assert loses_scratch_only(own, "kubedoor") is (bool(volumes) and not asked)
    own["metadata"]["namespace"] = ""
    assert not loses_scratch_only(own, ""), "where our namespace is not known, nothing is our own"


@pytest.mark.parametrize(
    ("here", "asked_s", "state", "reason"),
    [
        (None, None, "gone", "gone_already"),
        (None, 5, "gone", ""),
        (pod(uid="u"), None, "waiting", ""),
        (pod(uid="u", deletionTimestamp="2026-01-01T00:00:00Z"), 5, "going", ""),
        (pod(uid="u", deletionTimestamp="2026-01-01T00:00:00Z"), None, "going", ""),
        (pod(uid="u", deletionTimestamp="2026-01-01T00:00:00Z"), 91, "stuck", ""),
        (pod(uid="u", phase="Failed"), 5, "gone", ""),
    ],
)
def test_how_far_a_pod_is(here: Pod | None, asked_s: int | None, state: str, reason: str) -> None:
    asked = None if asked_s is None else NOW - timedelta(seconds=asked_s)
    one = progressed(ActedPod("shop", "p", "u", asked_at=asked), {"u": here} if here else {}, NOW)
    assert (one.state, one.reason) == (state, reason)


def test_one_that_was_stuck_and_ends_after_all_is_gone() -> None:
    stuck = ActedPod("shop", "p", "u", state="stuck", asked_at=NOW - timedelta(hours=1), ended_at=NOW)
    assert progressed(stuck, {}, NOW).state == "gone"


def test_of_one_owner_one_at_a_time_and_what_was_never_asked_comes_first() -> None:
    blocked = ActedPod("shop", "a", "a", "of-cart", state="blocked", asked_at=NOW)
    second, other = ActedPod("shop", "b", "b", "of-cart"), ActedPod("shop", "c", "c", "of-pay")
    assert [one.name for one in next_ones([blocked, second, other])] == ["b", "c"]
    going = ActedPod("shop", "d", "d", "of-pay", state="going")
    assert [one.name for one in next_ones([blocked, second, other, going])] == ["b"]
    alone = [ActedPod("shop", f"n{number:02}", str(number)) for number in range(20)]
    assert len(next_ones(alone)) == AT_ONCE, "those without an owner wait for nobody"


def test_where_volumes_can_be_mounted() -> None:
    term = {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["n1"]}]}
    local: Any = {
        "metadata": {"name": "disk"},
        "spec": {"nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}},
    }
    labelled: Any = {"metadata": {"name": "old", "labels": {"topology.kubernetes.io/zone": "a__b"}}}
    anywhere: Any = {"metadata": {"name": "nfs"}, "spec": {}}
    assert _where(local)[1] == (NodeTerm((Requirement("kubernetes.io/hostname", "In", ("n1",)),), ()),)
    assert any(one.chooses("x", {"topology.kubernetes.io/zone": "b"}) for one in _where(labelled)[1])
    assert not any(one.chooses("x", {"topology.kubernetes.io/zone": "c"}) for one in _where(labelled)[1])
    assert _where(anywhere)[1] == ()
    found = Volumes(True, {("shop", "data"): "disk", ("shop", "p-tmp"): "nfs"}, dict([_where(local)]))
    claiming = pod("p")
    ephemeral: Any = {"name": "tmp", "ephemeral": {}}
    claim: Any = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    claiming["spec"]["volumes"] = [claim, ephemeral]
    assert found.terms_of(claiming) == (_where(local)[1],)
    assert Volumes().terms_of(claiming) == ()
