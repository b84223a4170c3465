"""What a report says, as text for a chat or a mail, and as a page to print. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from kubedoor_api.statistics.report.figures import Report
from kubedoor_api.statistics.report.words import WORDS, Language
from kubedoor_api.statistics.totals.models import Amount, Totals

GIB = 1024
STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 900px; padding: 0 1rem;
  color: #1f2937; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 1.6rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d1d5db; overflow-wrap: anywhere; }
th + th, td + td { text-align: right; font-variant-numeric: tabular-nums; }
footer { color: #4b5563; margin-top: 1.6rem; }
@page { margin: 15mm; }
"""


class Table(NamedTuple):
    """A table with its title; the first column is text, the others are numbers with their units."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Content(NamedTuple):
    """All that a report says, in a language, in its order."""

    title: str
    sentences: Sequence[str]
    tables: Sequence[Table]
    note: str


def content_of(report: Report | None, env: str, language: Language) -> Content:
    """Put a report into words.

    :param report: None where nothing has been collected of the env.
    """
    words = WORDS[language]
    title = words["title"].format(env=env)
    if report is None:
        return Content(title, [words["nothing"]], [], words["note"])
    return Content(title, [*_sentences(report, language)], [*_tables(report, language)], words["note"])


def as_text(report: Report, language: Language) -> tuple[str, str]:
    """Return a report's title and its text."""
    content = content_of(report, report.env, language)
    lines = [*content.sentences]
    for table in content.tables:
        lines += ["", table.title]
        lines += [
            f"- {row[0]}: "
            + ", ".join(f"{head} {cell}" for head, cell in zip(table.head[1:], row[1:], strict=True))
            for row in table.rows
        ]
    return content.title, "\n".join(lines)


def as_page(report: Report | None, env: str, language: Language) -> str:
    """Return a report as an HTML page that needs nothing else, also for printing.

    :param report: None where nothing has been collected of the env.
    """
    content = content_of(report, env, language)
    title = escape(content.title)
    said = "\n".join(f"<p>{escape(one)}</p>" for one in content.sentences)
    tables = "\n".join(map(_table, content.tables))
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
{said}
{tables}
<footer><p>{escape(content.note)}</p></footer>
</body>
</html>
"""


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return f"<h2>{escape(table.title)}</h2>\n<table>\n<tr>{head}</tr>\n{rows}\n</table>"


def _sentences(report: Report, language: Language) -> Iterator[str]:
    words, totals = WORDS[language], report.totals
    yield words["of"].format(day=report.day, services=totals.services, pods=totals.pods)
    if report.scope is not None:
        yield words["scope"].format(namespaces=", ".join(report.scope))
    if report.money:
        money = {name: f"{getattr(report.money, name):,.0f}" for name in ("requested", "waste")}
        yield words["money"].format(currency=report.money.currency, **money)
    else:
        yield words["no_money"]
    yield words["no_score"] if report.score is None else words["score"].format(score=f"{report.score:.0f}")
    if report.unregistered:
        yield words["unregistered"].format(n=report.unregistered)
    if report.missing:
        yield words["missing"].format(days=", ".join(map(str, report.missing)))
    if report.before is None:
        yield words["no_week"]


def _tables(report: Report, language: Language) -> Iterator[Table]:
    words = WORDS[language]
    amounts = ("asked", "used", "waste", "shortage")
    week = ["week"] if report.before else []
    yield Table(
        words["title"].format(env=report.env),
        ["", *(words[name] for name in (*amounts, *week))],
        [_resource(report, field, language) for field in ("cpu", "mem")],
    )
    head = [words[name] for name in ("pods", "cpu_waste", "mem_waste")]
    if report.wasteful:
        rows = [[f"{one.namespace}/{one.name}", *_wasted(one, language)] for one in report.wasteful]
        yield Table(words["wasteful"], [words["service"], *head], rows)
    if report.namespaces:
        rows = [[one.namespace, *_wasted(one, language)] for one in report.namespaces]
        yield Table(words["namespaces"], [words["namespace"], *head], rows)


def _wasted(totals: Totals, language: Language) -> list[str]:
    waste = (totals.cpu_m.waste, totals.mem_mib.waste)
    return [
        f"{totals.pods:,}",
        *(_written(value, field, language) for value, field in zip(waste, ("cpu", "mem"), strict=True)),
    ]


def _resource(report: Report, field: str, language: Language) -> list[str]:
    """Return a resource's row: what is asked for, used, not used and missing, and the change of not used."""
    now, before = _amount(report.totals, field), _amount(report.before, field) if report.before else None
    told = [_written(value, field, language) for value in (now.requested, now.used, now.waste, now.shortage)]
    if before:
        change = now.waste - before.waste
        told.append(("+" if change > 0 else "") + _written(change, field, language))
    return [WORDS[language][field], *told]


def _amount(totals: Totals, field: str) -> Amount:
    return totals.cpu_m if field == "cpu" else totals.mem_mib


def _written(value: int, field: str, language: Language) -> str:
    if field == "mem":
        return f"{value / GIB:,.1f} GiB"
    return WORDS[language]["cores"].format(n=f"{value / 1000:,.1f}")
