"""Alert rules of nodes and volumes, by the series of kube-state-metrics, node-exporter and kubelets."""

from __future__ import annotations

from kubedoor_core.metrics.selecting import Scope
from kubedoor_core.metrics.thresholds import DISK_FREE, VOLUME_FULL
from kubedoor_core.metrics.wrong import Wrong
from kubedoor_dev.rules.model import KEPT, Alert, Group

NODE = ", ".join((*KEPT, "node"))
DISK = ", ".join((*KEPT, "node", "instance", "device", "mountpoint"))
NO_DISK = (
    'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|erofs|nsfs", mountpoint!~"/var/lib/kubelet/.+|/run.*"'
)
FREE = (
    f"max by ({DISK}) (node_filesystem_avail_bytes{{{NO_DISK}}})"
    f" / max by ({DISK}) (node_filesystem_size_bytes{{{NO_DISK}}}) < {DISK_FREE}"
    f" unless max by ({DISK}) (node_filesystem_readonly{{{NO_DISK}}}) == 1"
)
PRESSURES = "MemoryPressure|DiskPressure|PIDPressure|NetworkUnavailable"


def groups() -> list[Group]:
    """Return the rules."""
    return [Group("kubedoor-nodes", _NODES)]


_NODES = (
    Alert(
        "NodeNotReady",
        f'max by ({NODE}) (kube_node_status_condition{{condition="Ready", status="true"}}) == 0',
        "A node is not ready",
        "Its kubelet does not report, or says that {{ $labels.node }} can't run pods. After five minutes its"
        " pods are replaced, where other nodes have room.",
        "3m",
        "critical",
    ),
    Alert(
        "NodePressure",
        f"max by ({NODE}, condition)"
        f' (kube_node_status_condition{{condition=~"{PRESSURES}", status="true"}}) == 1',
        "A node is under pressure",
        "{{ $labels.node }} reports {{ $labels.condition }}: it takes no further pods and may evict some.",
        "2m",
    ),
    Alert(
        "NodeDiskFull",
        FREE,
        "A node's disk is almost full",
        "{{ $labels.mountpoint }} of {{ $labels.node }}{{ $labels.instance }} has"
        " {{ $value | humanizePercentage }} left. Below a tenth kubelets evict pods.",
        "10m",
    ),
    Alert(
        "VolumeFull",
        Wrong(Scope(), KEPT).volumes_full(),
        "A volume is full, or soon will be",
        "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is used; told from"
        f" {VOLUME_FULL:.0%} on, and before where it will be full within four days at the pace of the"
        " last six hours.",
        "10m",
        "critical",
    ),
)
