"""The error hierarchy: what a boundary met, in words that say what to do."""

from __future__ import annotations


class KubeDoorError(Exception):
    """Root of every error that KubeDoor raises on purpose."""


class BadValueError(KubeDoorError, ValueError):
    """A value that somebody entered cannot be taken; the message says why and what would be."""


class UnavailableError(KubeDoorError):
    """A part that we depend on could not be asked. It says nothing about the data: try again later.

    :cvar part: which part, for machines.
    :ivar condition: why, in one word for machines; empty where that is not known.
    """

    part = ""
    condition = ""


class ClickHouseError(KubeDoorError):
    """ClickHouse refused a statement: ours is wrong, or the schema is not up."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class ClickHouseUnavailableError(UnavailableError):
    """ClickHouse could not be reached or asked in time, sent an invalid response, or can't do it now."""

    part = "clickhouse"

    def __init__(self, message: str, code: int | None = None, condition: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.condition = condition
