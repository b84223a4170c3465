"""Modes on a real API server: switched over a namespace full of Deployments, and what is never governed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from e2e.support.installation import Client, Installation
from e2e.support.place import Place, manifest
from kubedoor_core.clickhouse import Row
from support.waiting import until

Json = dict[str, Any]
LOG = "SELECT name, outcome FROM admission_log WHERE namespace = {namespace:String} ORDER BY at"
NEVER_GOVERNED = ("kube-system", "kubedoor")


def configuration(installation: Installation) -> Json:
    """Return the webhook configuration that the api has made."""
    asked = installation.plane.kubectl("get", "mutatingwebhookconfiguration", "kubedoor", "-o", "json")
    assert asked.returncode == 0, asked.stderr
    found: Json = json.loads(asked.stdout)
    return found


async def test_observe_tells_and_changes_nothing(place: Place, api: Client) -> None:
    await api.switch("observe", place.name)
    await place.register("cart", replicas=3)
    said = place.deploy(manifest("cart")) + place.deploy(manifest("rogue"))
    assert "replicas 10 -> 3" in said
    assert "is not registered" in said
    assert (place.replicas("cart"), place.replicas("rogue")) == (10, 10)

    async def logged() -> list[Row] | None:
        rows = await place.clickhouse.fetch(LOG, namespace=place.name)
        return rows if len(rows) >= 2 else None

    outcomes = [(row["name"], row["outcome"]) for row in await until(logged)]
    assert outcomes == [("cart", "would_patch"), ("rogue", "would_deny")]


async def test_enforce_over_a_namespace_full_of_strangers_and_off_again(place: Place, api: Client) -> None:
    await api.switch("off", place.name)
    names = [f"old-{number}" for number in range(5)]
    for name in names:
        place.deploy(manifest(name, replicas=2))
        place.rolled_out(name)
    await api.switch("enforce", place.name)
    await place.register(names[0], replicas=1)
    for name in names[1:]:
        assert place.replicas(name) == 2, "what runs is left alone"
        place.kubectl("label", "deployment", name, "seen=yes")
        refused = place.try_("set", "image", f"deployment/{name}", "app=registry.example/app:2")
        assert "is not registered in KubeDoor" in refused.stderr
        assert place.try_("scale", f"deployment/{name}", "--replicas=3").returncode != 0
    place.kubectl("set", "image", f"deployment/{names[0]}", "app=registry.example/app:2")
    assert place.replicas(names[0]) == 1
    place.kubectl("delete", "deployment", names[1])
    await api.switch("off", place.name)
    for name in names[2:]:
        place.kubectl("set", "image", f"deployment/{name}", "app=registry.example/app:2")
        place.rolled_out(name)


async def test_a_pod_that_dies_is_replaced_whatever_the_mode(place: Place, api: Client) -> None:
    await api.switch("off", place.name)
    place.deploy(manifest("rogue", replicas=2))
    place.rolled_out("rogue")
    await api.switch("enforce", place.name)
    place.kubectl("delete", "pods", "--all", "--wait=true")
    place.rolled_out("rogue")
    assert len(place.kubectl("get", "pods", "-o", "name").split()) == 2


async def test_a_service_has_a_mode_of_its_own(place: Place) -> None:
    await place.register("cart", replicas=3)
    await place.edit("cart", mode="off")
    place.deploy(manifest("cart"))
    assert place.replicas("cart") == 10


@pytest.mark.parametrize("namespace", NEVER_GOVERNED)
async def test_neither_the_cluster_nor_our_own_namespace_is_governed(
    api: Client, installation: Installation, namespace: str
) -> None:
    kubectl = installation.plane.kubectl
    made = manifest("agent", replicas=1)
    pod = made["spec"]["template"]["spec"]
    pod["securityContext"] = {
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    pod["containers"][0]["securityContext"] = {
        "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    created = kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(made))
    assert created.returncode == 0, created.stderr
    assert "Warning" not in created.stderr
    rolled = kubectl("rollout", "status", "deployment/agent", "-n", namespace, "--timeout=120s")
    assert rolled.returncode == 0, rolled.stderr
    assert kubectl("delete", "deployment", "agent", "-n", namespace).returncode == 0


async def test_the_configuration_is_what_the_chart_promises(api: Client, installation: Installation) -> None:
    (hook,) = configuration(installation)["webhooks"]
    assert (hook["failurePolicy"], hook["timeoutSeconds"], hook["sideEffects"]) == (
        "Ignore",
        30,
        "NoneOnDryRun",
    )
    service = hook["clientConfig"]["service"]
    assert (service["namespace"], service["name"], service["port"]) == ("kubedoor", "kubedoor-webhook", 443)
    never, ignored = hook["namespaceSelector"]["matchExpressions"]
    assert (never["operator"], sorted(never["values"])) == ("NotIn", sorted(NEVER_GOVERNED))
    assert ignored == {"key": "kubedoor.io/admission", "operator": "NotIn", "values": ["ignored"]}


async def test_all_of_ours_runs_under_the_strictest_pod_security(installation: Installation) -> None:
    """Its namespace enforces `restricted`, so a pod that breaks it would not be there."""
    kubectl = installation.plane.kubectl
    asked = json.loads(kubectl("get", "deployments", "-n", "kubedoor", "-o", "json").stdout)
    states = {one["metadata"]["name"]: one["status"].get("readyReplicas", 0) for one in asked["items"]}
    assert set(states) == {f"kubedoor-{name}" for name in ("api", "webhook", "collector", "console")}
    assert all(states.values()), states
    refused = kubectl("run", "root", "-n", "kubedoor", "--image=registry.example/app:1")
    assert "violates PodSecurity" in refused.stderr
