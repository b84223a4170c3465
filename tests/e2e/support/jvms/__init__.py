"""A service on a real JVM, in the place of an image of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from e2e.support.local_pods import APP_PORT, Made
from kubedoor_dev.containers.local import Image, unshare
from kubedoor_dev.tools import ToolMissingError, find
from support.standing_in import roomy

Json = dict[str, Any]
SOURCE = Path(__file__).with_name("Shop.java")
SHOP, SEALED = "registry.example/shop:1", "registry.example/sealed:1"
"""The second one may write nothing into `/tmp`, by which tools reach a JVM."""


def images() -> dict[str, Made]:
    """Return what runs such services.

    It fails where this machine can't run them, and says what to install.
    """
    try:
        jdk = find("jcmd").resolve().parent
    except ToolMissingError as error:
        pytest.fail(f"Real JVMs are started with a JDK, 17 or later. {error}")
    if not unshare():
        pytest.fail("Real JVMs run in namespaces of their own, which this machine gives to root alone.")
    path = f"{jdk}:/usr/bin:/bin"

    def made(folder: Path, port: int, tmp: str) -> Image:
        source = str(shutil.copy(SOURCE, folder))
        argv = ("java", "-Xmx64m", "-XX:+UseSerialGC", source, str(port))
        return Image(argv, path=f"{roomy(folder)}:{path}", tmp=tmp)

    return {
        SHOP: lambda folder, port: made(folder, port, "size=64m"),
        SEALED: lambda folder, port: made(folder, port, "ro,size=8m"),
    }


def shop(name: str, image: str, replicas: int, *, limits: Json | None = None, **spec: Any) -> Json:
    """Return a Deployment of such a service."""
    labels = {"app": name}
    resources = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": limits or {}}
    ports = [{"containerPort": APP_PORT}]
    container = {"name": "app", "image": image, "ports": ports, "resources": resources}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], **spec}}
    of = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": of}
