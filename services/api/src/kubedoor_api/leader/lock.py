"""The lock that kubernetes_asyncio's election wants: a Lease, asked for in bounded time, errors in words."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kubernetes_asyncio import client
from kubernetes_asyncio.leaderelection.resourcelock.baselock import BaseLock
from kubernetes_asyncio.leaderelection.resourcelock.leaselock import LeaseLock

from kubedoor_api.kube import leases
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

FORBIDDEN = 403
MISSING = 404
CONFLICT = 409
UNKNOWN = 503


@dataclass(frozen=True)
class Place:
    """Where the Lease is."""

    env: str
    namespace: str
    name: str


class Lock(LeaseLock):
    """A Lease of one cluster. What keeps it from being held stands in `trouble`, for people to read."""

    def __init__(self, clusters: Clusters, place: Place, identity: str, timeout_s: float) -> None:
        # Not LeaseLock's own, which keeps one client for good: a client is lent for each call here.
        BaseLock.__init__(self, place.name, place.namespace, identity)
        self.lease_reference: Any = None
        self._clusters = clusters
        self._place = place
        self._timeout_s = timeout_s
        self.trouble = ""
        self.holder = ""
        self.renewed_at = float("-inf")
        self._renewal: Any = None

    async def get(self, name: str, namespace: str) -> tuple[bool, Any]:
        """Return the record, or the error in the form in which the election takes it: JSON with a code."""
        read = leases.read(self._clusters, self._place.env, namespace, name)
        lease, status = await self._ask("get", read)
        if lease is None:
            error = client.ApiException(status=status or MISSING, reason=self.trouble)
            error.body = json.dumps({"code": error.status}).encode()
            return False, error
        self.lease_reference = lease
        self._see(lease)
        return True, self.election_record(lease)

    def _see(self, lease: Any) -> None:  # noqa: ANN401 untyped library
        """Take note of who holds it, and by this clock of when the renewal that stands was first seen."""
        self.holder = lease.spec.holder_identity or "" if lease.spec else ""
        renewal = (self.holder, lease.spec.renew_time if lease.spec else None)
        if renewal != self._renewal:
            self._renewal, self.renewed_at = renewal, time.monotonic()

    async def create(self, name: str, namespace: str, election_record: Any) -> bool:  # noqa: ANN401 untyped library
        """Make the Lease; True if it is ours."""
        lease = client.V1Lease(
            metadata=client.V1ObjectMeta(name=name), spec=self.update_lease(election_record)
        )
        return await self._write("create", leases.create(self._clusters, self._place.env, namespace, lease))

    async def update(self, name: str, namespace: str, updated_record: Any) -> bool:  # noqa: ANN401 untyped library
        """Write the Lease that was just read; True if nobody was faster."""
        lease = self.lease_reference
        if lease is None:
            raise RuntimeError(f"{namespace}/{name} is written before it is read")
        lease.spec = self.update_lease(updated_record, lease.spec)
        return await self._write("update", leases.replace(self._clusters, self._place.env, namespace, lease))

    def time_str_to_iso(self, str_time: str | None) -> str | None:
        """Write a time as Kubernetes reads it: always with six digits after the point."""
        if not str_time:
            return None
        return datetime.fromisoformat(str_time).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    async def release(self) -> None:
        """Give the Lease up, if it is ours, so that another need not wait until it has run out."""
        found, _ = await self.get(self._place.name, self._place.namespace)
        if found and self.lease_reference is not None and self.holder == self.identity:
            self.lease_reference.spec.holder_identity = None
            put = leases.replace(self._clusters, self._place.env, self._place.namespace, self.lease_reference)
            await self._ask("update", put)

    async def _write(self, verb: str, call: Awaitable[None]) -> bool:
        _, status = await self._ask(verb, call)
        if status is None:
            self.holder = self.identity
        return status is None

    async def _ask(self, verb: str, call: Awaitable[Any]) -> tuple[Any, int | None]:
        """Return the answer and None, or None and an HTTP status."""
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await call
        except ClusterRefusedError as error:
            self._tell(self._words(verb, error))
            return None, error.status
        except TimeoutError:
            self._tell(f"the cluster {self._place.env} does not answer in {self._timeout_s:g} s")
            return None, UNKNOWN
        except KubeDoorError as error:
            self._tell(str(error))
            return None, UNKNOWN
        self.trouble = ""
        return answer, None

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self.trouble:
            log.warning("leader.waiting", env=self._place.env, reason=trouble)
        self.trouble = trouble

    def _words(self, verb: str, error: ClusterRefusedError) -> str:
        place = self._place
        if error.status == CONFLICT:  # another instance was faster: nothing to tell
            return ""
        if error.status == FORBIDDEN:
            return f"may not {verb} leases in namespace {place.namespace} of the cluster {place.env}"
        if error.status == MISSING:
            return (
                f"there is no namespace {place.namespace} in the cluster {place.env}: make it, or set"
                " KUBEDOOR_LEASE_NAMESPACE"
            )
        return str(error)
