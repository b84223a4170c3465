"""Deployments of every shape: what is governed is set, all else stays, and Kubernetes takes the result."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.support.place import Place, manifest

Json = dict[str, Any]
LARGE = 950_000
"""Bytes of environment variables: the whole manifest is about 1 MB, of the 1.5 MB that etcd takes."""


def container(name: str, **more: Any) -> Json:
    """A container."""
    return {"name": name, "image": f"registry.example/{name}:1", **more}


def with_containers(name: str, *containers: Json, **pod: Any) -> Json:
    """A Deployment of these containers."""
    made = manifest(name)
    made["spec"]["template"]["spec"] = {"containers": list(containers), **pod}
    return made


async def test_containers_are_governed_by_name_and_a_stranger_is_left(place: Place) -> None:
    await place.register("web", replicas=2, app=(250, 500, 256, 512), proxy=(50, None, 64, None))
    odd = {"requests": {"cpu": "3m", "memory": "5Mi", "ephemeral-storage": "1Gi"}}
    place.deploy(
        with_containers("web", container("sidecar", resources=odd), container("proxy"), container("app"))
    )
    assert place.resources("web", "app") == {
        "requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"},
    }  # fmt: skip
    assert place.resources("web", "proxy") == {"requests": {"cpu": "50m", "memory": "64Mi"}}
    assert place.resources("web", "sidecar") == odd
    place.rolled_out("web")


async def test_a_native_sidecar_is_governed_and_another_init_container_is_not(place: Place) -> None:
    await place.register("web", app=(250, 500, 256, 512), mesh=(60, None, 70, None), setup=(10, 20, 32, 64))
    asked = {"requests": {"cpu": "2", "memory": "2Gi"}}
    inits = [
        container("setup", resources=asked),
        container("mesh", resources=asked, restartPolicy="Always"),
    ]
    place.deploy(with_containers("web", container("app"), initContainers=inits))
    assert place.resources("web", "mesh")["requests"] == {"cpu": "60m", "memory": "70Mi"}
    assert place.resources("web", "setup") == asked
    place.rolled_out("web")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"limits": {"cpu": "4", "memory": "8Gi"}},
        {"requests": {"cpu": "100m"}},
        {"requests": {"cpu": "3", "memory": "3Gi"}, "limits": {"cpu": "3", "memory": "3Gi"}},
    ],
    ids=["none", "limits alone", "one request", "guaranteed"],
)
async def test_whatever_is_asked_for_becomes_what_is_governed(place: Place, asked: Json) -> None:
    await place.register("web", replicas=2)
    place.deploy(with_containers("web", container("app", resources=asked)))
    assert place.resources("web") == {
        "requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"},
    }  # fmt: skip
    place.rolled_out("web")


async def test_a_request_above_the_limit_that_stays_comes_down_to_it(place: Place) -> None:
    await place.register("web", replicas=2, app=(900, None, 900, None))
    asked = {"requests": {"cpu": "100m", "memory": "100Mi"}, "limits": {"cpu": "400m", "memory": "300Mi"}}
    said = place.deploy(with_containers("web", container("app", resources=asked)))
    assert place.resources("web")["requests"] == {"cpu": "400m", "memory": "300Mi"}
    assert place.resources("web")["limits"] == asked["limits"]
    assert "Warning" in said
    place.rolled_out("web")


async def test_what_is_not_known_stays(place: Place) -> None:
    await place.register("web", replicas=2, app=(250, None, None, None))
    asked = {"requests": {"cpu": "1", "memory": "77Mi"}, "limits": {"memory": "99Mi"}}
    place.deploy(with_containers("web", container("app", resources=asked)))
    assert place.resources("web") == {
        "requests": {"cpu": "250m", "memory": "77Mi"}, "limits": {"memory": "99Mi"},
    }  # fmt: skip


@pytest.mark.parametrize("whole", ["1", "100m"], ids=["room for it", "too small for it"])
async def test_resources_of_the_whole_pod_stay_valid(place: Place, whole: str) -> None:
    """Kubernetes refuses a Deployment whose containers ask for more than their pod: none is made so.

    One from before 1.34 drops what it doesn't know, but after admission: the same is decided there.
    """
    await place.register("web", replicas=2, app=(250, None, 256, None))
    of_pod = {"requests": {"cpu": whole, "memory": "1Gi"}, "limits": {"cpu": "2", "memory": "2Gi"}}
    place.deploy(with_containers("web", container("app"), resources=of_pod))
    place.rolled_out("web")
    assert place.replicas("web") == 2
    if place.knows_resources_of_pods():
        assert place.live("web")["spec"]["template"]["spec"]["resources"] == of_pod
    else:
        assert "resources" not in place.live("web")["spec"]["template"]["spec"]
    governed = {"requests": {"cpu": "250m", "memory": "256Mi"}}
    assert place.resources("web") == (governed if whole == "1" else {}), "left alone where it has no room"


async def test_a_count_that_is_missing_means_one_and_is_set(place: Place) -> None:
    await place.register("web", replicas=3)
    made = manifest("web")
    del made["spec"]["replicas"]
    said = place.deploy(made)
    assert "replicas 1 -> 3" in said
    place.rolled_out("web")


async def test_a_manifest_of_a_megabyte(place: Place) -> None:
    await place.register("web", replicas=2)
    chunk = "x" * 9_500
    variables = [{"name": f"V{number}", "value": chunk} for number in range(LARGE // len(chunk))]
    made = with_containers("web", container("app", env=variables))
    place.deploy(made)
    place.kubectl("set", "image", "deployment/web", "app=registry.example/app:2")
    assert place.replicas("web") == 2
    assert len(place.live("web")["spec"]["template"]["spec"]["containers"][0]["env"]) == len(variables)
    place.rolled_out("web")


async def test_three_hundred_pods(place: Place) -> None:
    await place.register("web", replicas=300, app=(10, None, 32, None))
    place.deploy(manifest("web", replicas=1))
    place.kubectl("rollout", "status", "deployment/web", "--timeout=300s")
    assert len(place.kubectl("get", "pods", "-o", "name").split()) == 300
