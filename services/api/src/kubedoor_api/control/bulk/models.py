"""What is asked and told of many services at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from kubedoor_api.control.services.models import ContainerEdit, ServiceEdit
from kubedoor_api.web.fields import (
    AskedService,
    Model,
    ModeName,
    NamespaceName,
    Note,
    Policy,
    Replicas,
    ServiceKey,
    ServiceName,
    Version,
    WorkloadName,
    fault,
)
from kubedoor_core.problem_codes import FieldCode

MAX_SERVICES = 10_000


class BatchItem(AskedService):
    """A change of one service."""

    version: Version
    """The `version` that the change is based on"""
    edit: ServiceEdit
    """The change"""


class Batch(Model):
    """Changes of many services."""

    changes: Annotated[list[BatchItem], Field(min_length=1, max_length=MAX_SERVICES)]
    """The changes, each service once"""
    dry_run: bool = False
    """Only say what would change"""

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        _check_once("changes", self.changes)
        return self


def _check_once(field: str, services: Sequence[ServiceName]) -> None:
    seen: set[ServiceKey] = set()
    for index, service in enumerate(services):
        if service.key in seen:
            name = service.full_name
            raise fault(FieldCode.TWICE, f"{name} is duplicated", f"{field}.{index}", name=name)
        seen.add(service.key)


class ExpertService(AskedService):
    """The expert's values of one service, whole: what is left out is null."""

    namespace: NamespaceName
    """Kubernetes namespace"""
    name: WorkloadName
    """Name of the workload"""
    replicas_manual: Replicas | None = None
    """Number of pods by hand; 0 means zero"""
    replicas_policy: Policy = "fixed"
    """`fixed` or `autoscaled`"""
    mode: ModeName | None = None
    """The service's own admission mode"""
    note: Note = ""
    """What people should know about it"""
    containers: Annotated[list[ContainerEdit], Field(max_length=100, default_factory=list)]
    """The expert's values, by container"""

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [container.name for container in self.containers]
        for index, name in enumerate(names):
            if name in names[:index]:
                place = f"containers.{index}.name"
                raise fault(FieldCode.TWICE, f"{name!r} is duplicated", place, name=name)
        return self


class Import(Model):
    """Services to import: a list, or CSV as `exportServices` gives it."""

    services: Annotated[list[ExpertService], Field(max_length=MAX_SERVICES)] | None = None
    """The services"""
    csv: Annotated[str, Field(max_length=4_000_000)] | None = None
    """The same as CSV, a line per container"""
    dry_run: bool = False
    """Only say what would change"""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.services is None) == (self.csv is None):
            reason = "give either services or csv"
            raise fault(FieldCode.ONE_OF, reason, "services", fields=["services", "csv"])
        _check_once("services", self.services or [])
        return self


class BulkItem(ServiceName):
    """What becomes of one service."""

    action: Literal["added", "changed", "unchanged"]
    """`added` registers it, or brings a removed one back"""
    before: dict[str, Any] | None
    """The expert's row before; null where there is none"""
    after: dict[str, Any]
    """The expert's row after"""


class BulkResult(Model):
    """What was changed, or would be."""

    dry_run: bool
    """True: nothing was changed"""
    added: int
    """Services that were not registered by hand before"""
    changed: int
    """Services with other values than before"""
    unchanged: int
    """Services that are as they were"""
    version: Version | None
    """Version of every row that was written; null where none was"""
    items: list[BulkItem]
    """Each service"""


class ExportQuery(Model):
    """How to export."""

    format: Literal["csv", "json"] = "csv"
    """`csv`: a line per container; `json`: what `importServices` takes"""
