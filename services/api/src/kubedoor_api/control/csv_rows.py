"""Services as CSV, a line per container, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from kubedoor_api.control.models import MAX_SERVICES, ExpertService
from kubedoor_api.web.csv_text import render, unsafe
from kubedoor_api.web.fields import ServiceKey
from kubedoor_api.web.parse import field_errors
from kubedoor_core.domain.control import VALUES, ContainerValues, ExpertRow
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError

POLICIES = {"": "as_found", "fixed": "as_found"}
"""What a cell may say in other words: files from before autoscalers were found say `fixed`."""
SERVICE = ("namespace", "kind", "name", "replicas_manual", "replicas_policy", "mode", "note")
HEADER = (*SERVICE, "container", *VALUES)
WITHOUT_KIND = tuple(name for name in HEADER if name != "kind")
"""A file of Deployments alone may leave the kind out."""
NUMBERS = {"replicas_manual", *VALUES}


class CsvError(Exception):
    """A CSV is invalid; the errors name line and column."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors[0]["reason"])
        self.errors = errors


@dataclass(frozen=True)
class _Lines:
    """The lines of one service, the number of the first with them."""

    first: int
    service: dict[str, object]
    containers: list[dict[str, object]] = field(default_factory=list)


def to_csv(rows: Iterable[ExpertRow]) -> str:
    """Render the expert's rows; a service without containers has its line all the same."""
    return render(
        HEADER,
        (
            [*(getattr(row, name) for name in SERVICE), *container]
            for row in rows
            for container in row.containers or (ContainerValues(""),)
        ),
    )


def _error(line: int, column: str, reason: str) -> CsvError:
    about = {"line": line, "column": column, "reason": reason}
    wrong: FieldError = {
        "field": f"csv.{line}.{column}",
        "reason": f"line {line}, {column}: {reason}",
        "code": FieldCode.CSV,
        "parameters": about,
    }
    return CsvError([wrong])


def _value(line: int, column: str, text: str) -> object:
    if column not in NUMBERS:
        return unsafe(text)
    if text == "":
        return None
    if not text.isascii() or not text.isdigit():
        raise _error(line, column, f"{text!r} is not a whole number, nor empty for unknown")
    return int(text)


def from_csv(text: str) -> list[ExpertService]:
    """Read services. Lines of one service stand anywhere; its own columns must agree.

    :raises CsvError: naming line and column.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    services: dict[ServiceKey, _Lines] = {}
    try:
        header = tuple(next(reader, []))
        if header not in (HEADER, WITHOUT_KIND):
            raise _error(1, "namespace", f"the first line must be {','.join(HEADER)}")
        for cells in reader:
            if cells:
                _take(services, reader.line_num, header, cells)
            if len(services) > MAX_SERVICES:
                raise _error(reader.line_num, "namespace", f"more than {MAX_SERVICES} services")
    except csv.Error as error:
        raise _error(reader.line_num, "namespace", f"is no CSV: {error}") from error
    return [_service(lines) for lines in services.values()]


def _take(services: dict[ServiceKey, _Lines], line: int, header: tuple[str, ...], cells: list[str]) -> None:
    if len(cells) != len(header):
        raise _error(line, "namespace", f"has {len(cells)} cells, not {len(header)}")
    values = {name: _value(line, name, cell) for name, cell in zip(header, cells, strict=True)}
    service = {name: values.get(name) for name in SERVICE}
    service["kind"] = service["kind"] or "Deployment"
    service["mode"] = service["mode"] or None
    policy = str(service["replicas_policy"] or "")
    service["replicas_policy"] = POLICIES.get(policy, policy)
    key = (str(service["namespace"]), str(service["kind"]), str(service["name"]))
    standing = services.setdefault(key, _Lines(line, service))
    for name in SERVICE:
        if standing.service[name] != service[name]:
            raise _error(line, name, f"differs from line {standing.first}, which is of the same service")
    limits = {name: values[name] for name in VALUES}
    if values["container"] or any(value is not None for value in limits.values()):
        standing.containers.append({"name": values["container"], **limits})


def _service(lines: _Lines) -> ExpertService:
    line = lines.first
    try:
        return ExpertService.model_validate({**lines.service, "containers": lines.containers})
    except ValidationError as error:
        raise CsvError(
            [
                {
                    **found,
                    "field": f"csv.{line}.{found['field']}",
                    "reason": f"line {line}, {found['field']}: {found['reason']}",
                }
                for found in field_errors(error)
            ]
        ) from error
