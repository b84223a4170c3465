"""What is asked and told of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from kubedoor_api.web.fields import Model, Search, Time


class AuditQuery(Model):
    """Which rows, the latest first."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Most rows to return"""
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,19}$")] = ""
    """`next_cursor` of the part before"""
    actor: Search = ""
    """Only what this user did"""
    action: Search = ""
    """Only this action, such as `changeService`"""
    env: Search = ""
    """Only this env"""
    namespace: Search = ""
    """Only this namespace"""
    name: Search = ""
    """Only this Deployment"""
    q: Search = ""
    """Text in any column"""
    since: datetime | None = None
    """Not before this time, with its zone"""
    until: datetime | None = None
    """Before this time, with its zone"""


class AuditRow(Model):
    """Who did or tried what."""

    seq: str
    """Place in the chain"""
    at: Time
    """When, UTC"""
    actor: str
    """Who"""
    role: str
    """The role that was used, or empty for a sign-in"""
    remote: str
    """From which address"""
    request_id: str
    """Identity of the request, as in the logs and in `X-Request-Id`"""
    action: str
    """What: an operation of this document, or `signIn`"""
    env: str
    """In which env; empty if in none"""
    namespace: str
    """In which namespace"""
    name: str
    """On which Deployment"""
    before: Any
    """What stood before; null if nothing"""
    after: Any
    """What stands now; null if nothing"""
    outcome: str
    """`succeeded`, `refused`, `failed`, or the outcome of a sign-in"""
    hash: str
    """Hash over the row and the hash of the row before it"""


class AuditPage(Model):
    """One part of the audit log, the latest first."""

    items: list[AuditRow]
    """The rows"""
    next_cursor: str | None
    """Goes into `cursor` for the next part; null at the end"""


class AuditVerdict(Model):
    """Whether the chain is whole."""

    whole: bool
    """True if no row was changed or removed"""
    rows: int
    """Rows that were checked"""
    head: str
    """Hash of the last good row; keep it elsewhere to notice rows cut off at the end"""
    problem: str | None
    """The first row that is wrong, and how"""
