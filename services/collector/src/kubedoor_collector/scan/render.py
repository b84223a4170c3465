"""A scan's report as a table for the terminal, JSON, YAML or CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Literal

import yaml
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from kubedoor_collector.domain.leaving_out import WORDS
from kubedoor_collector.scan.page import page
from kubedoor_collector.scan.report import GIB, Order, Report, Scanned

Format = Literal["table", "json", "yaml", "csv", "html"]
COLUMNS = (
    "namespace", "kind", "name", "pods", "container", "request_cpu_m", "proposed_cpu_m", "request_mem_mib",
    "proposed_mem_mib",
)  # fmt: skip


def rendered(report: Report, form: Format, order: Order) -> str:
    """Return the report as text in any form but the terminal's."""
    if form == "json":
        return json.dumps(report.document(order), ensure_ascii=False, indent=2) + "\n"
    if form == "yaml":
        return yaml.safe_dump(report.document(order), allow_unicode=True, sort_keys=False)
    return page(report, order) if form == "html" else _csv(report, order)


def _csv(report: Report, order: Order) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for service in report.sorted_by(order):
        for one in service.containers:
            values = (one.request_cpu_m, one.proposed_cpu_m, one.request_mem_mib, one.proposed_mem_mib)
            writer.writerow((service.namespace, service.kind, service.name, service.pods, one.name, *values))
    return buffer.getvalue()


def print_table(console: Console, report: Report, order: Order, most: int) -> None:
    """Print the services that ask for most too much, the sums, and what was left out.

    :param most: how many services; 0: all.
    """
    services = report.sorted_by(order)
    shown = services[:most] if most else services
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("namespace", "service", "pods"):
        table.add_column(title, justify="right" if title == "pods" else "left", overflow="fold")
    for title in ("cpu now", "at peak", "spare", "memory now", "at peak", "spare"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in shown:
        table.add_row(*_cells(one))
    console.print(Group(table, Text(), *(Text(line) for line in lines(report, len(shown)))), soft_wrap=False)


def _cells(one: Scanned) -> list[Text | str]:
    def all_of(what: str, unit: str) -> str:
        value = one.of_a_pod(what)
        return "-" if value is None else f"{value}{unit}"

    return [
        one.namespace,
        one.title,
        str(one.pods),
        all_of("request_cpu_m", "m"),
        all_of("proposed_cpu_m", "m"),
        _spare(one.spare_cpu_m / 1000, "cores"),
        all_of("request_mem_mib", "Mi"),
        all_of("proposed_mem_mib", "Mi"),
        _spare(one.spare_mem_mib / GIB, "GiB"),
    ]


def _spare(value: float, unit: str) -> Text:
    style = "yellow" if value > 0 else "red" if value < 0 else ""
    return Text(f"{value:+.2f} {unit}", style=style)


def lines(report: Report, shown: int) -> list[str]:
    """Return the sums in words, and everything that is not in them."""
    totals, found = report.totals, []
    if shown < totals.services:
        found.append(f"{totals.services - shown} more services: --all shows them")
    how = "found" if report.found_hours else "as given"
    found.append(
        f"{totals.services} services, {len(report.days) - len(report.failed)} of {len(report.days)} days,"
        f" peak hours {report.peak_hours} ({how}), {report.timezone}. Numbers are of one pod, spare of all."
    )
    found.append(
        f"cpu: {totals.requested_cpu_m / 1000:.1f} cores are asked for, {totals.freed_cpu_m / 1000:.1f}"
        f" ({totals.freed_cpu_pct:.0f} %) beyond the peak, {totals.missing_cpu_m / 1000:.1f} missing at it"
    )
    found.append(
        f"memory: {totals.requested_mem_mib / GIB:.1f} GiB are asked for,"
        f" {totals.freed_mem_mib / GIB:.1f} beyond the peak, {totals.missing_mem_mib / GIB:.1f} missing at it"
    )
    found += [f"not read: {day}: {reason}" for day, reason in report.failed]
    found += [f"left out: {one.namespace}/{one.name}: {WORDS[one.why]}" for one in report.left_out]
    return found
