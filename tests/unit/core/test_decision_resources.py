"""Resources: several containers, sidecars, pod-level resources, and what a manifest may leave out."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_core.domain.admission.container_resources import Floors
from kubedoor_core.domain.admission.decide import Rules, decide
from kubedoor_core.domain.admission.decision import Decision, Result
from kubedoor_core.domain.admission.review import parse_review
from kubedoor_core.domain.admission.words import value_words
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.mode import Mode
from kubedoor_dev.cluster.jsonpatch import apply
from support.reviews import Json, container, deployment, review

ALL = ContainerValues("app", 250, 1000, 512, 1024)
WANTED = {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"cpu": "1", "memory": "1Gi"}}


def ask(obj: Json, *rows: ContainerValues, floors: Floors | None = None) -> tuple[Decision, Json]:
    service = Service("shop", "checkout", 10, "manual", containers=rows)
    decision = decide(parse_review(review(obj)), service, Mode.ENFORCE, Rules(floors or Floors()))
    patched: Json = apply(obj, decision.patch)
    again = decide(parse_review(review(patched)), service, Mode.ENFORCE, Rules(floors or Floors()))
    assert again.patch == ()
    return decision, patched["spec"]["template"]["spec"]


def resources_of(pod: Json, index: int = 0, list_name: str = "containers") -> Any:
    return pod[list_name][index].get("resources")


@pytest.mark.parametrize(
    "resources",
    [
        None,
        {},
        {"requests": None, "limits": None},
        {"requests": {}},
        {"limits": {"cpu": "2"}},
        {"requests": {"memory": "64Mi"}},
        {"requests": {"cpu": "1"}, "limits": {"memory": "8Gi"}},
        {"requests": {"cpu": "0.25", "memory": "512Mi"}, "limits": {"cpu": "1000m", "memory": "1024Mi"}},
    ],
    ids=str,
)
def test_missing_parents_are_made(resources: Json | None) -> None:
    _, pod = ask(deployment(container("app", resources)), ALL)
    got = resources_of(pod)
    assert got in (WANTED, resources)


def test_an_equal_value_in_other_words_is_no_change() -> None:
    same = {
        "requests": {"cpu": "0.25", "memory": "536870912"},
        "limits": {"cpu": "1000m", "memory": "1024Mi"},
    }
    decision, _ = ask(deployment(container("app", same)), ALL)
    assert (decision.result, decision.patch, decision.warnings) == (Result.UNCHANGED, (), ())


def test_null_is_left_alone_and_told_apart() -> None:
    only_limit = ContainerValues("app", limit_mem_mib=2048)
    decision, pod = ask(deployment(container("app", {"requests": {"cpu": "3"}})), only_limit)
    assert resources_of(pod) == {"requests": {"cpu": "3"}, "limits": {"memory": "2Gi"}}
    unset = [value_words(value) for value in decision.unset]
    assert unset == ["app: cpu request", "app: cpu limit", "app: memory request"]
    assert decision.warnings == (
        "app: memory limit none -> 2Gi",
        "app: no memory request is known, so the pod requests its limit of 2Gi",
    )


def test_containers_go_by_name_wherever_they_stand() -> None:
    rows = (ContainerValues("proxy", request_cpu_m=20), ContainerValues("app", request_cpu_m=400))
    first, second = container("log", {"requests": {"cpu": "1"}}), container("app")
    _, pod = ask(deployment(first, second, container("proxy")), *rows)
    assert resources_of(pod, 0) == {"requests": {"cpu": "1"}}
    assert resources_of(pod, 1) == {"requests": {"cpu": "400m"}}
    assert resources_of(pod, 2) == {"requests": {"cpu": "20m"}}


def test_a_row_without_a_name_is_the_first_containers() -> None:
    nameless = ContainerValues("", request_cpu_m=300, limit_cpu_m=600)
    _, pod = ask(deployment(container("web"), container("proxy")), nameless)
    assert resources_of(pod, 0) == {"requests": {"cpu": "300m"}, "limits": {"cpu": "600m"}}
    assert resources_of(pod, 1) is None


def test_a_row_of_its_own_wins_over_the_one_without_a_name() -> None:
    rows = (
        ContainerValues("", request_cpu_m=300, limit_cpu_m=600),
        ContainerValues("web", request_cpu_m=100),
    )
    _, pod = ask(deployment(container("web")), *rows)
    assert resources_of(pod) == {"requests": {"cpu": "100m"}, "limits": {"cpu": "600m"}}


def test_only_init_containers_that_go_on_running_are_governed() -> None:
    native, plain = container("mesh", restartPolicy="Always"), container("migrate")
    rows = (ContainerValues("mesh", request_mem_mib=64), ContainerValues("migrate", request_mem_mib=64))
    _, pod = ask(deployment(container("app"), initContainers=[plain, native]), *rows)
    assert resources_of(pod, 0, "initContainers") is None
    assert resources_of(pod, 1, "initContainers") == {"requests": {"memory": "64Mi"}}


def test_a_row_without_a_name_is_not_an_init_containers() -> None:
    native = container("mesh", restartPolicy="Always")
    _, pod = ask(
        deployment(container("app"), initContainers=[native]), ContainerValues("", request_cpu_m=100)
    )
    assert resources_of(pod, 0, "initContainers") is None
    assert resources_of(pod) == {"requests": {"cpu": "100m"}}


def test_nothing_below_the_floors() -> None:
    tiny = ContainerValues("app", 1, 5, 1, 5)
    _, pod = ask(deployment(container("app")), tiny)
    assert resources_of(pod) == {
        "requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "10m", "memory": "32Mi"}}  # fmt: skip


def test_the_floors_are_settings() -> None:
    _, pod = ask(deployment(container("app")), ContainerValues("app", request_cpu_m=1), floors=Floors(1, 1))
    assert resources_of(pod) == {"requests": {"cpu": "1m"}}


@pytest.mark.parametrize(
    ("row", "manifest", "expected"),
    [
        (ContainerValues("app", request_cpu_m=900, limit_cpu_m=500), None,
         {"requests": {"cpu": "500m"}, "limits": {"cpu": "500m"}}),
        (ContainerValues("app", limit_cpu_m=500), {"requests": {"cpu": "2"}},
         {"requests": {"cpu": "500m"}, "limits": {"cpu": "500m"}}),
        (ContainerValues("app", request_mem_mib=4096), {"limits": {"memory": "1.5Gi"}},
         {"requests": {"memory": "1.5Gi"}, "limits": {"memory": "1.5Gi"}}),
    ],
)  # fmt: skip
def test_a_request_above_its_limit_comes_down(
    row: ContainerValues, manifest: Json | None, expected: Json
) -> None:
    decision, pod = ask(deployment(container("app", manifest)), row)
    assert resources_of(pod) == expected
    assert any("above the limit, lowered to" in warning for warning in decision.warnings)


def test_other_resources_are_never_touched() -> None:
    others = {
        "requests": {"ephemeral-storage": "1Gi", "nvidia.com/gpu": "1", "cpu": "9"},
        "limits": {"nvidia.com/gpu": "1", "hugepages-2Mi": "4Mi"},
        "claims": [{"name": "device"}],
    }
    _, pod = ask(deployment(container("app", others)), ALL)
    got = resources_of(pod)
    assert got["requests"] == {
        "ephemeral-storage": "1Gi",
        "nvidia.com/gpu": "1",
        "cpu": "250m",
        "memory": "512Mi",
    }
    assert got["limits"] == {"nvidia.com/gpu": "1", "hugepages-2Mi": "4Mi", "cpu": "1", "memory": "1Gi"}
    assert got["claims"] == [{"name": "device"}]


def test_pod_level_limits_that_would_be_exceeded_leave_the_resources() -> None:
    pod_level = {"limits": {"cpu": "1500m", "memory": "4Gi"}}
    before = deployment(container("app"), container("side"), resources=pod_level)
    decision, pod = ask(before, ALL, ContainerValues("side", limit_cpu_m=600))
    assert pod == before["spec"]["template"]["spec"]
    assert any("would exceed the pod's cpu limit of 1500m" in warning for warning in decision.warnings)


def test_pod_level_requests_that_would_be_exceeded_leave_the_resources() -> None:
    before = deployment(container("app"), resources={"requests": {"memory": "256Mi"}})
    decision, pod = ask(before, ALL)
    assert pod == before["spec"]["template"]["spec"]
    assert any("the pod's memory request of 256Mi" in warning for warning in decision.warnings)


def test_pod_level_limits_that_hold_do_not_matter() -> None:
    _, pod = ask(deployment(container("app"), resources={"limits": {"cpu": "2", "memory": "4Gi"}}), ALL)
    assert resources_of(pod) == WANTED


@pytest.mark.parametrize("nonsense", ["lots", "", "1 Gi", True, ["1"], {"a": 1}, "1e99999"], ids=repr)
def test_what_is_no_quantity_is_left_alone_and_told(nonsense: object) -> None:
    decision, pod = ask(deployment(container("app", {"limits": {"cpu": nonsense}})), ALL)
    assert resources_of(pod)["limits"] == {"cpu": nonsense, "memory": "1Gi"}
    assert any(
        w.startswith("app: cpu limit is left alone:") and "not a quantity" in w for w in decision.warnings
    )


def test_two_containers_of_one_name_are_left_alone() -> None:
    decision, pod = ask(deployment(container("app"), container("app")), ALL)
    assert [resources_of(pod, 0), resources_of(pod, 1)] == [None, None]
    assert decision.warnings[0] == "app: named twice, its resources are left alone"


def test_a_pod_of_a_hundred_thousand_containers_is_decided_in_one_pass() -> None:
    """As large as the API server takes; looking through all names for each would take hours."""
    same = [container("app") for _ in range(50_000)]
    decision, pod = ask(deployment(*same, *(container(f"c{n}") for n in range(50_000))), ALL)
    assert resources_of(pod, 0) is None
    assert decision.warnings == ("app: named twice, its resources are left alone",)


def test_what_was_decided_once_is_decided_anew_when_anything_differs() -> None:
    asked = deployment(container("app"))
    for cpu_m in (100, 200, 100):
        _, pod = ask(asked, ContainerValues("app", cpu_m, 1000, 512, 1024))
        assert resources_of(pod)["requests"]["cpu"] == f"{cpu_m}m"
    for cpu in ("50m", "60m", "50m"):
        decision, _ = ask(deployment(container("app", {"requests": {"cpu": cpu}})), ALL)
        assert f"app: cpu request {cpu} -> 250m" in decision.warnings


def test_no_warning_is_longer_than_200_characters_or_holds_control_characters() -> None:
    name = "a~/'\"\n\x1b[31m" + "x" * 300
    decision, _ = ask(deployment(container(name)), ContainerValues(name, 1, 2, 3, 4))
    assert decision.patch
    for warning in decision.warnings:
        assert len(warning) <= 200
        assert warning.isprintable()


def test_no_containers_at_all() -> None:
    bare = deployment()
    bare["spec"]["template"]["spec"]["containers"] = None
    decision, _ = ask(bare, ALL)
    assert decision.result is Result.UNCHANGED


def test_a_limit_of_zero_is_none_in_a_row_and_in_a_manifest() -> None:
    _, pod = ask(deployment(container("app")), ContainerValues("app", 250, 0, 512, 0))
    assert resources_of(pod) == {"requests": {"cpu": "250m", "memory": "512Mi"}}
    zero = {"limits": {"cpu": "0m", "memory": "0"}}
    decision, pod = ask(deployment(container("app", zero)), ContainerValues("app", 250))
    assert resources_of(pod) == {"limits": {"memory": "0"}, "requests": {"cpu": "250m"}}
    assert any("cpu limit of 0, which is no limit, is removed" in text for text in decision.warnings)
    _, pod = ask(deployment(container("app", zero)), ContainerValues("app", request_mem_mib=512))
    assert resources_of(pod) == {"limits": {"cpu": "0m"}, "requests": {"memory": "512Mi"}}
    _, pod = ask(deployment(container("app", {"limits": {"cpu": "0"}})), ContainerValues("app", 250, 500))
    assert resources_of(pod) == {"limits": {"cpu": "500m"}, "requests": {"cpu": "250m"}}


def test_a_request_that_kubernetes_takes_from_the_limit_counts_beside_the_pods_own() -> None:
    """Every pod of it would be refused: the container would request its limit of 1000m of the pod's 500m."""
    own = {"requests": {"cpu": "500m", "memory": "256Mi"}}
    before = deployment(container("app"), resources=own)
    decision, pod = ask(before, ContainerValues("app", limit_cpu_m=1000, limit_mem_mib=1024))
    assert pod == before["spec"]["template"]["spec"]
    assert any("the pod's cpu request of 500m" in warning for warning in decision.warnings)
