"""Requests and limits of containers, as every age of kube-state-metrics tells them."""

from __future__ import annotations

from collections.abc import Callable

OLDER = (("cpu", "cpu_cores"), ("memory", "memory_bytes"))
"""Older exporters have a metric per resource, with the unit in its name."""


def resources(kind: str, series: Callable[..., str], container: str, *matchers: str) -> str:
    """Return the query of requests or limits of containers and of native sidecars.

    :param kind: `requests` or `limits`.
    :param series: the selector of one of kube-state-metrics' metrics, with further matchers.
    :param container: the labels that name a container, with commas between them.
    :param matchers: of the label `resource`.
    """
    newer = f"kube_pod_container_resource_{kind}"
    sidecars = series(f"kube_pod_init_container_resource_{kind}", *matchers)
    native = series("kube_pod_init_container_info", 'restart_policy="Always"')
    return " or ".join(
        [
            series(newer, *matchers),
            *(
                f'label_replace({series(f"{newer}_{unit}")}, "resource", "{resource}", "", "")'
                for resource, unit in OLDER
                if not matchers or f'resource="{resource}"' in matchers
            ),
            f"({sidecars} and on ({container}) {native})",
        ]
    )
