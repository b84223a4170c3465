"""What becomes of deploying when the webhook is down, its certificate changes, or KubeDoor goes."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from e2e.support.acting import enforced
from e2e.support.installation import Client, Installation
from e2e.support.place import Place, manifest
from support.waiting import until

CLIENTS = 20


@contextmanager
def down(installation: Installation, *components: str) -> Iterator[None]:
    """End every replica of some components, and run them again afterwards."""
    for component in components:
        installation.kubelet.end(component)
    try:
        yield
    finally:
        for component in components:
            installation.kubelet.run(component)


def set_failure_policy(installation: Installation, policy: str) -> None:
    """Set what the API server does when no webhook answers."""
    patch = [{"op": "replace", "path": "/webhooks/0/failurePolicy", "value": policy}]
    done = installation.plane.kubectl(
        "patch", "mutatingwebhookconfiguration", "kubedoor", "--type=json", "-p", json.dumps(patch)
    )
    assert done.returncode == 0, done.stderr


async def test_with_the_webhook_down_everything_passes_under_ignore(
    place: Place, installation: Installation
) -> None:
    await place.register("cart", replicas=3)
    with down(installation, "webhook"):
        place.deploy(manifest("cart"))
        place.deploy(manifest("rogue"))
        assert (place.replicas("cart"), place.replicas("rogue")) == (10, 10)
        place.rolled_out("cart")
    place.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
    assert place.replicas("cart") == 3


async def test_with_everything_down_only_what_is_governed_waits_under_fail(
    place: Place, installation: Installation
) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"))
    place.rolled_out("cart")
    set_failure_policy(installation, "Fail")
    try:
        with down(installation, *list(installation.kubelet.running)):

            async def refused() -> bool:
                return "failed calling webhook" in place.try_("create", "-f", "-", stdin=manifest("x")).stderr

            await until(refused)
            place.kubectl("delete", "pods", "--all")
            place.rolled_out("cart")
            for namespace in ("kube-system", "kubedoor"):
                made = installation.plane.kubectl(
                    "create",
                    "--dry-run=server",
                    "-n",
                    namespace,
                    "-f",
                    "-",
                    stdin=json.dumps(manifest("agent")),
                )
                assert made.returncode == 0, made.stderr
        place.kubectl("set", "image", "deployment/cart", "app=registry.example/app:2")
        assert place.replicas("cart") == 3
    finally:
        set_failure_policy(installation, "Ignore")


async def test_one_replica_of_two_that_dies_is_not_missed(place: Place, installation: Installation) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"))
    dead, _ = installation.kubelet.running["webhook"]
    dead.kill()
    try:
        for number in range(1, 9):
            place.kubectl("scale", "deployment/cart", f"--replicas={10 + number}")
            assert place.replicas("cart") == 3
    finally:
        installation.kubelet.end("webhook")
        installation.kubelet.run("webhook")


async def test_a_certificate_is_rotated_as_the_handbook_says(
    place: Place, api: Client, installation: Installation
) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"))
    before = installation.kubelet.read("secret", "kubedoor-webhook-tls")["data"]["tls.crt"]
    gone = installation.plane.kubectl("delete", "secret", "kubedoor-webhook-tls", "-n", "kubedoor")
    assert gone.returncode == 0, gone.stderr
    installation.helm_upgrade()
    assert installation.kubelet.read("secret", "kubedoor-webhook-tls")["data"]["tls.crt"] != before
    for component in ("webhook", "api"):
        installation.kubelet.refresh(component)
    await api.switch("observe")
    await enforced(place)


async def test_the_same_deployment_written_by_many_at_once(place: Place) -> None:
    """Whoever wins, what stands is governed, and each change but conflicts is taken."""
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"))

    def write(number: int) -> subprocess.CompletedProcess[str]:
        patch = {
            "spec": {
                "replicas": 10 + number,
                "template": {
                    "spec": {"containers": [{"name": "app", "image": f"registry.example/app:{number}"}]}
                },
            }
        }
        return place.try_("patch", "deployment", "cart", "-p", json.dumps(patch))

    said = await asyncio.gather(*(asyncio.to_thread(write, number) for number in range(CLIENTS)))
    refused = [each.stderr for each in said if each.returncode]
    assert all("the object has been modified" in stderr for stderr in refused), refused
    assert len(refused) < CLIENTS
    assert place.replicas("cart") == 3
    assert place.resources("cart")["requests"] == {"cpu": "250m", "memory": "256Mi"}
    place.rolled_out("cart")


@pytest.mark.parametrize("policy", ["Ignore", "Fail"])
async def test_uninstalled_while_enforcing_the_cluster_deploys(
    place: Place, api: Client, installation: Installation, policy: str
) -> None:
    """Also where nothing may pass without the webhook; and it can be installed again."""
    set_failure_policy(installation, policy)
    assert "is not registered" in place.try_("create", "-f", "-", stdin=manifest("rogue")).stderr
    installation.uninstall()
    try:
        place.deploy(manifest("rogue"))
        place.rolled_out("rogue")
        assert place.replicas("rogue") == 10
    finally:
        installation.install()
        async with installation.api() as anew:
            await anew.switch("observe")
    assert "is not registered" in place.try_("create", "-f", "-", stdin=manifest("other")).stderr
