"""The endpoint of a report, and the leader's letter of it each Monday."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.settings import store
from kubedoor_api.statistics.report import queries
from kubedoor_api.statistics.report.figures import Report, gathered
from kubedoor_api.statistics.report.rendering import Language, as_page, as_text
from kubedoor_api.web.endpoint import Call, Context, Download, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.domain.env_policy import WEEKLY_REPORT
from kubedoor_core.domain.events import WEEKLY

LOOK_PAUSE_S = 60.0
HOUR = 8
"""On Mondays, by the clock of the env."""


class ReportQuery(Model):
    """In which language, and as what."""

    language: Language = "en"
    """Language of the report"""
    format: Literal["html", "pdf"] = "html"
    """A page to print, or a PDF document"""


@endpoint(
    "GET",
    "/envs/{env}/report",
    tag="statistics",
    role=Role.VIEWER,
    media_types=("text/html", "application/pdf"),
    by_target=True,
)
async def get_report(call: Call[EnvPath, ReportQuery, Nothing]) -> Download:
    """Return a page to print, or a PDF: what the last peak asked for and used, and where most is not used.

    Of the namespaces that you may see.
    """
    env, language = call.path.env, call.query.language
    report = await gathered(call.context, env, await namespace_scope(call.caller, call.context, env))
    if call.query.format == "pdf":
        document = await asyncio.to_thread(_pdf, report, env, language)
        return Download(document, "application/pdf", "kubedoor-report.pdf")
    return Download(as_page(report, env, language), "text/html", "kubedoor-report.html")


def _pdf(report: Report | None, env: str, language: Language) -> bytes:
    from kubedoor_api.statistics.report.document import as_pdf  # what sets PDF takes a while to load

    return as_pdf(report, env, language)


async def keep_reporting(context: Context, env: str) -> None:
    """Tell the team of an env each Monday, where its settings ask for that, while leading it."""
    while True:
        await report_if_due(context, env, datetime.now(UTC))
        await asyncio.sleep(LOOK_PAUSE_S)


async def report_if_due(context: Context, env: str, now: datetime) -> bool:
    """Tell the report of the week before on a Monday, once; return whether it was told now.

    :raises KubeDoorError: ClickHouse could not be asked.
    """
    local = now.astimezone(ZoneInfo(context[ApiSettings].timezone))
    if local.weekday() != 0 or local.hour < HOUR:
        return False
    language = (await store.policy(context, env))[WEEKLY_REPORT]
    event_id = f"{WEEKLY}:{env}:{local:%Y-%m-%d}"
    if language == "off" or await queries.was_told(context[ClickHouse], env, event_id):
        return False
    report = await gathered(context, env, None, until=local.date() - timedelta(days=1))
    if report is None:
        return False
    title, text = as_text(report, language)
    row = event_row(event_id, now, env, WEEKLY, f"{title}\n{text}", {}, severity="info")
    await context[ClickHouse].insert("event", [row])
    return True
