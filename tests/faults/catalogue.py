"""The faults, in their order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from faults.load import Load
from faults.rows import (
    certificates,
    clickhouse,
    clock,
    cluster,
    hostile,
    killing,
    limits,
    metrics_store,
    outsiders,
    people,
    pressure,
    tables,
)
from faults.scale import Scale
from support.proxy import Trouble

Make = Callable[[Load, Scale], Awaitable[str]]


@dataclass(frozen=True)
class Fault:
    """One fault.

    :ivar make: makes it, and returns what was seen; raises where something does not hold.
    :ivar limit_s: seconds after which it counts as not held.
    :ivar apart: it befalls only parts that no other fault so marked has to do with: they are made at once.
    """

    name: str
    make: Make
    limit_s: float = 1800.0
    apart: bool = False


FAULTS = (
    Fault("ClickHouse killed", clickhouse.killed),
    Fault("ClickHouse stopped", clickhouse.stopped),
    Fault("ClickHouse slow", clickhouse.spoilt(Trouble.DELAY, writes_fail=False)),
    Fault("ClickHouse truncating", clickhouse.spoilt(Trouble.TRUNCATE)),
    Fault("ClickHouse answers 200 with an exception", clickhouse.spoilt(Trouble.EXCEPTION_AFTER_200)),
    Fault("ClickHouse's disk full", clickhouse.disk_full),
    Fault("each service killed", killing.again_and_again(killing.kill), 7200),
    Fault("each service frozen", killing.again_and_again(killing.freeze), 7200),
    Fault("each service restarted", killing.again_and_again(killing.leave), 7200),
    Fault("control table emptied", tables.emptied),
    Fault("control table emptied, webhook restarted", tables.emptied_and_restarted),
    Fault("API server slow, 429, 500, breaking off", cluster.wrong),
    Fault("API server gone", cluster.gone),
    Fault("Lease lost", cluster.lease_lost),
    Fault("Prometheus wrong", metrics_store.wrong, apart=True),
    Fault("LDAP slow or gone", outsiders.directory_away, apart=True),
    Fault("daylight saving", clock.daylight_saving, apart=True),
    Fault("Prometheus emptied", metrics_store.emptied),
    Fault("certificate rotated, or no pair", certificates.rotated),
    Fault("certificate expired", certificates.soon_over),
    Fault("chat vendor gone", outsiders.chat_away),
    Fault("model slow or gone", outsiders.model_away),
    Fault("64 file descriptors", limits.few_descriptors),
    Fault("memory at its limit", limits.memory_at_its_limit),
    Fault("disk of the log full", limits.log_full),
    Fault("clock a day ahead, and behind", clock.another_day),
    Fault("hostile inputs", hostile.inputs, 7200),
    Fault("20,000 admissions a minute", pressure.below, 1200),
    Fault("more load than the webhook takes", pressure.above),
    Fault("200 console users", people.console_users),
    Fault("20,000 services", pressure.large_company),
)

REAL = ("each service killed", "control table emptied", "API server gone", "Lease lost")
ON_REAL = tuple(
    replace(fault, name=f"{fault.name}, a real control plane") for fault in FAULTS if fault.name in REAL
)
"""Those that are made once more where the programs of a real control plane are there."""
