"""The simulated Kubernetes API server: `Cluster` in a test, `python -m kubedoor_dev.cluster` elsewhere.

`jsonpatch.apply` is of use by itself: it applies a patch as the API server does.
"""

from __future__ import annotations

from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import User
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.nodes import NodeSize

__all__ = ["ApiError", "Cluster", "NodeSize", "Options", "Target", "User"]
