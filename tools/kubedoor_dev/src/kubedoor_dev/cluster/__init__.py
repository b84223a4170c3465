"""The simulated Kubernetes API server: `Cluster` in a test, `python -m kubedoor_dev.cluster` elsewhere.

    cluster = Cluster(Options(namespaces=["shop"], rollout_s=0.01))
    async with cluster.serve():
        cluster.write_kubeconfig(path)  # for kubernetes_asyncio, or KUBEDOOR_KUBECONFIG
        cluster.fault(method="PATCH", path="/scale$", status=429, retry_after_s=1, count=2)
        ...
        assert ("apps", "deployments/scale", "patch") in cluster.calls.used()

Pods fail where the pod template's annotation `kubedoor.dev/fail` says `crashloop`, `oom` or `image`.
`jsonpatch.apply` is of use by itself: it applies a patch as the API server does.
"""

from __future__ import annotations

from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import User
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.nodes import NodeSize

__all__ = ["ApiError", "Cluster", "NodeSize", "Options", "Target", "User"]
