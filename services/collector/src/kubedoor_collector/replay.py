"""`python -m kubedoor_collector.replay`: what each preset, and the rule that holds, would have done.

Reads the stored days and writes nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from kubedoor_collector import queries
from kubedoor_collector.collect import Collector
from kubedoor_collector.domain.days import ContainerRows
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.service import open_collector
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse.client import wait_until_up
from kubedoor_core.clickhouse.steering import known_targets
from kubedoor_core.domain.derivation.exceptions import RuleBook
from kubedoor_core.domain.derivation.history import history_of
from kubedoor_core.domain.derivation.replay import ContainerLimits, Limits, Replay, Summary
from kubedoor_core.domain.derivation.rules import presets_beside
from kubedoor_core.domain.derivation.targets import NO_TARGETS, UtilisationTargets
from kubedoor_core.domain.env_policy import (
    PRICE_CORE_MONTH,
    PRICE_GIB_MONTH,
    environment_of,
    prices_of,
    read_policy,
)
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import configure_logging
from kubedoor_core.settings import load_or_exit

DAYS, LEAST_DAYS, MOST_DAYS = 60, 2, 366
NOW = "as set now"
HEADER = (
    "rule", "bad days %", "min above/day", "memory bad %", "slack at peak %", "slack of day %", "cores",
    "GiB", "changes/week",
)  # fmt: skip


def _days(text: str) -> int:
    if not text.isdigit() or not LEAST_DAYS <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from {LEAST_DAYS} to {MOST_DAYS}")
    return int(text)


def books_of(policy: Policy) -> dict[str, RuleBook]:
    """Return the rules that are compared: the one that holds, and the presets; each with the exceptions."""
    presets = presets_beside(policy.rule)
    rules = {NOW: policy.rule, **{name.replace("_", " "): rule for name, rule in presets.items()}}
    return {name: RuleBook(rule, policy.exceptions) for name, rule in rules.items()}


def limits_of(
    containers: Sequence[ContainerRows], targets: Mapping[ServiceKey, UtilisationTargets], policy: Policy
) -> Limits:
    """Return what requests keep to: the limits as first seen, and what autoscalers steer to."""
    each = [
        ContainerLimits(
            one.first(lambda day: day.limit_cpu_m),
            one.first(lambda day: day.limit_mem_mib),
            targets.get(one.service, NO_TARGETS),
        )
        for one in containers
    ]
    return Limits.of(each, leave=policy.hpa_requests == "leave")


async def replayed(collector: Collector, days: int) -> dict[str, Summary]:
    """Replay each rule over the last days that are stored."""
    policy = await collector.policy()
    dates = policy.peak.last_finished(days, policy.zone, datetime.now(UTC))
    stored = await queries.days(collector.clickhouse, policy.env, dates[0], dates[-1])
    latest = max((day.use.date for one in stored for day in one.days), default=dates[-1])
    dates = [day for day in dates if day <= latest]  # nothing is known of what came after
    targets = await known_targets(collector.clickhouse, policy.env)
    settings = await queries.settings(collector.clickhouse, policy.env)
    prices = read_policy(settings, {**environment_of(collector.settings), **NO_PRICES})

    def score() -> dict[str, Summary]:
        history = history_of((one.used for one in stored), dates, profiles=True)
        replay = Replay(history, limits_of(stored, targets, policy))
        return {
            name: replay.outcome(book).summary(prices_of(prices)) for name, book in books_of(policy).items()
        }

    return await asyncio.to_thread(score)


NO_PRICES: dict[str, object] = {PRICE_CORE_MONTH.key: 0, PRICE_GIB_MONTH.key: 0}
"""Prices come from stored settings alone: the collector's environment has none."""


def table(found: Mapping[str, Summary]) -> str:
    """Return a line per rule; what could not be scored is a dash."""
    priced = any(one.money_month is not None for one in found.values())
    header = (*HEADER, "money/month") if priced else HEADER
    rows = [header, *(_line(name, one, priced=priced) for name, one in found.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _line(name: str, one: Summary, *, priced: bool) -> tuple[str, ...]:
    values = (
        one.bad_days_pct, one.above_min_a_day, one.mem_bad_days_pct, one.peak_slack_pct, one.day_slack_pct,
        one.cores, one.gib, one.changes_a_week, *([one.money_month] if priced else []),
    )  # fmt: skip
    return (name, *("-" if value is None else f"{value:.1f}" for value in values))


async def _run(settings: CollectorSettings, days: int) -> dict[str, Summary]:
    async with open_collector(settings) as collector:
        await wait_until_up(collector.clickhouse)
        return await replayed(collector, days)


def main() -> None:
    """Replay, and print a table or JSON; exit 1 where there are too few days."""
    parser = argparse.ArgumentParser(prog="kubedoor_collector.replay", description=__doc__)
    parser.add_argument("--days", type=_days, default=DAYS, help=f"how many of the last days ({DAYS})")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    settings = load_or_exit(CollectorSettings)
    configure_logging("replay", settings.log_format, settings.log_level)
    try:
        found = asyncio.run(_run(settings, arguments.days))
    except KubeDoorError as error:
        sys.exit(f"kubedoor: {error}")
    if arguments.json:
        sys.stdout.write(json.dumps({name: asdict(one) for name, one in found.items()}, indent=1) + "\n")
    else:
        sys.stdout.write(table(found) + "\n")
    if not any(one.days for one in found.values()):
        sys.exit("kubedoor: too few days are stored: a rule is scored on days that have others before them")


if __name__ == "__main__":
    main()
