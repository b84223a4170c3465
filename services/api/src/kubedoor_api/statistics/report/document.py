"""A report as a PDF document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Table, TableStyle

from kubedoor_api.statistics.report import rendering
from kubedoor_api.statistics.report.figures import Report
from kubedoor_api.statistics.report.rendering import Language

CHINESE = "STSong-Light"
"""A font that every viewer has, or puts another in the place of: none is sent along."""
MARGIN = 15 * mm
NAME_PCT = 34
"""How much of a table's width its first column takes: names are long, numbers are not."""
STYLE = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.HexColor("#d1d5db")),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ]
)

registerFont(UnicodeCIDFont(CHINESE))


def as_pdf(report: Report | None, env: str, language: Language) -> bytes:
    """Return a report as a PDF document of A4 pages.

    :param report: None where nothing has been collected of the env.
    """
    content, file = rendering.content_of(report, env, language), io.BytesIO()
    font = "Helvetica" if _is_latin(content) else CHINESE
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=content.title, author="KubeDoor", lang=language,
    )  # fmt: skip
    document.build(list(_flowables(content, font)))
    return file.getvalue()


def _is_latin(content: rendering.Content) -> bool:
    """Tell whether the standard fonts have every character: a currency or a name may be in any language."""
    try:
        repr(content).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _flowables(content: rendering.Content, font: str) -> Iterator[Flowable]:
    wrap = "CJK" if font == CHINESE else None
    text = ParagraphStyle("text", fontName=font, fontSize=9, leading=13, spaceAfter=4, wordWrap=wrap)
    heading = ParagraphStyle("heading", text, fontSize=11, leading=16, spaceBefore=10)
    number = ParagraphStyle("number", text, alignment=2, spaceAfter=0)
    name = ParagraphStyle("name", text, spaceAfter=0, splitLongWords=1)
    yield Paragraph(escape(content.title), ParagraphStyle("title", text, fontSize=15, leading=22))
    for sentence in content.sentences:
        yield Paragraph(escape(sentence), text)
    for table in content.tables:
        cells: list[list[Any]] = [
            [Paragraph(escape(cell), number if column else name) for column, cell in enumerate(row)]
            for row in (table.head, *table.rows)
        ]
        others = len(table.head) - 1
        widths = [f"{NAME_PCT}%", *[f"{(100 - NAME_PCT) / others}%"] * others]
        drawn = Table(cells, widths, style=STYLE, repeatRows=1)
        yield KeepTogether([Paragraph(escape(table.title), heading), drawn])
    yield Paragraph(
        escape(content.note),
        ParagraphStyle("note", text, spaceBefore=12, textColor=colors.HexColor("#4b5563")),
    )
