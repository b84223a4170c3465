"""What a report says, as text for a chat or a mail, and as a page to print. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Literal, NamedTuple

from kubedoor_api.statistics.report.figures import Report
from kubedoor_api.statistics.totals.models import Amount, Totals

Language = Literal["en", "zh-CN"]

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "What {env} asks for, and what it uses",
        "of": "Peak of {day}; {services} services, {pods} pods.",
        "scope": "Only of the namespaces {namespaces}.",
        "cpu": "CPU",
        "mem": "Memory",
        "asked": "Asked for",
        "used": "Used at the peak",
        "waste": "Not used",
        "shortage": "Missing",
        "week": "Against a week before",
        "nothing": "Nothing has been collected yet.",
        "no_week": "The day a week before was not collected.",
        "money": "The requests cost {requested} {currency} a month; {waste} of it are not used.",
        "no_money": "What that costs is not known: no price is set in the settings.",
        "score": "Score: {score} of 100.",
        "no_score": "The score is not known yet.",
        "unregistered": "{n} services that ran are not registered: admission refuses them in enforce.",
        "missing": "Not collected in this week: {days}.",
        "wasteful": "Services with the most CPU that is asked for and not used",
        "namespaces": "Namespaces with the most CPU that is asked for and not used",
        "service": "Service",
        "namespace": "Namespace",
        "pods": "Pods",
        "cpu_waste": "CPU not used",
        "mem_waste": "Memory not used",
        "cores": "{n} cores",
        "note": "Used: 95th percentile over the peak window of the mean over a service's pods, times pods.",
    },
    "zh-CN": {
        "title": "{env} 的请求量与实际用量",
        "of": "{day} 的高峰；{services} 个服务，{pods} 个 Pod。",
        "scope": "仅限命名空间 {namespaces}。",
        "cpu": "CPU",
        "mem": "内存",
        "asked": "请求",
        "used": "高峰用量",
        "waste": "未使用",
        "shortage": "不足",
        "week": "与一周前相比",
        "nothing": "尚未采集任何数据。",
        "no_week": "一周前的那天没有采集。",
        "money": "这些请求每月花费 {requested} {currency}，其中 {waste} 未使用。",
        "no_money": "花费未知：设置中没有价格。",
        "score": "评分：{score}（满分 100）。",
        "no_score": "评分尚未可知。",
        "unregistered": "{n} 个运行过的服务未登记：强制模式下准入会拒绝它们。",
        "missing": "本周未采集：{days}。",
        "wasteful": "请求而未使用的 CPU 最多的服务",
        "namespaces": "请求而未使用的 CPU 最多的命名空间",
        "service": "服务",
        "namespace": "命名空间",
        "pods": "Pod",
        "cpu_waste": "未使用的 CPU",
        "mem_waste": "未使用的内存",
        "cores": "{n} 核",
        "note": "用量：各服务 Pod 平均值在高峰窗口内的第 95 百分位，乘以 Pod 数。",
    },
}


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
