"""The cluster asks our webhook about governed namespaces only: the others don't depend on it at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from e2e.support.installation import Client, Installation
from e2e.support.place import Namespace, Place, manifest
from e2e.test_admission_failures import down, set_failure_policy
from e2e.test_admission_modes import configuration
from support.waiting import until


def conditions(installation: Installation) -> list[str]:
    """Return the CEL expressions that stand."""
    [hook] = configuration(installation)["webhooks"]
    return [one["expression"] for one in hook.get("matchConditions", [])]


@pytest.fixture
def other(installation: Installation, place: Place) -> Iterator[Namespace]:
    """A second namespace."""
    made = Namespace(installation, f"{place.name}-other")
    made.create()
    yield made
    made.remove()


@pytest.fixture
async def excluding(api: Client, installation: Installation, other: Namespace) -> AsyncIterator[None]:
    """The second namespace is excluded by a setting, as the cluster knows by now."""
    await api.set("namespaces_excluded", rf"kube-.*|{other.name}|with\.\"quotes\"")

    async def told() -> bool:
        return any(other.name in one for one in conditions(installation))

    await until(told)
    yield
    await api.reset("namespaces_excluded")

    async def forgotten() -> bool:
        return not conditions(installation)

    await until(forgotten)


@pytest.mark.usefixtures("excluding")
async def test_an_excluded_namespace_deploys_with_the_webhook_gone(
    place: Place, installation: Installation, other: Namespace
) -> None:
    set_failure_policy(installation, "Fail")
    try:
        with down(installation, "webhook"):
            other.deploy(manifest("free"))
            assert "failed calling webhook" in place.try_("create", "-f", "-", stdin=manifest("cart")).stderr
    finally:
        set_failure_policy(installation, "Ignore")
    assert "is not registered" in place.try_("create", "-f", "-", stdin=manifest("rogue")).stderr


async def test_a_namespace_with_the_label_is_not_asked_about(
    installation: Installation, other: Namespace
) -> None:
    label = ("label", "namespace", other.name)
    assert installation.plane.kubectl(*label, "kubedoor.io/admission=ignored").returncode == 0
    other.deploy(manifest("free"))
    assert installation.plane.kubectl(*label, "kubedoor.io/admission-").returncode == 0
    refused = other.try_("set", "image", "deployment/free", "app=registry.example/app:2")
    assert "is not registered" in refused.stderr
