"""Beside others on the real control plane: HPAs, scale to zero, LimitRanges; what is valid stays valid."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from e2e.support.installation import ENV, Client
from e2e.support.place import Place, Values, manifest
from support.waiting import until

Json = dict[str, Any]
SEED = 15
MANY = 200
CPU_M = [0, 5, 50, 100, 250, 856, 2000]
FOUND = """
SELECT autoscaler, source, min_replicas, max_replicas, cpu_target_pct FROM autoscaler FINAL
WHERE env = {env:String} AND namespace = {namespace:String} AND name = {name:String}
"""
MEM_MIB = [0, 1, 32, 128, 512, 4096]


async def found(place: Place, name: str) -> Json:
    """Wait until the autoscaler of a service is known; return what is known."""

    async def look() -> Json | None:
        rows = await place.clickhouse.fetch(FOUND, env=ENV, namespace=place.name, name=name)
        return rows[0] if rows else None

    return await until(look)


async def stands_at(place: Place, name: str, count: int) -> None:
    """Wait until a Deployment asks for a count."""

    async def look() -> bool:
        return place.replicas(name) == count

    await until(look)


def roll_out(place: Place, name: str, tag: int) -> int:
    """Roll a new image out, and return the count that the Deployment asks for then."""
    place.kubectl("set", "image", f"deployment/{name}", f"app=registry.example/app:{tag}")
    return place.replicas(name)


async def test_an_autoscaler_from_before_enforcing_keeps_its_count(place: Place, api: Client) -> None:
    await api.switch("observe", place.name)
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart", replicas=6))
    place.autoscale("cart", least=5, most=9)
    known = await found(place, "cart")
    assert (known["autoscaler"], known["source"], known["min_replicas"], known["max_replicas"]) == (
        "cart", "hpa", 5, 9,
    )  # fmt: skip
    assert known["cpu_target_pct"] == 60
    await api.switch("enforce", place.name)
    listed = (await api.get("/mode/readiness"))["autoscaled"]
    (told,) = [one for one in listed if one["namespace"] == place.name]
    assert (told["autoscaler"], told["left_alone"], told["live"], told["governed"]) == ("cart", True, 6, 3)
    assert roll_out(place, "cart", 2) == 6
    assert place.resources("cart")["requests"]["cpu"] == "250m", "governed all the same"


async def test_an_autoscaler_made_while_enforced_is_not_fought_and_forgotten_only_in_a_day(
    place: Place, api: Client
) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart", replicas=6))
    assert place.replicas("cart") == 3
    place.autoscale("cart", least=5, most=9)
    await stands_at(place, "cart", 5)  # by the controller of autoscalers itself
    await found(place, "cart")
    assert roll_out(place, "cart", 2) == 5
    place.kubectl("delete", "hpa", "cart")
    path = f"/services/{place.name}/cart"

    async def gone() -> bool:
        return (await api.get(path))["autoscaler"]["gone_at"] is not None

    await until(gone)
    assert roll_out(place, "cart", 3) == 5
    await place.edit("cart", replicas_policy="pinned")
    assert roll_out(place, "cart", 4) == 3, "people overrule what is found"


async def test_one_made_while_enforcing_is_switched_on_keeps_its_count(place: Place, api: Client) -> None:
    await api.switch("observe", place.name)
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart", replicas=6))
    switched = api.switch("enforce", place.name)
    await asyncio.gather(switched, asyncio.to_thread(place.autoscale, "cart", least=5, most=9))
    await found(place, "cart")
    assert roll_out(place, "cart", 2) == 6
    assert place.resources("cart")["requests"]["cpu"] == "250m"


async def test_one_made_after_enforcing_keeps_its_count_when_that_comes_back(
    place: Place, api: Client
) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart", replicas=6))
    assert place.replicas("cart") == 3
    await api.switch("off", place.name)
    place.autoscale("cart", least=5, most=9)
    await stands_at(place, "cart", 5)
    await found(place, "cart")
    await api.switch("enforce", place.name)
    assert roll_out(place, "cart", 2) == 5


KEDA = "system:serviceaccount:keda:keda-operator"
SCALED_OBJECT = {"group": "keda.sh", "kind": "ScaledObject", "plural": "scaledobjects"}


@pytest.fixture
def keda(place: Place) -> Iterator[Place]:
    """A cluster that knows KEDA's ScaledObjects; what its operator does is the test's."""
    group, kind, plural = SCALED_OBJECT.values()
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1alpha1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": kind, "plural": plural, "singular": kind.lower()}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    name = f"{plural}.{group}"
    crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    place.deploy({**crd, "metadata": {"name": name}, "spec": spec})
    place.kubectl("wait", "--for=condition=Established", f"crd/{name}", "--timeout=60s")
    yield place
    place.kubectl("delete", "crd", name)


def scaled_object(place: Place, service: str) -> None:
    """Make a ScaledObject and the HPA that KEDA makes of it, from one pod to nine."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": service}
    of = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject"}
    spec = {"scaleTargetRef": {"name": service}, "minReplicaCount": 0, "maxReplicaCount": 9}
    place.deploy({**of, "metadata": {"name": f"{service}-queue"}, "spec": spec})
    uid = place.live(f"{service}-queue", "scaledobject")["metadata"]["uid"]
    owner = {**of, "name": f"{service}-queue", "uid": uid, "controller": True}
    metadata = {"name": f"keda-hpa-{service}-queue", "ownerReferences": [owner]}
    bounds = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 9}
    hpa = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
    place.deploy({**hpa, "metadata": metadata, "spec": bounds})


async def test_a_scaled_object_goes_to_zero_and_back(keda: Place) -> None:
    await keda.register("work", replicas=3)
    keda.deploy(manifest("work", replicas=6))
    assert keda.replicas("work") == 3
    scaled_object(keda, "work")
    known = await found(keda, "work")
    assert (known["autoscaler"], known["source"]) == ("work-queue", "keda")
    for count in (0, 1):
        keda.kubectl(
            "scale", "deployment/work", f"--replicas={count}", f"--as={KEDA}", "--as-group=system:masters"
        )
        if count == 0:
            assert keda.replicas("work") == 0
            assert roll_out(keda, "work", 2) == 0, "nor does a rollout bring it back"
    await stands_at(keda, "work", 2)  # from one on the controller of autoscalers has it
    assert roll_out(keda, "work", 3) == 2


@pytest.fixture
async def to_zero(place: Place, api: Client) -> AsyncIterator[Place]:
    """A namespace of which `night` alone may be scaled to zero."""
    await api.set("allow_scale_to_zero", f"{place.name}/night")
    yield place
    await api.reset("allow_scale_to_zero")


async def test_zero_and_back_as_a_scaler_does_it_where_it_is_allowed(to_zero: Place) -> None:
    for name in ("night", "day"):
        await to_zero.register(name, replicas=3)
        to_zero.deploy(manifest(name))
        to_zero.kubectl("scale", f"deployment/{name}", "--replicas=0")
    assert (to_zero.replicas("night"), to_zero.replicas("day")) == (0, 3)
    to_zero.kubectl("scale", "deployment/night", "--replicas=2")
    assert to_zero.replicas("night") == 2
    to_zero.kubectl("scale", "deployment/night", "--replicas=7")
    assert to_zero.replicas("night") == 3, "any other count is governed"


async def test_in_a_namespace_with_a_limit_range_no_pod_is_refused(place: Place, api: Client) -> None:
    bounds = {"type": "Container", "min": {"cpu": "100m"}, "maxLimitRequestRatio": {"cpu": "4"}}
    named = {"metadata": {"name": "bounds"}, "spec": {"limits": [bounds]}}
    place.deploy({"apiVersion": "v1", "kind": "LimitRange", **named})

    async def known() -> bool:
        statement = "SELECT count() AS n FROM limit_range FINAL WHERE namespace = {n:String} AND NOT deleted"
        return bool((await place.clickhouse.fetch(statement, n=place.name))[0]["n"])

    await until(known)
    of: dict[str, Values] = {
        "wide": (856, 5600, 256, 512), "small": (10, 40, 64, 128), "open": (856, None, 256, None),
        "limited": (None, 5600, None, 512), "tight": (2000, 2000, 128, 128),
    }  # fmt: skip
    adjusted = {"wide", "small", "limited"}
    for name, values in of.items():
        await place.register(name, replicas=2, app=values)
        requests, limits = {"cpu": "250m", "memory": "64Mi"}, {"cpu": "1", "memory": "1Gi"}
        said = place.deploy(manifest(name, requests=requests, limits=limits))
        assert ("LimitRange" in said) == (name in adjusted), (name, said)
    for name in of:
        place.rolled_out(name)
    assert place.resources("wide")["requests"]["cpu"] == "1400m"
    assert place.resources("small")["requests"]["cpu"] == "100m"
    listed = (await api.get("/mode/readiness"))["bounded"]
    assert {one["name"] for one in listed if one["namespace"] == place.name} <= adjusted


QUOTA = {"requests.cpu": "3", "requests.memory": "3Gi", "limits.cpu": "6", "limits.memory": "6Gi"}
ASKED = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
ROWS: dict[str, Values] = {
    "lower": (100, 400, 128, 300), "equal": (250, 500, 256, 512), "requests": (100, None, 128, None),
    "limits": (None, 400, None, 300), "cpu": (100, 400, None, None), "nothing": (None, None, None, None),
}  # fmt: skip
"""Two pods of each of these fill the quota to the last byte before they are governed."""


def quota(hard: dict[str, str]) -> Json:
    """A ResourceQuota."""
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": hard}}


async def test_in_a_namespace_that_fills_its_quota_no_pod_is_refused(place: Place, api: Client) -> None:
    await api.switch("off", place.name)
    place.deploy(
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": QUOTA}}
    )

    async def counted() -> bool:
        return (place.live("team", "resourcequota").get("status") or {}).get("hard") == QUOTA

    await until(counted)
    for name, values in ROWS.items():
        await place.register(name, replicas=2, app=values)
        made = manifest(name, replicas=2, **ASKED)
        made["spec"]["strategy"] = {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
        place.deploy(made)
        place.rolled_out(name)
    assert place.live("team", "resourcequota")["status"]["used"] == QUOTA
    await api.switch("enforce", place.name)
    listed = (await api.get("/mode/readiness"))["quotas_exceeded"]
    assert [one for one in listed if one["namespace"] == place.name] == []
    for name in ROWS:
        roll_out(place, name, 2)
        place.rolled_out(name)
    assert place.resources("lower")["requests"] == {"cpu": "100m", "memory": "128Mi"}
    for name in ROWS:  # an old pod counts until it is gone, so that a new one may be refused for a moment
        status = place.live(name)["status"]
        assert (status["availableReplicas"], status["updatedReplicas"]) == (2, 2)
        assert not [one for one in status["conditions"] if one["type"] == "ReplicaFailure"]


async def test_an_edit_that_a_quota_does_not_hold_is_told_by_the_edit_itself(
    place: Place, api: Client
) -> None:
    hard = {"requests.cpu": "1"}
    place.deploy(
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": hard}}
    )

    async def known() -> bool:
        statement = "SELECT count() AS n FROM limit_range FINAL WHERE namespace = {n:String} AND NOT deleted"
        return bool((await place.clickhouse.fetch(statement, n=place.name))[0]["n"])

    await until(known)
    await place.register("cart", replicas=3)
    edit = {"containers": [{"name": "app", "request_cpu_m": 400}]}
    changed = await api.change("PATCH", f"/services/{place.name}/cart", edit, "0")
    (told,) = changed["quotas_exceeded"]
    assert (told["quota"], told["hard"], told["governed"]) == ("team", "1", "1200m")


def some_values(chosen: random.Random) -> Values:
    """Draw a row: each value known or not, requests not above limits as an edit takes them."""

    def pair(choice: list[int]) -> tuple[int | None, int | None]:
        request, limit = sorted(chosen.choices(choice, k=2))
        return chosen.choice([request, None]), chosen.choice([limit, None])

    (request_cpu, limit_cpu), (request_mem, limit_mem) = pair(CPU_M), pair(MEM_MIB)
    return request_cpu, limit_cpu, request_mem, limit_mem


def some_deployment(chosen: random.Random, name: str) -> Json:
    """Draw a valid Deployment of one to three containers."""

    def resources() -> Json:
        request, limit = sorted(chosen.choices(CPU_M, k=2))
        asked = {"cpu": f"{request}m", "memory": f"{chosen.choice(MEM_MIB[:3])}Mi"}
        most = {"cpu": f"{limit}m", "memory": f"{chosen.choice(MEM_MIB[3:])}Mi"}
        found: Json = {}
        for kind, values in (("requests", asked), ("limits", most)):
            kept = {key: value for key, value in values.items() if chosen.random() < 0.7}
            if kept:
                found[kind] = kept
        return found

    made = manifest(name, replicas=chosen.randrange(4))
    made["spec"]["template"]["spec"]["containers"] = [
        {"name": one, "image": "registry.example/app:1", "resources": resources()}
        for one in ("app", "proxy", "log")[: chosen.randint(1, 3)]
    ]
    return made


async def test_valid_deployments_stay_valid_whatever_the_rows_say(place: Place, api: Client) -> None:
    chosen = random.Random(SEED)
    names = [f"some-{number}" for number in range(MANY)]
    items = [some_deployment(chosen, name) for name in names]
    for name in names:
        await place.register(name, app=some_values(chosen), proxy=some_values(chosen))
    every = {"apiVersion": "v1", "kind": "List", "items": items}
    await api.switch("off", place.name)
    dry = ("create", "--dry-run=server", "-o", r"jsonpath={.spec}{'\n'}", "-f", "-")
    as_they_are = place.try_(*dry, stdin=every)
    assert as_they_are.returncode == 0, as_they_are.stderr
    await api.switch("enforce", place.name)
    governed = place.try_(*dry, stdin=every)
    assert governed.returncode == 0, governed.stderr
    before, after = as_they_are.stdout.splitlines(), governed.stdout.splitlines()
    assert len(before) == len(after) == MANY
    changed = [one for one, other in zip(before, after, strict=True) if one != other]
    assert len(changed) > MANY / 2
