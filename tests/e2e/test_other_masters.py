"""Beside others on the real control plane: HPAs, scale to zero, LimitRanges; what is valid stays valid."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
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
