"""One logging configuration for every service: structured events with stable names."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Literal, cast

import structlog

LogFormat = Literal["json", "console"]
LogLevel = Literal["debug", "info", "warning", "error"]


PAUSE_S = 10.0
MOST_REMEMBERED = 256


class Repeated(logging.Filter):
    """Lets a library's record through once in ten seconds, and says how often it came meanwhile.

    Without file descriptors asyncio alone would write thousands of the same line a second. Our own events,
    which are no texts, all pass.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if not isinstance(record.msg, str):
            return True
        said, now_s = record.getMessage(), self._clock()
        since_s, left_out = self._said.get((record.name, said), (float("-inf"), 0))
        passes = now_s - since_s >= PAUSE_S
        if len(self._said) >= MOST_REMEMBERED:
            self._said.clear()
        self._said[record.name, said] = (now_s, 0) if passes else (since_s, left_out + 1)
        if passes and left_out:
            record.msg, record.args = f"{said} (and {left_out} times more before)", ()
        return passes


class Trouble:
    """What keeps something from its work, warned of once and not at every new attempt.

    :ivar reason: in words; empty while nothing does.
    """

    def __init__(self, log: structlog.stdlib.BoundLogger, event: str, **about: str) -> None:
        """Begin without any.

        :param about: goes with each warning.
        """
        self.reason = ""
        self._warn = partial(log.warning, event, **about)

    def note(self, reason: str) -> None:
        """Warn of what is wrong now, where it is another thing than before; an empty reason: nothing is."""
        if reason and reason != self.reason:
            self._warn(reason=reason)
        self.reason = reason


def configure_logging(service: str, log_format: LogFormat, level: LogLevel) -> None:
    """Send structlog's and the standard library's records to stderr in one shape.

    ``service`` is bound to every event, so that lines of several services can be told apart.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Repeated())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one module."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))
