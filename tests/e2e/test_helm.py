"""Helm on both sides of admission: a team's release that is governed, and our own one, with roll-backs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from e2e.support.installation import Client, Installation
from e2e.support.place import Place, manifest

Json = dict[str, Any]
GOVERNED = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}


def chart_of(folder: Path, version: int) -> Path:
    """Write a team's chart with one Deployment, whose image bears the version."""
    path = folder / f"v{version}"
    (path / "templates").mkdir(parents=True)
    meta = {"apiVersion": "v2", "name": "shop", "version": f"{version}.0.0"}
    (path / "Chart.yaml").write_text(json.dumps(meta), encoding="utf-8")
    made = manifest("cart")
    made["spec"]["template"]["spec"]["containers"][0]["image"] = f"registry.example/app:{version}"
    (path / "templates" / "deployment.yaml").write_text(json.dumps(made), encoding="utf-8")
    return path


@pytest.fixture
async def release(place: Place, tmp_path: Path) -> Place:
    """A team's release, installed while it is governed."""
    await place.register("cart", replicas=3)
    assert helm(place, "install", "shop", str(chart_of(tmp_path, 1)), "--wait", "--timeout", "120s")
    return place


def helm(place: Place, *arguments: str) -> bool:
    """Run the team's Helm in its namespace."""
    done = place.installation.plane.helm(*arguments, "--namespace", place.name)
    assert done.returncode == 0, done.stderr
    return True


def state(place: Place) -> tuple[int, Json, str]:
    """Count, resources and image version of the team's Deployment."""
    image: str = place.live("cart")["spec"]["template"]["spec"]["containers"][0]["image"]
    return place.replicas("cart"), place.resources("cart"), image.rpartition(":")[2]


async def test_a_teams_release_is_upgraded_and_rolled_back(release: Place, tmp_path: Path) -> None:
    assert state(release) == (3, GOVERNED, "1")
    helm(release, "upgrade", "shop", str(chart_of(tmp_path, 2)), "--wait", "--timeout", "120s")
    assert state(release) == (3, GOVERNED, "2")
    helm(release, "rollback", "shop", "1", "--wait", "--timeout", "120s")
    assert state(release) == (3, GOVERNED, "1")
    helm(release, "uninstall", "shop", "--wait", "--timeout", "120s")
    assert release.try_("get", "deployment", "cart").returncode != 0


async def test_the_same_release_again_restarts_nothing(release: Place, tmp_path: Path) -> None:
    before = release.live("cart")["metadata"]["generation"]
    helm(release, "upgrade", "shop", str(tmp_path / "v1"), "--wait", "--timeout", "120s")
    assert release.live("cart")["metadata"]["generation"] == before


async def test_our_own_release_is_upgraded_and_rolled_back_without_a_gap(
    release: Place, installation: Installation, api: Client
) -> None:
    """Its Secrets are kept, so that the cluster trusts the webhook and people stay signed in."""
    secrets = [
        installation.kubelet.read("secret", name)["data"]
        for name in ("kubedoor-webhook-tls", "kubedoor-auth")
    ]
    revision = json.loads(installation.helm("history", "kubedoor", "-o", "json"))[-1]["revision"]
    installation.helm_upgrade("--set", "lookbackDays=7")
    installation.helm("rollback", "kubedoor", str(revision), "--wait", "--timeout", "180s")
    kept = [
        installation.kubelet.read("secret", name)["data"]
        for name in ("kubedoor-webhook-tls", "kubedoor-auth")
    ]
    assert kept == secrets
    release.kubectl("scale", "deployment/cart", "--replicas=9")
    assert release.replicas("cart") == 3
    assert (await api.get("/mode"))["hook"]["state"] == "present"
