"""How long the advice on an env of 5,000 services takes beyond what ClickHouse and the cluster take."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.results import Result, seen
from kubedoor_api.advice.history import DeploymentFacts, Window, histories
from kubedoor_api.advice.making import Live, Sources, rows_of
from kubedoor_api.advice.queries import Key, Read, Standing
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.env_policy import read_policy

SERVICES, CONTAINERS, ROUNDS = 5000, 2, 3
DAYS = AdvicePolicy().days
AS_OF = date(2026, 3, 20)
ENVIRONMENT: dict[str, Any] = {
    "namespaces": ".*", "namespaces_excluded": "", "lookback_days": 7, "request_rule": "peak_day",
    "own_peak_hours": 2, "margin_pct": 10, "hold_fall_pct": 10, "memory_rule": "p95",
    "memory_margin_pct": 10, "rule_exceptions": "", "hpa_requests": "leave", "floor_cpu_m": 10,
    "floor_mem_mib": 16, "allow_scale_to_zero": "", "price_core_month": 30.0, "price_gib_month": 4.0,
    "currency": "EUR", "production_namespaces": "", "alertmanager_url": "",
    "advice_rules": "", "score_rules": "",
}  # fmt: skip


def key_of(index: int) -> Key:
    """Return where a service is."""
    return f"ns-{index // 100}", f"svc-{index}"


def read_of(random: np.random.Generator) -> Read:
    """Return rows as ClickHouse answers them."""
    containers, traffic = list[dict[str, Any]](), list[dict[str, Any]]()
    for index in range(SERVICES):
        namespace, name = key_of(index)
        usual, pods = int(random.integers(50, 600)), int(random.integers(3, 40))
        for container in range(CONTAINERS):
            noise = random.uniform(0.9, 1.1, DAYS)
            days = [
                [day, pods, 1.0, int(usual * noise[day]), int(usual * 1.2 * noise[day]),
                 float(usual * pods * noise[day]), 400 + day, 0.0, 0]
                for day in range(DAYS)
            ]  # fmt: skip
            row = {"namespace": namespace, "name": name, "container": f"c{container}"}
            last = AS_OF.isoformat()
            containers.append({**row, "last": last, "asked": [500, 1000, 512, 1024], "days": days})
        asked = [[day, 10.0 * pods, 0.1, 20.0] for day in range(DAYS)]
        traffic.append({"namespace": namespace, "name": name, "days": asked})
    return Read(containers, traffic, [])


def main() -> list[Result]:
    """Return the seconds; the median of a few rounds."""
    read, window = read_of(np.random.default_rng(1)), Window.of(AS_OF, DAYS)
    keys = [key_of(index) for index in range(SERVICES)]
    standing = {
        key: Standing(*key, 10, False, "enforce", 1, None, None, None, None, None, None) for key in keys
    }
    live = Live({key: DeploymentFacts(10) for key in keys}, {})
    policy, zone = read_policy((), ENVIRONMENT), ZoneInfo("Asia/Shanghai")
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = dict(histories(read, window))
        rows = rows_of(
            Sources("e", found, standing, live, policy, "kubedoor", zone, AS_OF), datetime.now(UTC)
        )
        taken.append(time.perf_counter() - began)
        assert len(rows) == SERVICES
    return [seen("advice", f"advice on {SERVICES:,} services of {CONTAINERS} containers", median(taken), "s")]


if __name__ == "__main__":
    for one in main():
        print(one["name"], one["value"], one["unit"])
