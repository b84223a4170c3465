"""What is told of who works for an env."""

from __future__ import annotations

from kubedoor_api.web.fields import Model


class Leader(Model):
    """Which instance of the API runs an env's schedules and operations."""

    leading: bool
    """Whether it is the one that answers"""
    instance: str
    """The one that answers"""
    holder: str
    """The one that holds the Lease, as far as this one knows; empty for nobody"""
    lease: str
    """`namespace/name` of the Lease in the env's cluster; empty without a cluster"""
    trouble: str
    """What keeps the one that answers from taking over, such as `may not get leases in namespace kubedoor
    of the cluster prod`; empty if nothing does"""
