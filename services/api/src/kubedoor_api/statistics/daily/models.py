"""What is asked and told of one day's peak data."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 `date` is a field of most models here
from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.collections.models import LeftOut
from kubedoor_api.control.models import ContainerPeak, PeakFlag
from kubedoor_api.web.fields import LABEL, Model, Page, Search, ServiceName, SortKeys, Time

PeakSort = Annotated[
    str,
    SortKeys(
        "namespace", "name", "container", "pod_count", "p95_cpu_m", "p95_cpu_hot_m", "p95_mem_mib",
        "p95_mem_hot_mib", "max_mem_mib", "request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib",
        "cpu_pct", "mem_pct", "oom_kills", "throttled_pct", "coverage", "collected_at",
    ),
]  # fmt: skip


class PeakFilter(Model):
    """Which rows, and in which order."""

    date: LocalDate | None = None
    """Local day on which the window began; without it the latest collected one"""
    sort: PeakSort = "namespace"
    """Column to sort by; a leading `-` sorts downwards. Unknown values come last either way"""
    q: Search = ""
    """Part of the namespace's, the Deployment's or the container's name, in any case"""
    namespace: Annotated[str, Field(pattern=LABEL, max_length=63)] | None = None
    """Only this namespace"""
    flag: PeakFlag | None = None
    """Only rows with this flag"""


class PeakQuery(PeakFilter, Page):
    """Which part of the rows."""


class PeakExportQuery(PeakFilter):
    """Which rows to export, and how."""

    format: Literal["csv", "json"] = "csv"
    """`csv`: a line per container; `json`: the rows as `listPeaks` gives them"""


class PeakPlace(ServiceName):
    """Which container, and when."""

    container: str
    """Name of the container"""
    window_start: Time
    """Begin of the peak window, UTC"""
    window_end: Time
    """End of the peak window, UTC"""
    pod_count: int | None
    """Median over the window of the number of pods"""


class PeakRow(ContainerPeak, PeakPlace):
    """One container of a service in the peak window of one day; null where unknown."""

    collected_at: Time
    """When the row was collected, UTC"""
    flags: list[PeakFlag]
    """What is odd about it"""


class FlagCount(Model):
    """How often a flag was found."""

    flag: PeakFlag
    """The flag"""
    rows: int
    """Containers that have it"""
    services: int
    """Services with such a container"""


class PeakList(Model):
    """One part of a day's peak data."""

    date: LocalDate | None
    """The day; null while nothing has been collected"""
    items: list[PeakRow]
    """The rows"""
    total: int
    """How many rows there are in all parts"""
    flags: list[FlagCount]
    """How often each flag is found among the rows of all parts, whatever `flag` asks for"""
    left_out: list[LeftOut]
    """What has no figures that day, or not the usual ones, and why; of the namespaces that you may see,
    whatever the filter asks for"""
    failed: bool
    """Whether the last collection of the day failed, so that it keeps what it had"""
    error: str | None
    """Why it failed; null where it did not, and for who may not see all of the env"""
