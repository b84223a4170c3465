"""What a pod says of a resize in place, and the patch that asks for one."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.operations.operation import Resources
from kubedoor_api.operations.resize import resize_patch, restarts, running_pods, standing_of

Json = Any
WANTED = (Resources(name="app", request_cpu="250m", limit_memory="1Gi"),)


def pod(name: str = "cart-1", conditions: tuple[Json, ...] = (), **status: Any) -> Json:
    """A pod of the Deployment `cart`, with a sidecar that only the cluster knows of."""
    owner = {"kind": "ReplicaSet", "name": "cart-abc", "controller": True}
    return {
        "metadata": {
            "name": name,
            "generation": 3,
            "labels": {"pod-template-hash": "abc"},
            "ownerReferences": [owner],
        },
        "spec": {
            "nodeName": "node-1",
            "containers": [
                {
                    "name": "app",
                    "resources": {"requests": {"cpu": "0.1"}, "limits": {"memory": "1024Mi"}},
                    "resizePolicy": [
                        {"resourceName": "cpu", "restartPolicy": "NotRequired"},
                        {"resourceName": "memory", "restartPolicy": "RestartContainer"},
                    ],
                },
                {"name": "proxy", "resources": {"requests": {"cpu": "10m"}}},
            ],
        },
        "status": {"phase": "Running", "conditions": list(conditions), **status},
    }


def test_only_what_differs_by_value_is_asked_for() -> None:
    assert resize_patch(pod(), WANTED) == {
        "spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "250m"}}}]}
    }
    assert resize_patch(pod(), (Resources(name="app", request_cpu="100m", limit_memory="1Gi"),)) is None


def test_a_container_that_the_pod_has_not_is_left_out() -> None:
    assert resize_patch(pod(), (Resources(name="other", request_cpu="1"),)) is None
    assert resize_patch(pod(), (Resources(name="app", init=True, request_cpu="1"),)) is None


def test_a_restart_is_told_where_the_policy_of_what_changes_asks_for_it() -> None:
    assert not restarts(pod(), WANTED)
    assert restarts(pod(), (Resources(name="app", limit_memory="2Gi"),))


@pytest.mark.parametrize(
    ("condition", "state", "why"),
    [
        (("PodResizePending", "Infeasible", "too big"), "refused", "node node-1: Infeasible: too big"),
        (("PodResizePending", "Deferred", "later"), "waiting", "node node-1: Deferred: later"),
        (("PodResizeInProgress", "", ""), "waiting", "node node-1 is at it"),
    ],
)
def test_the_kubelets_conditions_are_told(condition: tuple[str, str, str], state: str, why: str) -> None:
    kind, reason, message = condition
    said = {"type": kind, "status": "True", "reason": reason, "message": message}
    found = standing_of(pod(conditions=(said,), observedGeneration=3))
    assert (found.state, found.why) == (state, why)


def test_it_is_done_when_the_kubelet_has_seen_it() -> None:
    assert standing_of(pod(observedGeneration=3)).state == "done"
    assert standing_of(pod(observedGeneration=2)).state == "waiting"
    shown = {"requests": {"cpu": "100m"}, "limits": {"memory": "1Gi"}}
    proxy = {"name": "proxy", "resources": {"requests": {"cpu": "10m"}}}
    assert standing_of(pod(containerStatuses=[{"name": "app", "resources": shown}, proxy])).state == "done"
    assert standing_of(pod(containerStatuses=[{"name": "app"}, proxy])).state == "waiting"


def test_pods_of_others_and_those_that_go_or_wait_are_left_alone() -> None:
    going, waiting, other = pod("going"), pod("waiting", phase="Pending"), pod("other")
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    other["metadata"]["ownerReferences"][0]["name"] = "cart-admin-abc"
    assert [one["metadata"]["name"] for one in running_pods([pod(), going, waiting, other], "cart")] == [
        "cart-1"
    ]
