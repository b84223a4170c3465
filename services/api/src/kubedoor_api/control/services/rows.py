"""From ClickHouse's rows to what is told of a service."""

from __future__ import annotations

from kubedoor_api.control.services.flags import flags_of
from kubedoor_api.control.services.models import (
    Container,
    ContainerPeak,
    Provenance,
    ReplicaCounts,
    ResourceValues,
    Service,
    ServicePeak,
)
from kubedoor_api.control.services.queries import Days
from kubedoor_core.clickhouse import Row

VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
UNKNOWN = ResourceValues(request_cpu_m=None, limit_cpu_m=None, request_mem_mib=None, limit_mem_mib=None)
PEAK = (
    "p95_cpu_m", "p95_cpu_hot_m", "p95_mem_mib", "p95_mem_hot_mib", "max_mem_mib",
    "cpu_pct", "mem_pct", "oom_kills", "throttled_pct", "coverage", *VALUES, "owner_source",
)  # fmt: skip
PROVENANCE = (
    "peak_date_cpu", "peak_date_mem", "peak_pods_cpu", "peak_pods_mem", "coverage_cpu", "coverage_mem",
    "window_cpu", "window_mem", "first_seen", "last_seen",
)  # fmt: skip


def _values(row: Row, prefix: str, names: str) -> dict[str, ResourceValues]:
    columns = zip(*(row[prefix + name] for name in VALUES), strict=True)
    return {
        name: ResourceValues(**dict(zip(VALUES, values, strict=True)))
        for name, values in zip(row[names], columns, strict=True)
    }


def _peak(values: list[object]) -> ContainerPeak:
    return ContainerPeak.model_validate(dict(zip(PEAK, values, strict=True)))


def containers_of(row: Row) -> list[Container]:
    """Put the effective, the expert's, the derived values and the peak together, by name."""
    expert, derived = _values(row, "c_", "c_names"), _values(row, "d_", "d_names")
    peaks = {name: _peak(values) for name, *values in row["peaks"]}
    return [
        Container(
            name=name,
            effective=values,
            expert=expert.get(name, UNKNOWN),
            derived=derived.get(name, UNKNOWN),
            peak=peaks.get(name),
        )
        for name, values in _values(row, "", "names").items()
    ]


def service_of(env: str, row: Row, days: Days) -> Service:
    """Build the service that a row of the list is."""
    containers = containers_of(row)
    peak = None
    if row["peaks"] and days.latest is not None:
        peak = ServicePeak(
            date=days.latest,
            pod_count=row["pod_count"],
            window_start=row["window_start"],
            window_end=row["window_end"],
        )
    provenance = Provenance.model_validate({name: row[name] for name in PROVENANCE})
    return Service(
        env=env,
        namespace=row["namespace"],
        kind=row["kind"],
        name=row["name"],
        version=str(row["control_version"]),
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        replicas=ReplicaCounts(
            effective=row["replicas"],
            source=row["replicas_source"],
            manual=row["replicas_manual"],
            ai=row["replicas_ai"],
            observed=row["replicas_observed"],
            initial=row["replicas_initial"],
        ),
        replicas_policy=row["replicas_policy"],
        mode=row["mode"],
        note=row["note"],
        flags=flags_of(row["replicas"], containers, peak, provenance, days),
        containers=containers,
        peak=peak,
        provenance=provenance,
    )
