"""From an earlier chart to this one, on a cluster that it governs: nothing that people decided is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from e2e.support.acting import target
from e2e.support.installation import Client, Installation
from e2e.support.place import Place, manifest

Json = dict[str, Any]
(EARLIER,) = Path(__file__).with_name("charts").glob("kubedoor-*.tgz")
KEPT = ("kubedoor-webhook-tls", "kubedoor-auth")
COMPONENTS = ("webhook", "api")


@pytest.fixture
async def earlier(installation: Installation) -> AsyncIterator[Installation]:
    """The installation as the earlier chart makes it; afterwards this one's is there again."""
    installation.uninstall()
    try:
        installation.install(EARLIER)
        yield installation
    finally:
        installation.uninstall()
        installation.install()
        async with installation.api() as api:
            await api.switch("observe")


async def decided(client: Client, place: Place) -> Json:
    """Return what people have decided about a service and its env."""
    modes = await client.get("/mode")
    schedules = (await client.get("/schedules"))["items"]
    return {
        "mode": modes["mode"],
        "of the namespace": [one["mode"] for one in modes["namespaces"] if one["namespace"] == place.name],
        "service": await client.get(f"/services/{place.name}/cart"),
        "schedules": [(one["id"], one["cron"], one["enabled"]) for one in schedules],
        "history": (await client.get(f"/services/{place.name}/cart/history"))["items"],
    }


def secrets(installation: Installation) -> list[Json]:
    """Return what the cluster trusts the webhook by, and people's sessions the api."""
    return [installation.kubelet.read("secret", name)["data"] for name in KEPT]


async def test_an_earlier_chart_is_upgraded_with_its_data(place: Place, earlier: Installation) -> None:
    await place.register("cart", replicas=3)
    async with earlier.api() as api:
        await api.switch("observe")
        await place.edit("cart", replicas_manual=5, note="the expert's")
        place.deploy(manifest("cart"))
        assert place.replicas("cart") == 5
        nightly = {
            "name": "nightly", "kind": "restart", "timezone": "UTC", "cron": "0 3 29 2 *", "once_at": None,
            "targets": [target(place, "cart")],
        }  # fmt: skip
        await api.change("POST", "/schedules", nightly)
        before, kept = await decided(api, place), secrets(earlier)
    assert before["schedules"]
    earlier.helm_upgrade()
    assert secrets(earlier) == kept
    place.kubectl("scale", "deployment/cart", "--replicas=9")
    assert place.replicas("cart") == 5, "who runs still is trusted still"
    for component in COMPONENTS:
        earlier.kubelet.end(component)
        earlier.kubelet.run(component)
    async with earlier.api() as api:
        assert await decided(api, place) == before
        assert (await api.get("/mode"))["hook"]["state"] == "present"
    place.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
    assert place.replicas("cart") == 5
    place.rolled_out("cart")
