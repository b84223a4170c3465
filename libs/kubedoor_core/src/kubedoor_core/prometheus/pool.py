"""One client per store while a service runs, so that its bound on queries holds over all requests."""

from __future__ import annotations

from contextlib import AsyncExitStack

from kubedoor_core.prometheus.client import Prometheus, connect
from kubedoor_core.prometheus.errors import PrometheusUnavailableError
from kubedoor_core.prometheus.store import Store

MOST = 64
"""Stores that are kept open: more than there are only where credentials rotate."""


class Pool:
    """Opens a client when a store is first asked; rotated credentials and certificates make another one."""

    def __init__(self) -> None:
        self._open: dict[tuple[Store, int], tuple[AsyncExitStack, Prometheus]] = {}

    async def client(self, store: Store) -> Prometheus:
        """Return the store's client; of too many the one that was asked for longest ago is closed.

        :raises PrometheusUnavailableError: its certificates can't be read.
        """
        key = (store, _version(store))
        if key in self._open:
            self._open[key] = self._open.pop(key)
            return self._open[key][1]
        stack = AsyncExitStack()
        client = await stack.enter_async_context(connect(store))
        self._open[key] = (stack, client)
        if len(self._open) > MOST:
            oldest, _ = self._open.pop(next(iter(self._open)))
            await oldest.aclose()
        return client

    async def close(self) -> None:
        """Close every client."""
        while self._open:
            stack, _ = self._open.popitem()[1]
            await stack.aclose()


def _version(store: Store) -> int:
    try:
        return store.ca_file.stat().st_mtime_ns if store.ca_file else 0
    except OSError as error:
        raise PrometheusUnavailableError(f"the certificates of the store can't be read: {error}") from error
