"""A served cluster, kubernetes_asyncio's client for it, and a real TLS webhook beside it.

The tests ask over HTTP alone, so that a real API server can stand behind `kube`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.cluster.hook import Hook
from integration.cluster.kube import Kube, connected
from kubedoor_dev.certificates import Authority, make_authority
from kubedoor_dev.cluster import Cluster, Options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A cluster over plain HTTP with the namespaces `shop` and `bank`."""
    made = Cluster(Options(namespaces=["shop", "bank"], rollout_s=0.01))
    async with made.serve():
        yield made


@pytest.fixture
async def kube(cluster: Cluster) -> AsyncIterator[Kube]:
    """The real client, as the administrator."""
    async with connected(cluster) as kube:
        yield kube


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority of the webhooks' certificates."""
    return make_authority()


@pytest.fixture
async def hook(authority: Authority, tmp_path: Path) -> AsyncIterator[Hook]:
    """A webhook that allows everything until a test says otherwise."""
    async with Hook(authority).serve(tmp_path / "hook") as hook:
        yield hook
