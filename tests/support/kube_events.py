"""Events as an API server tells them: of core/v1, and of events.k8s.io as core/v1 shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import EVENTS
from kubedoor_dev.cluster.store import Key

Json = dict[str, Any]
NOW = datetime(2026, 3, 2, 10, 45, tzinfo=UTC)
POD = "cart-5d9f7c6b8d-x2vbn"


def at(time: datetime, *, micro: bool = False) -> str:
    """A time as Kubernetes writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")


def _metadata(uid: str, now: datetime) -> Json:
    return {
        "uid": uid,
        "name": f"{POD}.{uid}",
        "namespace": "shop",
        "creationTimestamp": at(now - timedelta(minutes=30)),
        "managedFields": [{"manager": "kubelet", "time": at(now - timedelta(minutes=1))}],
    }


def legacy(uid: str = "u1", count: int = 1, kind: str = "Warning", now: datetime = NOW, **more: Any) -> Json:
    """An event of a kubelet's, counted in place: first half an hour ago, last a minute ago."""
    return {
        "metadata": _metadata(uid, now),
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": POD, "uid": "p1"},
        "reason": "BackOff",
        "message": "Back-off restarting failed container app",
        "source": {"component": "kubelet", "host": "n1"},
        "firstTimestamp": at(now - timedelta(minutes=30)),
        "lastTimestamp": at(now - timedelta(minutes=1)),
        "count": count,
        "type": kind,
        "eventTime": None,
        "reportingComponent": "kubelet",
        "reportingInstance": "n1",
        **more,
    }


def modern(uid: str = "u2", series: int = 0, now: datetime = NOW, **more: Any) -> Json:
    """An event of the scheduler's: half an hour ago, and in a series last two minutes ago."""
    told = {"count": series, "lastObservedTime": at(now - timedelta(minutes=2), micro=True)}
    return {
        "metadata": _metadata(uid, now),
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": POD, "uid": "p1"},
        "reason": "FailedScheduling",
        "message": "0/3 nodes are available: 3 Insufficient cpu.",
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "type": "Warning",
        "eventTime": at(now - timedelta(minutes=30), micro=True),
        **({"series": told} if series else {}),
        "action": "Scheduling",
        "reportingComponent": "default-scheduler",
        "reportingInstance": "default-scheduler-cp1",
        **more,
    }


def tell(cluster: Cluster, found: Json) -> str:
    """Let a simulated cluster keep an event, anew or in the place of the one of its name; return its uid."""
    metadata = found["metadata"]
    key = Key(EVENTS.id, metadata["namespace"], metadata["name"])
    standing = cluster.store.get(key)
    if standing is None:
        made: Json = cluster.store.create(key, {"kind": "Event", "apiVersion": "v1", **found})
        return str(made["metadata"]["uid"])
    version = standing["metadata"]["resourceVersion"]
    cluster.store.update(key, {**standing, **found, "metadata": standing["metadata"]}, version)
    return str(standing["metadata"]["uid"])
