"""One thing that goes wrong in a namespace of its own, and the finding that has to come of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from e2e.support.installation import Client, Installation
from e2e.support.place import Place, Values
from kubedoor_api.findings.before import ChangeCode
from kubedoor_api.findings.facts import FindingKind

Json = dict[str, Any]
NAME = "app"
IMAGE = "registry.example/app:1"
AS_DEPLOYED: Values = (100, 500, 128, 512)
RESOURCES = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
FAIL = "kubedoor.dev/fail"


Cause = tuple[ChangeCode, str]
Shown = Mapping[str, str | int]


@dataclass(frozen=True)
class Found:
    """How it must be found.

    :ivar object: kind and name of what the finding is about.
    :ivar cause: what must come first of what was changed before: who did it, and an aspect; None: nothing.
    :ivar shown: parameters of the first evidence.
    """

    kind: FindingKind
    object: tuple[str, str] = ("Deployment", NAME)
    cause: Cause | None = None
    shown: Shown = field(default_factory=dict)
    container: str = ""


@dataclass(frozen=True)
class Scene:
    """Where it goes wrong."""

    place: Place
    api: Client

    @property
    def installation(self) -> Installation:
        """What is installed."""
        return self.place.installation

    def roll_out(self, fail: str = "", **spec: Any) -> None:
        """Roll out another pod template; its pods fail as kwok's stages have it."""
        metadata = {"annotations": {FAIL: fail}} if fail else {}
        patch = {"spec": {"template": {"metadata": metadata, "spec": spec}}}
        self.place.kubectl("patch", f"deployment/{NAME}", "-p", json.dumps(patch))

    def pods(self, *choosing: str) -> list[str]:
        """Return the names of the pods, as kubectl takes them."""
        return self.place.kubectl("get", "pods", "-o", "name", *choosing).split()

    def tell(self, pod: str, status: Json) -> None:
        """Tell of a pod what its kubelet would."""
        patch = ("--subresource=status", "--type=merge", "-p", json.dumps({"status": status}))
        self.place.kubectl("patch", pod, *patch)


@dataclass(frozen=True)
class Trouble:
    """One thing that goes wrong.

    :ivar before: what is there before, and well.
    :ivar make: brings it about.
    :ivar governed: whether admission is enforced there; `app` is registered as it is deployed then.
    """

    name: str
    make: Callable[[Scene], Awaitable[None]]
    found: Found
    before: Sequence[Json] = ()
    governed: bool = False

    @property
    def namespace(self) -> str:
        """Where it happens."""
        return f"trouble-{self.name}"


def app(name: str = NAME, replicas: int = 2, deadline_s: int = 600, **spec: Any) -> Json:
    """Return a Deployment that is well."""
    labels = {"app": name}
    probe = {"httpGet": {"port": 8080}, "periodSeconds": 1, "failureThreshold": 3}
    container = {"name": NAME, "image": IMAGE, "resources": RESOURCES, "readinessProbe": probe}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "progressDeadlineSeconds": deadline_s,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container], **spec}},
        },
    }


def container(**values: Any) -> list[Json]:
    """Return the only container with other values, as a patch has it."""
    return [{"name": NAME, **values}]
