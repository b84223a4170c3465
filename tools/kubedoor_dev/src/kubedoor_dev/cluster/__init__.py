"""The simulated Kubernetes API server: `Cluster` in a test, `python -m kubedoor_dev.cluster` elsewhere.

`jsonpatch.apply` is of use by itself: it applies a patch as the API server does.
"""

from __future__ import annotations

__all__: list[str] = []
