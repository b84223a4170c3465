"""Every way in which kubectl writes a Deployment, under `enforce`, on a real API server."""

from __future__ import annotations

from e2e.support.place import Place, manifest

GOVERNED = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}


async def test_create_is_set_to_what_is_governed(place: Place) -> None:
    await place.register("cart", replicas=3)
    said = place.deploy(manifest("cart"))
    assert "replicas 10 -> 3" in said
    assert (place.replicas("cart"), place.resources("cart")) == (3, GOVERNED)
    place.rolled_out("cart")
    assert len(place.kubectl("get", "pods", "-o", "name").split()) == 3


async def test_an_unregistered_one_is_refused(place: Place) -> None:
    refused = place.try_("create", "-f", "-", stdin=manifest("rogue"))
    assert refused.returncode != 0
    assert "is not registered in KubeDoor" in refused.stderr
    assert place.try_("get", "deployment", "rogue").returncode != 0
