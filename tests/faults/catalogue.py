"""The faults, in their order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from faults.load import Load
from faults.rows import clickhouse, cluster, killing, metrics_store, tables
from faults.scale import Scale
from support.proxy import Trouble

Make = Callable[[Load, Scale], Awaitable[str]]


@dataclass(frozen=True)
class Fault:
    """One fault.

    :ivar make: makes it, and returns what was seen; raises where something does not hold.
    :ivar limit_s: seconds after which it counts as not held.
    """

    name: str
    make: Make
    limit_s: float = 600.0


FAULTS = (
    Fault("ClickHouse killed", clickhouse.killed),
    Fault("ClickHouse stopped", clickhouse.stopped),
    Fault("ClickHouse slow", clickhouse.spoilt(Trouble.DELAY, writes_fail=False)),
    Fault("ClickHouse truncating", clickhouse.spoilt(Trouble.TRUNCATE)),
    Fault("ClickHouse answers 200 with an exception", clickhouse.spoilt(Trouble.EXCEPTION_AFTER_200)),
    Fault("ClickHouse's disk full", clickhouse.disk_full),
    *(
        Fault(f"{name} {how}", killing.again_and_again(name, once), killing.LIMIT)
        for how, once in (("killed", killing.kill), ("frozen", killing.freeze), ("restarted", killing.leave))
        for name in ("api", "webhook", "collector", "nginx")
    ),
    Fault("control table emptied", tables.emptied),
    Fault("control table emptied, webhook restarted", tables.emptied_and_restarted),
    Fault("API server slow", cluster.ordered(delay_s=1.0, count=None)),
    Fault("API server 429", cluster.ordered(status=429, retry_after_s=1, count=30)),
    Fault("API server 500", cluster.ordered(status=500, count=30)),
    Fault("API server breaks off", cluster.ordered(drop=True, applied=True, count=30)),
    Fault("API server gone", cluster.gone),
    Fault("Lease lost", cluster.lease_lost),
    Fault("Prometheus wrong", metrics_store.wrong),
    Fault("Prometheus emptied", metrics_store.emptied),
)
