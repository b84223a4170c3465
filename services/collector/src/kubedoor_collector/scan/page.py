"""A scan's report as one HTML file that needs nothing else: it can be sent to whoever asks."""

from __future__ import annotations

from html import escape

from kubedoor_collector.domain.leaving_out import WORDS
from kubedoor_collector.scan.report import GIB, Order, Report, Scanned

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1100px; padding: 0 1rem;
  color: #1f2937; background: #fff; }
.sums { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; padding: 0; }
.sums div { border: 1px solid #d1d5db; border-radius: 8px; padding: .75rem 1rem; flex: 1 1 200px; }
.sums b { display: block; font-size: 1.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #e5e7eb; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.more { color: #92400e; } .less { color: #b91c1c; } footer, .said { color: #4b5563; }
@media (prefers-color-scheme: dark) {
  body { color: #e5e7eb; background: #111827; } th, td, .sums div { border-color: #374151; }
  .more { color: #fbbf24; } .less { color: #f87171; } footer, .said { color: #9ca3af; }
}
"""
HEAD = (
    "<th>Namespace</th><th>Service</th><th class=n>Pods</th>"
    "<th class=n>CPU asked for</th><th class=n>CPU at peak</th><th class=n>Spare, all pods</th>"
    "<th class=n>Memory asked for</th><th class=n>Memory at peak</th><th class=n>Spare, all pods</th>"
)


def page(report: Report, order: Order) -> str:
    """Return the file's text."""
    rows = "\n".join(_row(one) for one in report.sorted_by(order))
    days = f"{report.days[0]} to {report.days[-1]}" if report.days else ""
    how = "found in the data" if report.found_hours else "as given"
    said = (
        f"Daily peaks of {escape(days)}, {escape(report.peak_hours)} ({how}), {escape(report.timezone)}."
        " What is needed at peak is the 95th percentile over time of the mean over a service's pods, on the"
        " busiest of these days. Numbers are of one pod."
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What is asked for, and what is used</title>
<style>{STYLE}</style>
</head>
<body>
<h1>What is asked for, and what is used</h1>
<p class=said>{said}</p>
{_sums(report)}
<table>
<thead><tr>{HEAD}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
{_unsaid(report)}
<footer><p>Made by KubeDoor (kubedoor scan).</p></footer>
</body>
</html>
"""


def _sums(report: Report) -> str:
    sums = report.totals
    boxes = (
        ("Services", str(sums.services)),
        ("CPU asked for", f"{sums.requested_cpu_m / 1000:.1f} cores"),
        ("of it beyond the peak", f"{sums.freed_cpu_m / 1000:.1f} cores ({sums.freed_cpu_pct:.0f} %)"),
        ("CPU missing at the peak", f"{sums.missing_cpu_m / 1000:.1f} cores"),
        ("Memory asked for", f"{sums.requested_mem_mib / GIB:.1f} GiB"),
        ("of it beyond the peak", f"{sums.freed_mem_mib / GIB:.1f} GiB"),
    )
    return (
        "<div class=sums>" + "".join(f"<div>{title}<b>{value}</b></div>" for title, value in boxes) + "</div>"
    )


def _row(one: Scanned) -> str:
    cells = [f"<td>{escape(one.namespace)}</td><td>{escape(one.title)}</td><td class=n>{one.pods}</td>"]
    for what, unit, spare, scale, whole in (
        ("cpu_m", "m", one.spare_cpu_m, 1000, "cores"),
        ("mem_mib", "Mi", one.spare_mem_mib, GIB, "GiB"),
    ):
        for which in ("request", "proposed"):
            value = one.of_a_pod(f"{which}_{what}")
            cells.append(f"<td class=n>{'–' if value is None else f'{value}{unit}'}</td>")
        tone = "more" if spare > 0 else "less" if spare < 0 else ""
        cells.append(f'<td class="n {tone}">{spare / scale:+.2f} {whole}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _unsaid(report: Report) -> str:
    said = [f"{day} could not be read: {reason}" for day, reason in report.failed]
    said += [f"{one.namespace}/{one.name}: {WORDS[one.why]}" for one in report.left_out]
    if not said:
        return ""
    return "<h2>Not in these numbers</h2><ul>" + "".join(f"<li>{escape(one)}</li>" for one in said) + "</ul>"
