"""Every way in which kubectl writes a Deployment, under `enforce`, on a real API server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from e2e.support.place import Place, manifest

GOVERNED = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
Json = dict[str, Any]


@pytest.fixture
async def cart(place: Place) -> Place:
    """A registered Deployment that has rolled out as it is governed: three pods."""
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"))
    place.rolled_out("cart")
    return place


def governed(place: Place, name: str = "cart", replicas: int = 3) -> bool:
    """Tell whether a Deployment stands as it is governed, with everything else as it came."""
    return (place.replicas(name), place.resources(name)) == (replicas, GOVERNED)


def revision(place: Place) -> str:
    """Return the revision of the rollout: it grows when pods are replaced."""
    found: str = place.live("cart")["metadata"]["annotations"]["deployment.kubernetes.io/revision"]
    return found


async def test_create_says_what_it_has_changed(place: Place) -> None:
    await place.register("cart", replicas=3)
    said = place.deploy(manifest("cart"))
    assert "Warning: replicas 10 -> 3 (observed)" in said
    assert "Warning: app: cpu request 2 -> 250m" in said
    assert governed(place)
    place.rolled_out("cart")
    assert len(place.kubectl("get", "pods", "-o", "name").split()) == 3


async def test_an_unregistered_one_is_refused_by_each_way_to_create(place: Place) -> None:
    for how in (["create"], ["apply"], ["apply", "--server-side"]):
        refused = place.try_(*how, "-f", "-", stdin=manifest("rogue"))
        assert refused.returncode != 0, how
        assert f"Deployment {place.name}/rogue is not registered in KubeDoor" in refused.stderr, how
    assert place.kubectl("get", "deployments", "-o", "name") == ""


async def test_apply_again_changes_nothing(place: Place) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"), "apply")
    place.rolled_out("cart")
    generation = place.live("cart")["metadata"]["generation"]
    place.deploy(manifest("cart"), "apply")
    assert place.live("cart")["metadata"]["generation"] == generation
    assert governed(place)


async def test_server_side_apply_twice_and_by_another_manager(place: Place) -> None:
    await place.register("cart", replicas=3)
    for _ in range(2):
        place.kubectl("apply", "--server-side", "-f", "-", stdin=manifest("cart"))
        assert governed(place)
    place.rolled_out("cart")
    other = manifest("cart")
    other["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example/app:2"
    conflict = place.try_("apply", "--server-side", "--field-manager=argocd", "-f", "-", stdin=other)
    assert conflict.returncode != 0
    assert "conflict" in conflict.stderr
    place.kubectl(
        "apply", "--server-side", "--field-manager=argocd", "--force-conflicts", "-f", "-", stdin=other
    )
    assert governed(place)
    assert place.live("cart")["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":2")
    place.rolled_out("cart")


async def test_replace_and_patch(cart: Place) -> None:
    other = manifest("cart", replicas=7)
    other["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example/app:2"
    cart.deploy(other, "replace")
    assert governed(cart)
    for kind, patch in [
        ("strategic", {"spec": {"replicas": 9}}),
        ("merge", {"spec": {"replicas": 8, "template": {"metadata": {"labels": {"x": "y"}}}}}),
        ("json", [{"op": "replace", "path": "/spec/replicas", "value": 6}]),
    ]:
        cart.kubectl("patch", "deployment", "cart", f"--type={kind}", "-p", json.dumps(patch))
        assert governed(cart), kind
    cart.rolled_out("cart")


async def test_a_label_passes_as_it_came(cart: Place) -> None:
    """Even where the live count is not the governed one: nothing of it is touched."""
    await cart.register("cart", replicas=5)
    before = cart.live("cart")["spec"]
    said = cart.kubectl("label", "deployment", "cart", "team=blue")
    said += cart.kubectl("annotate", "deployment", "cart", "note=seen")
    live = cart.live("cart")
    assert (live["metadata"]["labels"]["team"], live["spec"]) == ("blue", before)
    assert "Warning" not in said


async def test_set_image_and_set_resources(cart: Place) -> None:
    cart.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
    assert governed(cart)
    before = revision(cart)
    cart.kubectl(
        "set", "resources", "deployment/cart", "--requests=cpu=3,memory=9Gi", "--limits=cpu=4,memory=9Gi"
    )
    assert governed(cart)
    cart.rolled_out("cart")
    assert revision(cart) in {before, "2"}, "what is set back restarts no pod"


async def test_rollout_restart_undo_pause_and_resume(cart: Place) -> None:
    cart.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
    cart.rolled_out("cart")
    cart.kubectl("rollout", "restart", "deployment/cart")
    cart.rolled_out("cart")
    assert governed(cart)
    cart.kubectl("rollout", "undo", "deployment/cart", "--to-revision=1")
    cart.rolled_out("cart")
    assert governed(cart)
    assert cart.live("cart")["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":1")
    cart.kubectl("rollout", "pause", "deployment/cart")
    assert cart.live("cart")["spec"]["paused"] is True
    cart.kubectl("rollout", "resume", "deployment/cart")
    assert governed(cart)


async def test_scale_is_set_back_and_restarts_nothing(cart: Place) -> None:
    before = revision(cart)
    pods = set(cart.kubectl("get", "pods", "-o", "name").split())
    said = cart.kubectl("scale", "deployment/cart", "--replicas=8")
    assert "replicas 8 -> 3" in said
    assert cart.replicas("cart") == 3
    cart.rolled_out("cart")
    assert (revision(cart), set(cart.kubectl("get", "pods", "-o", "name").split())) == (before, pods)


async def test_a_deployment_that_an_autoscaler_has_is_scaled_by_it(cart: Place) -> None:
    cart.autoscale("cart", 4, 9)
    scaler = cart.live("cart", "hpa")
    assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (4, 9)


async def test_nobody_scales_to_nothing_past_the_control_table(cart: Place) -> None:
    cart.kubectl("scale", "deployment/cart", "--replicas=0")
    assert cart.replicas("cart") == 3
    await cart.edit("cart", replicas_manual=0)
    cart.kubectl("scale", "deployment/cart", "--replicas=2")
    assert cart.replicas("cart") == 0
    cart.kubectl("wait", "--for=delete", "pods", "--all", "--timeout=60s")
    cart.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
    assert governed(cart, replicas=0)


async def test_deleted_in_the_foreground_with_its_pods(cart: Place) -> None:
    cart.kubectl("delete", "deployment", "cart", "--cascade=foreground", "--timeout=90s")
    assert cart.try_("get", "deployment", "cart").returncode != 0
    cart.kubectl("wait", "--for=delete", "pods", "--all", "--timeout=60s")
    assert cart.kubectl("get", "replicasets,pods", "-o", "name") == ""


async def test_deleted_while_unregistered(place: Place) -> None:
    """What was there before enforcement may always go, in whichever way its finalizers ask."""
    await place.register("cart", replicas=1)
    made = manifest("cart", replicas=1)
    made["metadata"]["finalizers"] = ["example.com/hold"]
    place.deploy(made)
    await place.forget("cart")
    place.kubectl("delete", "deployment", "cart", "--wait=false")
    patch = {"metadata": {"finalizers": None}}
    place.kubectl("patch", "deployment", "cart", "--type=merge", "-p", json.dumps(patch))
    place.kubectl("wait", "--for=delete", "deployment/cart", "--timeout=60s")


@pytest.mark.parametrize("how", ["client", "server"])
async def test_a_dry_run_leaves_no_trace(place: Place, how: str) -> None:
    await place.register("cart", replicas=3)
    said = place.kubectl("create", "-f", "-", f"--dry-run={how}", "-o", "json", stdin=manifest("cart"))
    assert ("replicas 10 -> 3" in said) is (how == "server")
    assert place.try_("get", "deployment", "cart").returncode != 0
    rows = await place.clickhouse.fetch(
        "SELECT count() AS n FROM admission_log WHERE namespace = {namespace:String}", namespace=place.name
    )
    assert int(rows[0]["n"]) == 0


async def test_diff_shows_what_would_become_of_it(cart: Place) -> None:
    same = cart.try_("diff", "-f", "-", stdin=cart.live("cart"))
    assert (same.returncode, same.stdout) == (0, "")


async def test_edited_by_hand(cart: Place, tmp_path: Path) -> None:
    """`kubectl edit` with an editor that changes the count and the image."""
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/replicas: 3$/replicas: 12/; s/app:1/app:2/' \"$1\"\n")
    editor.chmod(0o755)
    done = cart.installation.plane.kubectl(
        "edit", "deployment", "cart", "--namespace", cart.name, KUBE_EDITOR=str(editor)
    )
    assert done.returncode == 0, done.stderr
    assert "replicas 12 -> 3" in done.stderr
    assert governed(cart)
    assert cart.live("cart")["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":2")


async def test_what_an_old_replica_set_leaves_is_collected(cart: Place) -> None:
    """Owners are as the API server made them: the garbage collector finds what is left over."""
    cart.kubectl("delete", "deployment", "cart", "--cascade=orphan", "--timeout=60s")
    assert len(cart.kubectl("get", "pods", "-o", "name").split()) == 3
    cart.deploy(manifest("cart"))
    cart.rolled_out("cart")
    assert governed(cart)
    assert len(cart.kubectl("get", "replicasets", "-o", "name").split()) == 1, "it has adopted the old one"
    cart.kubectl("delete", "deployment", "cart", "--cascade=background", "--timeout=60s")
    cart.kubectl("wait", "--for=delete", "pods", "--all", "--timeout=120s")
