"""The webhook's certificate from a real cert-manager: issued, told to the API server, renewed under load."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from e2e.support.acting import enforced
from e2e.support.installation import CHART, Installation
from e2e.support.kubelet import NAMESPACE
from e2e.support.place import Place, manifest
from kubedoor_dev.control_plane import ControlPlane
from kubedoor_dev.control_plane.cert_manager import start_cert_manager
from support.waiting import until

SECRET = "kubedoor-webhook-tls"
COMPONENTS = ("webhook", "api")
WRITERS = 4


@pytest.fixture(scope="session")
def cert_manager(plane: ControlPlane) -> None:
    """A cert-manager, until the end."""
    start_cert_manager(plane)


def change_source(installation: Installation, source: str) -> None:
    """Let the webhook's certificate come from elsewhere, and our services run as the chart says then.

    What makes the Secret goes first, then the Secret: neither Helm nor cert-manager takes over the other's.
    """
    if source != "cert-manager":
        kubectl(installation, "delete", "certificate", "kubedoor-webhook")
    kubectl(installation, "delete", "secret", SECRET)
    installation.helm("upgrade", "kubedoor", *chart_with(source))
    if source == "cert-manager":
        kubectl(
            installation, "wait", "certificate/kubedoor-webhook", "--for=condition=Ready", "--timeout=120s"
        )
    for component in COMPONENTS:
        installation.kubelet.end(component)
        installation.kubelet.run(component)


def chart_with(source: str) -> list[str]:
    """Return Helm's arguments. It does not wait: no pod of kwok's minds that its Secret is not there yet."""
    return [str(CHART), "--reset-then-reuse-values", "--set", f"webhook.certificate.source={source}"]


def kubectl(installation: Installation, *arguments: str) -> str:
    """Run kubectl in our own namespace."""
    done = installation.plane.kubectl(*arguments, "-n", NAMESPACE)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
async def issued(place: Place, cert_manager: None, installation: Installation) -> AsyncIterator[Installation]:
    """KubeDoor with a certificate of cert-manager's; afterwards with its own again."""
    change_source(installation, "cert-manager")
    async with installation.api() as api:
        await api.switch("observe")
    yield installation
    change_source(installation, "self-signed")
    kubectl(installation, "delete", "secret", "kubedoor-webhook-ca")
    async with installation.api() as api:
        await api.switch("observe")


def authority(installation: Installation) -> str:
    """Return the CA bundle of the webhook configuration, base64."""
    path = "jsonpath={.webhooks[0].clientConfig.caBundle}"
    return kubectl(installation, "get", "mutatingwebhookconfiguration", "kubedoor", "-o", path)


def served(installation: Installation) -> set[str]:
    """Return the certificates that the webhook's replicas show."""
    return {
        ssl.get_server_certificate(("127.0.0.1", one.port)) for one in installation.kubelet.running["webhook"]
    }


def renew(installation: Installation) -> None:
    """Ask cert-manager to renew the certificate now, as `cmctl renew` does."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    condition = {
        "type": "Issuing", "status": "True", "reason": "ManuallyTriggered", "message": "renewed by hand",
        "lastTransitionTime": now,
    }  # fmt: skip
    live = json.loads(kubectl(installation, "get", "certificate", "kubedoor-webhook", "-o", "json"))
    live["status"]["conditions"].append(condition)
    patch = json.dumps({"status": {"conditions": live["status"]["conditions"]}})
    name = "certificate/kubedoor-webhook"
    kubectl(installation, "patch", name, "--subresource=status", "--type=merge", "-p", patch)


async def test_a_certificate_is_issued_injected_and_renewed_under_load(
    place: Place, issued: Installation
) -> None:
    await place.register("cart", replicas=3)
    place.deploy(manifest("cart"), "apply")
    secret = issued.kubelet.read("secret", SECRET)["data"]

    async def injected() -> bool:
        return bool(authority(issued) == secret["ca.crt"])

    await until(injected)
    await enforced(place)
    before, writing, written = served(issued), asyncio.Event(), 0

    async def write(number: int) -> None:
        nonlocal written
        while not writing.is_set():
            count = f"--replicas={10 + number}"
            said = await asyncio.to_thread(place.kubectl, "scale", "deployment/cart", count)
            assert f"replicas {10 + number} -> 3" in said, "none gets past admission, and none is refused"
            written += 1

    async def renewed() -> bool:
        if issued.kubelet.read("secret", SECRET)["data"]["tls.crt"] == secret["tls.crt"]:
            return False
        await asyncio.to_thread(issued.kubelet.refresh, "webhook")
        return served(issued).isdisjoint(before)

    async def rotate() -> None:
        try:
            renew(issued)
            await until(renewed)
            so_far = written

            async def more() -> bool:
                return written >= so_far + 5 * WRITERS

            await until(more)
        finally:
            writing.set()

    await asyncio.gather(rotate(), *(write(number) for number in range(WRITERS)))
    assert place.replicas("cart") == 3


async def test_the_check_list_knows_the_certificate(issued: Installation) -> None:
    async with issued.api() as client:
        found = await client.get("/mode/readiness")
    assert (found["webhook_answers"], found["certificate"]["state"]) == (True, "valid"), found
