"""Which containers are a pod's own, and the requests and limits that were last seen."""

from __future__ import annotations

from collections import defaultdict

from support.reference.raw import Raw, Samples

MIB = 1024 * 1024
_FACTORS = {"cpu": 1000.0, "memory": 1 / MIB}
_LEGACY = {"cpu_cores": "cpu", "memory_bytes": "memory"}


def own_containers(samples: Samples) -> dict[tuple[str, str], set[str]]:
    """Return the containers of each pod: of its spec, and init containers that restart always.

    What `kubectl debug` adds is in neither, and a plain init container isn't one.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for raw in samples.of("kube_pod_container_info"):
        found[raw.pod].add(raw.labels["container"])
    for raw in samples.of("kube_pod_init_container_info"):
        if raw.labels.get("restart_policy") == "Always":
            found[raw.pod].add(raw.labels["container"])
    return found


def last_seen(
    samples: Samples, kind: str, resource: str, window: tuple[float, float]
) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    """Return by pod and container when a value was last seen, since when, and the value in m or MiB."""
    found: dict[tuple[str, str, str], tuple[float, float, float]] = {}
    for raw in _told(samples, kind, resource):
        inside = raw.within(*window)
        if inside.times.size:
            value = float(inside.values[-1]) * _FACTORS[resource]
            seen = float(inside.times[-1]), float(raw.times[0]), value
            key = (*raw.pod, raw.labels["container"])
            found[key] = max(seen, found.get(key, seen))
    return found


def _told(samples: Samples, kind: str, resource: str) -> list[Raw]:
    names = [f"kube_pod_{which}container_resource_{kind}" for which in ("", "init_")]
    suffix = next(suffix for suffix, meant in _LEGACY.items() if meant == resource)
    return [raw for raw in samples.of(*names) if raw.labels.get("resource") == resource] + samples.of(
        *(f"{name}_{suffix}" for name in names)
    )
