"""Beside GitOps tools: what is exported stands in Git, and applying again and again comes to rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.support.acting import operation, outcome, target
from e2e.support.installation import Client
from e2e.support.place import Place, manifest

Json = dict[str, Any]
SERVER_SIDE = ("apply", "--server-side", "--force-conflicts")
"""As Argo CD (with ServerSideApply=true) and Flux apply."""


def with_sidecar(name: str) -> Json:
    """A Deployment with a native sidecar."""
    made = manifest(name)
    sidecar = {"name": "mesh", "image": "registry.example/mesh:1", "restartPolicy": "Always"}
    made["spec"]["template"]["spec"]["initContainers"] = [sidecar]
    return made


@pytest.fixture
async def governed(place: Place) -> Place:
    """Two services as their teams wrote them, governed: one with a native sidecar, one with an autoscaler."""
    await place.register("cart", replicas=3, app=(250, 500, 256, 512), mesh=(50, 100, 64, 128))
    await place.register("pay", replicas=3)
    await place.edit("pay", replicas_policy="autoscaled")
    await place.register("gone", replicas=1)
    place.deploy(with_sidecar("cart"))
    place.deploy(manifest("pay", replicas=7))
    return place


async def exported(api: Client, place: Place, form: str) -> str:
    """Download what is governed."""
    return await api.text(f"/namespaces/{place.name}/governed?format={form}")


def unchanged(place: Place, written: Json) -> None:
    """Hold that admission has nothing to say of a manifest, and that it is what stands."""
    name = written["metadata"]["name"]
    said = place.deploy(written, "apply")
    assert "Warning: " not in said.replace("Warning: resource deployments", ""), said
    assert written["spec"]["template"]["spec"]["containers"][0]["resources"] == place.resources(name)


async def test_a_kustomization_with_the_exported_component_needs_no_admission(
    governed: Place, api: Client, tmp_path: Path
) -> None:
    (tmp_path / "governed").mkdir()
    text = await exported(api, governed, "kustomize")
    (tmp_path / "governed" / "kustomization.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "cart.yaml").write_text(yaml.safe_dump(with_sidecar("cart")), encoding="utf-8")
    base = {"resources": ["cart.yaml"], "components": ["governed"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")
    cart = yaml.safe_load(governed.kubectl("kustomize", str(tmp_path)))
    assert (cart["spec"]["replicas"], len(cart["spec"]["template"]["spec"]["initContainers"])) == (3, 1)
    unchanged(governed, cart)
    assert "Left out: gone: it does not run" in text


async def test_values_of_a_chart_of_charts_need_no_admission(
    governed: Place, api: Client, tmp_path: Path
) -> None:
    (tmp_path / "values.yaml").write_text(await exported(api, governed, "helm"), encoding="utf-8")
    template = manifest("pay", replicas=7)
    template["spec"]["template"]["spec"]["containers"][0]["resources"] = "{{ toJson .Values.resources }}"
    chart = tmp_path / "shop" / "charts" / "pay"
    (chart / "templates").mkdir(parents=True)
    for path, name in ((tmp_path / "shop", "shop"), (chart, "pay")):
        meta = {"apiVersion": "v2", "name": name, "version": "1.0.0"}
        (path / "Chart.yaml").write_text(json.dumps(meta), encoding="utf-8")
    text = json.dumps(template).replace('"{{', "{{").replace('}}"', "}}")
    (chart / "templates" / "deployment.yaml").write_text(text, encoding="utf-8")
    plane = governed.installation.plane
    done = plane.helm("template", "shop", str(tmp_path / "shop"), "-f", str(tmp_path / "values.yaml"))
    assert done.returncode == 0, done.stderr
    unchanged(governed, yaml.safe_load(done.stdout))


async def test_what_is_exported_applied_by_another_manager_changes_nothing(
    governed: Place, api: Client, tmp_path: Path
) -> None:
    before = {name: governed.live(name)["metadata"]["generation"] for name in ("cart", "pay")}
    (tmp_path / "all.yaml").write_text(await exported(api, governed, "yaml"), encoding="utf-8")
    for _ in range(3):
        said = governed.kubectl(*SERVER_SIDE, "--field-manager=git", "-f", str(tmp_path / "all.yaml"))
        assert "Warning" not in said
    assert before == {name: governed.live(name)["metadata"]["generation"] for name in before}
    assert governed.replicas("pay") == 7, "the autoscaler's"


@pytest.mark.parametrize("manager", ["argocd-controller", "kustomize-controller"])
async def test_a_diff_made_by_the_server_sees_what_admission_does(governed: Place, manager: str) -> None:
    """Argo CD's server-side diff with mutation webhooks included, and Flux: a dry run equals what stands."""
    written = with_sidecar("cart")
    apply = (*SERVER_SIDE, f"--field-manager={manager}")
    governed.kubectl(*apply, "-f", "-", stdin=written)
    before = governed.live("cart")
    dry = governed.try_(*apply, "--dry-run=server", "-o", "json", "-f", "-", stdin=written)
    assert dry.returncode == 0, dry.stderr
    for _ in range(3):
        governed.kubectl(*apply, "-f", "-", stdin=written)
    assert json.loads(dry.stdout)["spec"] == before["spec"] == governed.live("cart")["spec"]
    assert governed.live("cart")["metadata"]["generation"] == before["metadata"]["generation"]
    assert written["spec"]["replicas"] != before["spec"]["replicas"], (
        "a diff without the server's help differs"
    )


def owners_of_the_count(place: Place, name: str) -> set[str]:
    """Return the managers that own `spec.replicas`."""
    live = json.loads(place.kubectl("get", "deployment", name, "-o", "json", "--show-managed-fields"))
    entries = live["metadata"]["managedFields"]
    return {one["manager"] for one in entries if "f:replicas" in one["fieldsV1"].get("f:spec", {})}


async def test_what_admission_sets_belongs_to_whoever_asked(governed: Place, api: Client) -> None:
    """So `managedFieldsManagers` finds what operations have set, and nothing that admission has."""
    governed.kubectl(*SERVER_SIDE, "--field-manager=argocd-controller", "-f", "-", stdin=with_sidecar("cart"))
    assert owners_of_the_count(governed, "cart") == {"argocd-controller"}
    shown = await operation(api, "scale", target(governed, "cart", replicas=5))
    assert outcome(shown)["cart"] == "succeeded"
    assert "kubedoor-api" in owners_of_the_count(governed, "cart")
