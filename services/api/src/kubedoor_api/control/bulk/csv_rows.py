"""Services as CSV, a line per container, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from kubedoor_api.control.bulk.models import MAX_SERVICES, ExpertService
from kubedoor_api.web.csv_text import render, unsafe
from kubedoor_api.web.fields import ServiceKey
from kubedoor_api.web.parse import field_errors
from kubedoor_core.clickhouse import Row
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import FieldError

VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
SERVICE = ("namespace", "kind", "name", "replicas_manual", "replicas_policy", "mode", "note")
HEADER = (*SERVICE, "container", *VALUES)
NUMBERS = {"replicas_manual", *VALUES}


class CsvError(Exception):
    """A CSV is invalid; the errors name line and column."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors[0]["reason"])
        self.errors = errors


def to_csv(rows: Iterable[Row]) -> str:
    """Render the expert's rows."""
    return render(HEADER, (line for row in rows for line in _lines(row)))


def _lines(row: Row) -> Iterable[list[object]]:
    service = [row[name] for name in SERVICE]
    columns = [row[f"containers.{name}"] for name in ("name", *VALUES)]
    containers = [list(values) for values in zip(*columns, strict=True)]
    # A service without containers still has its line.
    return [[*service, *container] for container in containers or [["", None, None, None, None]]]


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
    services: dict[ServiceKey, tuple[int, dict[str, Any]]] = {}
    try:
        header = next(reader, [])
        if header != list(HEADER):
            raise _error(1, "namespace", f"the first line must be {','.join(HEADER)}")
        for cells in reader:
            if cells:
                _take(services, reader.line_num, cells)
            if len(services) > MAX_SERVICES:
                raise _error(reader.line_num, "namespace", f"more than {MAX_SERVICES} services")
    except csv.Error as error:
        raise _error(reader.line_num, "namespace", f"is no CSV: {error}") from error
    return [_service(line, values) for line, values in services.values()]


def _take(services: dict[ServiceKey, tuple[int, dict[str, Any]]], line: int, cells: list[str]) -> None:
    if len(cells) != len(HEADER):
        raise _error(line, "namespace", f"has {len(cells)} cells, not {len(HEADER)}")
    values = {name: _value(line, name, cell) for name, cell in zip(HEADER, cells, strict=True)}
    service = {name: values[name] for name in SERVICE}
    service["kind"] = service["kind"] or "Deployment"
    service["mode"] = service["mode"] or None
    service["replicas_policy"] = service["replicas_policy"] or "fixed"
    key = (str(values["namespace"]), str(values["kind"]), str(values["name"]))
    first, standing = services.setdefault(key, (line, {**service, "containers": []}))
    for name in SERVICE:
        if standing[name] != service[name]:
            raise _error(line, name, f"differs from line {first}, which is of the same service")
    limits = {name: values[name] for name in VALUES}
    if values["container"] or any(value is not None for value in limits.values()):
        standing["containers"].append({"name": values["container"], **limits})


def _service(line: int, values: dict[str, Any]) -> ExpertService:
    try:
        return ExpertService.model_validate(values)
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
