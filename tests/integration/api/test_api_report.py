"""The report of an env: a page to print, and once each Monday an event in the language of the settings."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.statistics.report.routes import report_if_due
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.events import WEEKLY, is_wanted
from support.api import BASE, ENV, Api
from support.services import daily

MONDAY = date(2093, 6, 1)
assert MONDAY.weekday() == 0


async def collect(clickhouse: ClickHouse, *days: date, namespace: str = "shop") -> None:
    """Keep the peak of two services on some days."""
    for day in days:
        for name, asked in (("cart", 1000), ("pay<b>", 300)):
            await daily(
                clickhouse, name, "app", day.isoformat(), namespace=namespace, pod_count=4, p95_cpu_m=100,
                request_cpu_m=asked, p95_mem_mib=512, request_mem_mib=1024,
            )  # fmt: skip


class Cells(HTMLParser):
    """The texts of a page's cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note whether a cell begins."""
        self._open = tag in {"td", "th"}

    def handle_endtag(self, tag: str) -> None:
        """Note that it ends."""
        self._open = False

    def handle_data(self, data: str) -> None:
        """Keep a cell's text."""
        if self._open:
            self.texts.append(data)


async def test_the_page_tells_the_sums_and_the_most_wasteful(api: Api, clickhouse: ClickHouse) -> None:
    assert "Nothing has been collected yet." in (await api.get(f"{BASE}/report")).text
    sunday = MONDAY - timedelta(days=1)
    await collect(clickhouse, sunday - timedelta(days=7), sunday)
    page = await api.get(f"{BASE}/report")
    assert page.status == 200
    cells = Cells(page.text).texts
    assert cells[(first := cells.index("CPU")) : first + 6] == [
        "CPU",
        "5.2 cores",
        "0.8 cores",
        "4.4 cores",
        "0.0 cores",
        "0.0 cores",
    ]
    assert {"shop/cart", "shop/pay<b>", "3.6 cores"} <= set(cells), "a name is text, never a tag"
    assert cells.index("shop/cart") < cells.index("shop/pay<b>"), "the most wasteful first"
    assert "Not collected in this week" in page.text
    chinese = await api.get(f"{BASE}/report?language=zh-CN")
    assert "请求而未使用的 CPU 最多的服务" in chinese.text
    assert (await api.get(f"{BASE}/report?language=fr")).status == 400


async def test_the_document_says_what_the_page_says(api: Api, clickhouse: ClickHouse) -> None:
    await collect(clickhouse, MONDAY - timedelta(days=1))
    for language in ("en", "zh-CN"):
        path = f"{BASE}/report?language={language}"
        page = await api.get(path)
        headers = {"Authorization": f"Bearer {api.bearer}"}
        async with api.client.get(f"{path}&format=pdf", headers=headers) as answer:
            assert answer.status == 200
            assert answer.content_type == "application/pdf"
            document = PdfReader(io.BytesIO(await answer.read()))
        told = "".join(one.extract_text() for one in document.pages)
        missing = [cell for cell in Cells(page.text).texts if _bare(cell) not in _bare(told)]
        assert not missing, "each cell of the page is in the document"
        assert str(document.root_object["/Lang"]) == language


def _bare(text: str) -> str:
    """Return a text without its blanks: a document breaks lines where it likes."""
    return "".join(text.split())


async def test_it_is_of_the_namespaces_that_one_may_see(api: Api, clickhouse: ClickHouse) -> None:
    await collect(clickhouse, MONDAY)
    await collect(clickhouse, MONDAY, namespace="secret")
    page = await api.as_(Role.VIEWER, namespace="shop").get(f"{BASE}/report")
    assert "Only of the namespaces shop." in page.text
    assert "secret" not in page.text
    assert "5.2 cores" in page.text


@pytest.mark.parametrize(("language", "word"), [("en", "Namespaces with the most"), ("zh-CN", "命名空间")])
async def test_it_is_told_once_each_monday_where_it_is_asked_for(
    context: Context, api: Api, clickhouse: ClickHouse, language: str, word: str
) -> None:
    at_nine = datetime(2093, 6, 1, 9, tzinfo=ZoneInfo(context[ApiSettings].timezone))
    await collect(clickhouse, MONDAY - timedelta(days=3), MONDAY)
    assert not await report_if_due(context, ENV, at_nine), "off unless it is asked for"
    answer = await api.change("PUT", f"{BASE}/settings/weekly_report", {"value": language}, version="0")
    assert answer.status == 200, answer.text
    for early in (at_nine - timedelta(hours=1, minutes=1), at_nine + timedelta(days=1)):
        assert not await report_if_due(context, ENV, early)
    assert [await report_if_due(context, ENV, at_nine + timedelta(minutes=n)) for n in range(3)] == [
        True, False, False,
    ]  # fmt: skip
    assert await report_if_due(context, ENV, at_nine + timedelta(days=7))
    rows = await clickhouse.fetch(f"SELECT message FROM event WHERE kind = '{WEEKLY}' ORDER BY at")
    assert len(rows) == 2
    assert word in rows[0]["message"]
    assert "2093-05-29" in rows[0]["message"], "the week that is over, not this one's first day"
    assert is_wanted(WEEKLY, "info", [], "nothing"), "who asks for it need choose no kind"
