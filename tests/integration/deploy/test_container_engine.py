"""Each image built and started, where a container engine answers; elsewhere this says that none does."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from functools import cache

import pytest

from kubedoor_dev.demo.paths import CHECKOUT

SERVICES = ("collector", "webhook", "api")
IMAGES = {**dict.fromkeys(SERVICES, "deploy/Dockerfile"), "console": "frontend/Dockerfile"}
LOCKED_DOWN = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--tmpfs=/tmp")
BUILD_TIMEOUT_S = 540
EXIT_BAD_SETTING = 78


@cache
def engine() -> str | None:
    """Return the first engine that answers."""
    for name in ("docker", "podman"):
        if path := shutil.which(name):
            asked = subprocess.run([path, "info"], capture_output=True, check=False, timeout=60)
            if asked.returncode == 0:
                return path
    return None


pytestmark = pytest.mark.skipif(
    engine() is None,
    reason="NO CONTAINER ENGINE ANSWERS HERE (docker, podman): no image was built or started. What can be"
    " told without one is in tests/unit/deploy/test_images.py",
)


def run(*arguments: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    """Run the engine."""
    command = [str(engine()), *arguments]
    return subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=timeout_s
    )


@cache
def built(name: str) -> str:
    """Build an image once, and return its tag."""
    tag = f"kubedoor-{name}:test"
    service = f"--build-arg=SERVICE={name}"
    done = run("build", "--file", IMAGES[name], service, "--tag", tag, ".", timeout_s=BUILD_TIMEOUT_S)
    assert done.returncode == 0, done.stderr[-3000:]
    return tag


@pytest.fixture
def container() -> Iterator[str]:
    """A name for a container that is removed afterwards."""
    name = f"kubedoor-test-{uuid.uuid4().hex[:8]}"
    yield name
    run("rm", "--force", name)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", SERVICES)
def test_an_image_knows_its_own_service_alone(service: str) -> None:
    def imports(module: str) -> bool:
        return (
            run(
                "run", "--rm", *LOCKED_DOWN, "--entrypoint=python", built(service), "-c", f"import {module}"
            ).returncode
            == 0
        )

    assert imports(f"kubedoor_{service}")
    assert not any(imports(f"kubedoor_{other}") for other in (*SERVICES, "dev") if other != service)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_as_nobody_special_and_says_what_it_misses(service: str) -> None:
    started = run("run", "--rm", *LOCKED_DOWN, built(service))
    assert started.returncode == EXIT_BAD_SETTING, started.stderr
    assert "KUBEDOOR_" in started.stderr
    who = run("run", "--rm", "--entrypoint=python", built(service), "-c", "import os; print(os.getuid())")
    assert int(who.stdout) >= 10000


@pytest.mark.timeout(600)
def test_the_webhooks_image_is_small() -> None:
    size = run("image", "inspect", "--format={{.Size}}", built("webhook"))
    assert int(size.stdout) < 120_000_000


@pytest.mark.timeout(600)
def test_the_console_serves_and_is_healthy(container: str) -> None:
    # nginx wants to know the api's name at start; nobody has to answer there.
    options = ("--detach", "--name", container, *LOCKED_DOWN, "--add-host=api:127.0.0.1")
    started = run("run", *options, built("console"))
    assert started.returncode == 0, started.stderr
    healthy = ("exec", container, "wget", "-q", "-O", "-", "http://127.0.0.1:8080/nginx-health")
    answers = (run(*healthy).stdout for _ in range(100))
    assert next(filter(None, answers), "") == "alive\n", run("logs", container).stderr


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", IMAGES)
def test_an_image_says_what_it_is(name: str) -> None:
    labels = json.loads(run("image", "inspect", "--format={{json .Config.Labels}}", built(name)).stdout)
    assert labels["org.opencontainers.image.title"] == f"kubedoor-{name}"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
