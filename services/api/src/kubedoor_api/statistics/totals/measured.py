"""What is measured of a container in a peak window, as the list of a day and a service's trend tell it."""

from __future__ import annotations

from kubedoor_api.web.fields import Model


class Measured(Model):
    """A container's pods, use, requests and limits in a peak window; null where unknown."""

    pod_count: int | None
    """Median over the window of the number of pods"""
    p95_cpu_m: int | None
    """P95 over the window of the mean over pods of the cpu use, millicores"""
    p95_cpu_hot_m: int | None
    """The hottest pod's own P95 of the cpu use, millicores"""
    p95_mem_mib: int | None
    """P95 over the window of the mean over pods of the memory working set, MiB"""
    p95_mem_hot_mib: int | None
    """The largest pod's own P95 of the memory working set, MiB"""
    max_mem_mib: int | None
    """Largest memory working set, MiB"""
    request_cpu_m: int | None
    """CPU request that the pods ran with, millicores"""
    limit_cpu_m: int | None
    """CPU limit that the pods ran with, millicores"""
    request_mem_mib: int | None
    """Memory request that the pods ran with, MiB"""
    limit_mem_mib: int | None
    """Memory limit that the pods ran with, MiB"""
