"""What is said over a terminal's WebSocket besides what is typed and shown, which goes as bytes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.pods.action import ActionReason
from kubedoor_api.web.fields import Model

MAX_CELLS = 1000


class TerminalInput(Model):
    """A text that the viewer sends."""

    columns: Annotated[int, Field(ge=1, le=MAX_CELLS)] | None = None
    """Width of the terminal, characters; null: as it is"""
    rows: Annotated[int, Field(ge=1, le=MAX_CELLS)] | None = None
    """Its height; goes with `columns`"""
    seen: Annotated[int, Field(ge=0)] | None = None
    """So many bytes have been shown in all; no more than 256 KiB are sent ahead of that"""


class TerminalNotice(Model):
    """A text that the viewer gets."""

    event: Literal["opened", "ends_soon", "ended"]
    """`opened`: the shell runs; `ends_soon`: see `reason`; `ended`: the last message"""
    reason: ActionReason = ""
    """Why it ends, or will unless somebody types: `idle`, 10 minutes without a key; `time_limit`, an hour;
    when it has ended, whatever the action says. Empty: the shell ended by itself"""
    detail: str = ""
    """The same in words, where the cluster said some"""
    in_s: int | None = None
    """Of `ends_soon`: seconds that are left"""
    exit_code: int | None = None
    """Of `ended`: that of the shell; null where it was ended"""
