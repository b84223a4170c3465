"""The chart on the real API server: what it refuses by asking it, and what applying it again does."""

from __future__ import annotations

import json

from e2e.support.installation import Installation
from e2e.support.kubelet import NAMESPACE
from kubedoor_dev.chart import CHART

CHANGED_BY_CONTROLLERS = {
    "Deployment",
    "StatefulSet",
    "Job",
    "CronJob",
    "PodDisruptionBudget",
    "PersistentVolumeClaim",
}
"""Their status changes by itself."""


def test_a_second_release_is_refused_while_the_first_one_governs(installation: Installation) -> None:
    file = str(installation.values_file)
    second = ("install", "second", str(CHART), "--values", file, "--namespace", "second")
    done = installation.plane.helm(*second, "--create-namespace", "--dry-run=server")
    assert done.returncode != 0
    assert (
        f"another release of KubeDoor governs this cluster (its ClusterRole is {NAMESPACE}-kubedoor-api)"
        in (done.stderr)
    )


def test_applying_what_is_there_changes_nothing(installation: Installation) -> None:
    """As a GitOps tool does, again and again, by server-side apply."""
    rendered = installation.helm("get", "manifest", "kubedoor")

    def applied() -> dict[str, str]:
        apply = (
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=trial",
            "-f",
            "-",
            "-o",
            "json",
        )
        done = installation.plane.kubectl(*apply, "-n", NAMESPACE, stdin=rendered)
        assert done.returncode == 0, done.stderr
        made = [one for one in json.loads(done.stdout)["items"] if one["kind"] not in CHANGED_BY_CONTROLLERS]
        return {
            f"{one['kind']}/{one['metadata']['name']}": one["metadata"]["resourceVersion"] for one in made
        }

    first = applied()
    assert any(name.startswith("NetworkPolicy/") for name in first)
    assert applied() == first
