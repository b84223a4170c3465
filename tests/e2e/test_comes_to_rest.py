"""Applied fifty times in each way that teams apply, a governed Deployment comes to rest after the first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from e2e.support.place import Place, manifest

Json = dict[str, Any]
TIMES = 50
NAMES = ("cart", "pay", "odd")
SERVER_SIDE = ("apply", "--server-side", "--force-conflicts")
MANAGERS = ("argocd-controller", "kustomize-controller")


def manifests() -> list[Json]:
    """What teams have in Git: a native sidecar, an autoscaler's count, quantities in other words."""
    cart, pay, odd = (manifest(name, replicas=7) for name in NAMES)
    sidecar = {"name": "mesh", "image": "registry.example/mesh:1", "restartPolicy": "Always"}
    cart["spec"]["template"]["spec"]["initContainers"] = [sidecar]
    (container,) = odd["spec"]["template"]["spec"]["containers"]
    container["resources"] = {"requests": {"cpu": "0.25", "memory": "262144Ki"}, "limits": {"cpu": 1}}
    del odd["spec"]["replicas"]
    return [cart, pay, odd]


@pytest.fixture
async def governed(place: Place) -> Place:
    """What is governed of them; nothing is deployed yet."""
    await place.register("cart", replicas=3, app=(250, 500, 256, 512), mesh=(50, 100, 64, 128))
    await place.register("pay", replicas=3, app=(250, None, None, 512))
    await place.edit("pay", replicas_policy="autoscaled")
    await place.register("odd", replicas=2)
    return place


def generations(place: Place) -> dict[str, int]:
    """Return the generation of each Deployment: it grows with each change of a spec."""
    return {name: place.live(name)["metadata"]["generation"] for name in NAMES}


def stand_as_governed(place: Place) -> None:
    """Hold that admission has had its say."""
    assert [place.replicas(name) for name in NAMES] == [3, 7, 2]
    assert place.resources("cart", "mesh")["requests"] == {"cpu": "50m", "memory": "64Mi"}
    assert place.resources("odd")["limits"] == {"cpu": "500m", "memory": "512Mi"}


async def test_by_kubectl(governed: Place) -> None:
    every = {"apiVersion": "v1", "kind": "List", "items": manifests()}
    governed.deploy(every, "apply")
    first = generations(governed)
    for _ in range(TIMES):
        governed.deploy(every, "apply")
    assert generations(governed) == first
    stand_as_governed(governed)


async def test_by_two_managers_with_server_side_apply(governed: Place) -> None:
    every = {"apiVersion": "v1", "kind": "List", "items": manifests()}
    for manager in MANAGERS:
        governed.kubectl(*SERVER_SIDE, f"--field-manager={manager}", "-f", "-", stdin=every)
    first = generations(governed)
    assert set(first.values()) == {1}, "not even by the other manager"
    for _ in range(TIMES):
        for manager in MANAGERS:
            governed.kubectl(*SERVER_SIDE, f"--field-manager={manager}", "-f", "-", stdin=every)
    assert generations(governed) == first
    stand_as_governed(governed)


async def test_by_helm(governed: Place, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    meta = {"apiVersion": "v2", "name": "shop", "version": "1.0.0"}
    (tmp_path / "Chart.yaml").write_text(json.dumps(meta), encoding="utf-8")
    for one in manifests():
        path = tmp_path / "templates" / f"{one['metadata']['name']}.yaml"
        path.write_text(json.dumps(one), encoding="utf-8")
    plane = governed.installation.plane

    def helm(verb: str) -> None:
        done = plane.helm(verb, "shop", str(tmp_path), "--namespace", governed.name)
        assert done.returncode == 0, done.stderr

    helm("install")
    first = generations(governed)
    for _ in range(TIMES):
        helm("upgrade")
    assert generations(governed) == first
    stand_as_governed(governed)
