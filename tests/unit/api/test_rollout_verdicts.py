"""What a Deployment and its pods say of a rollout."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.kube.rollout import Expected, judge, see, trouble_of

Json = Any
RESTART = Expected(restarted_by="op")
SCALE = Expected(replicas=3)


def deployment(
    status: Json | None = None, *, wanted: int = 3, generation: int = 2, by: str = "op", **more: Any
) -> Json:
    template = {"metadata": {"annotations": {"kubedoor.io/restarted-by": by}}}
    return {
        "metadata": {"name": "cart", "generation": generation},
        "spec": {"replicas": wanted, "template": template},
        "status": {"observedGeneration": 2, **(status or {}), **more},
    }


def counts(updated: int, total: int, available: int) -> Json:
    return {"updatedReplicas": updated, "replicas": total, "availableReplicas": available}


def pod(name: str = "cart-abc-1", by: str = "op", *, ready: bool = False, **container: Any) -> Json:
    owner = {"kind": "ReplicaSet", "name": "cart-abc"}
    return {
        "metadata": {
            "name": name,
            "labels": {"pod-template-hash": "abc"},
            "annotations": {"kubedoor.io/restarted-by": by},
            "ownerReferences": [owner],
        },
        "status": {
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [{"name": "app", **container}],
        },
    }


def waiting(reason: str, message: str = "") -> Json:
    return {"state": {"waiting": {"reason": reason, "message": message}}}


def ended(reason: str, code: int) -> Json:
    return {"lastState": {"terminated": {"reason": reason, "exitCode": code}}}


CRASHING = {**waiting("CrashLoopBackOff"), **ended("Error", 1)}


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (deployment(counts(3, 3, 3)), "through", ""),
        (deployment(counts(3, 3, 3), generation=3), "under_way", "has not begun it"),
        (deployment(counts(1, 4, 3)), "under_way", "1 of 3 new pods"),
        (deployment(counts(3, 4, 3)), "under_way", "1 old pods are still to go"),
        (deployment(counts(3, 3, 2)), "under_way", "2 of 3 pods are available"),
        (deployment(counts(3, 3, 3), by="other"), "overtaken", "pod template since"),
        (deployment(wanted=0), "through", ""),
    ],
)
def test_a_restart_goes_as_the_deployment_says(found: Json, state: str, words: str) -> None:
    verdict = judge(found, [], RESTART)
    assert verdict.state == state
    assert words in verdict.detail


def test_a_scale_that_somebody_else_has_overtaken_is_not_watched() -> None:
    assert judge(deployment(wanted=7), [], SCALE).state == "overtaken"
    assert judge(deployment(counts(3, 3, 3)), [], SCALE).state == "through"


def test_fewer_pods_need_not_become_available() -> None:
    down = Expected(replicas=3, fewer=True)
    assert judge(deployment(counts(3, 3, 0)), [], down).state == "through"
    assert (
        judge(deployment(counts(5, 5, 0)), [see(pod(**CRASHING, restartCount=9), 2)], down).state
        == "under_way"
    )


def test_being_late_counts_for_a_restart_alone() -> None:
    late = [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]
    found = deployment(counts(3, 3, 2), conditions=late)
    assert (judge(found, [], RESTART).state, judge(found, [], RESTART).kind) == ("failed", "no_progress")
    assert judge(found, [], SCALE).state == "under_way"


@pytest.mark.parametrize(
    ("container", "kind"),
    [
        ({**CRASHING, "restartCount": 1}, None),
        ({**CRASHING, "restartCount": 2}, "crash_loop"),
        ({"state": {"running": {}}, **ended("Error", 1), "restartCount": 2}, "crash_loop"),
        ({"state": {"running": {}}, **ended("Completed", 0), "restartCount": 5}, None),
        ({**waiting("CrashLoopBackOff"), **ended("OOMKilled", 137), "restartCount": 1}, "oom"),
        ({"state": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}, "restartCount": 0}, "oom"),
        (waiting("ImagePullBackOff", "Back-off pulling image"), "image"),
        (waiting("ErrImagePull"), None),
        (waiting("ContainerCreating"), None),
        (waiting("CreateContainerConfigError", "secret not found"), None),
    ],
)
def test_what_is_wrong_with_a_pod(container: Json, kind: str | None) -> None:
    found = trouble_of(pod(**container))
    assert (found.kind if found else None) == kind
    verdict = judge(deployment(counts(1, 4, 3)), [see(pod(**container), 2)], RESTART)
    assert (verdict.state, verdict.kind) == ("failed" if kind else "under_way", kind)


def test_what_a_pod_waits_for_is_told() -> None:
    config = see(pod(**waiting("CreateContainerConfigError", "secret not found")), 2)
    assert "secret not found" in judge(deployment(counts(1, 4, 3)), [config], RESTART).detail
    unplaced = pod()
    unplaced["status"] = {"conditions": [{"type": "PodScheduled", "status": "False", "message": "0/3 nodes"}]}
    assert "0/3 nodes" in judge(deployment(counts(1, 4, 3)), [see(unplaced, 2)], RESTART).detail
    quota = [{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}]
    assert "exceeded quota" in judge(deployment(counts(1, 4, 3), conditions=quota), [], RESTART).detail


def test_pods_of_before_and_of_others_do_not_count() -> None:
    old = see(pod(by="earlier", **CRASHING, restartCount=9), 2)
    ready = see(pod(ready=True, **ended("OOMKilled", 137), restartCount=1), 2)
    other = pod(**CRASHING, restartCount=9)
    other["metadata"]["ownerReferences"][0]["name"] = "cart-api-abc"
    found = deployment(counts(1, 4, 3))
    assert judge(found, [old, ready, see(other, 2)], RESTART).state == "under_way"
    assert judge(found, [ready], Expected(replicas=3)).state == "under_way"
    assert judge(found, [old], Expected(replicas=3)).kind == "crash_loop"
