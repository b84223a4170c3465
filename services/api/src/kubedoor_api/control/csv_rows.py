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
SERVICE = ("namespace", "kind", "name", "replicas_manual", "replicas_ai", "replicas_policy", "mode", "note")
HEADER = (*SERVICE, "container", *VALUES)
OPTIONAL = {"kind", "replicas_ai"}
"""A file of Deployments alone may leave the kind out, and any file what only accepting an advice sets."""
NEEDED = tuple(name for name in HEADER if name not in OPTIONAL)
NUMBERS = {"replicas_manual", "replicas_ai", *VALUES}
MAX_ERRORS = 100
"""So many wrong cells are told; a file with more is most likely none of ours."""


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


def _error(line: int, column: str, code: FieldCode, reason: str, **parameters: int | str) -> FieldError:
    return {
        "field": f"csv.{line}.{column}",
        "reason": f"line {line}, {column}: {reason}",
        "code": code,
        "parameters": {"line": line, "column": column, **parameters},
    }


def from_csv(text: str) -> list[ExpertService]:
    """Read services. Lines of one service stand anywhere; its own columns must agree.

    Commas or semicolons stand between the cells. Empty lines and columns whose name has a dot, such as
    `used.cpu_m`, are passed by: the console's export tells with them what was measured.

    :raises CsvError: naming each wrong line and column, the first MAX_ERRORS of them.
    """
    text = text.removeprefix("\ufeff")
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    found = _Found()
    try:
        header = tuple(name.strip() for name in next(reader, []))
        _check_header(header)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.take(reader.line_num, header, cells)
            if len(found.errors) >= MAX_ERRORS:
                break
    except csv.Error as error:
        found.errors.append(_error(reader.line_num, SERVICE[0], FieldCode.CSV, f"is no CSV: {error}"))
    return found.services()


def _check_header(header: tuple[str, ...]) -> None:
    """Refuse a first line that lacks a column, has one twice, or has one that nobody reads."""
    missing = [name for name in NEEDED if name not in header]
    errors = [_error(1, name, FieldCode.CSV_COLUMN_MISSING, "this column is missing") for name in missing]
    for index, name in enumerate(header):
        if name in header[:index]:
            errors.append(_error(1, name, FieldCode.CSV_COLUMN_TWICE, "this column is there twice"))
        elif name and name not in HEADER and "." not in name:
            reason = f"this column is not known; the columns are {','.join(HEADER)}"
            errors.append(_error(1, name, FieldCode.CSV_COLUMN_UNKNOWN, reason, columns=", ".join(HEADER)))
    if errors:
        raise CsvError(errors[:MAX_ERRORS])


class _Found:
    """The services of a file as far as it is read, and what is wrong in it."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []
        self._lines: dict[ServiceKey, _Lines] = {}

    def take(self, line: int, header: tuple[str, ...], cells: list[str]) -> None:
        """Take a line in, or note what is wrong with it."""
        if len(cells) != len(header):
            reason = f"has {len(cells)} cells, not {len(header)}"
            counts = {"count": len(cells), "expected": len(header)}
            self.errors.append(_error(line, SERVICE[0], FieldCode.CSV_CELLS, reason, **counts))
            return
        named = {name: cell for name, cell in zip(header, cells, strict=True) if name in HEADER}
        wrong = [
            _error(
                line,
                name,
                FieldCode.CSV_WHOLE_NUMBER,
                f"{cell!r} is not a whole number, nor empty for unknown",
                value=cell,
            )
            for name, cell in named.items()
            if name in NUMBERS and cell and not (cell.isascii() and cell.isdigit())
        ]
        self.errors += wrong
        if not wrong:
            numbers = {name: int(cell) if cell else None for name, cell in named.items() if name in NUMBERS}
            texts = {name: unsafe(cell) for name, cell in named.items() if name not in NUMBERS}
            self._add(line, {**texts, **numbers})

    def _add(self, line: int, values: dict[str, object]) -> None:
        service = {name: values[name] for name in SERVICE if name in values}
        service["kind"] = service.get("kind") or "Deployment"
        service["mode"] = service["mode"] or None
        policy = str(service["replicas_policy"] or "")
        service["replicas_policy"] = POLICIES.get(policy, policy)
        key = (str(service["namespace"]), str(service["kind"]), str(service["name"]))
        if key not in self._lines and len(self._lines) == MAX_SERVICES:
            reason = f"more than {MAX_SERVICES} services"
            self.errors.append(
                _error(line, SERVICE[0], FieldCode.CSV_TOO_MANY, reason, services=MAX_SERVICES)
            )
            return
        standing = self._lines.setdefault(key, _Lines(line, service))
        self.errors += [
            _error(
                line,
                name,
                FieldCode.CSV_DIFFERS,
                f"differs from line {standing.first}, which is of the same service",
                first=standing.first,
            )
            for name in service
            if standing.service[name] != service[name]
        ]
        limits = {name: values[name] for name in VALUES}
        if values["container"] or any(value is not None for value in limits.values()):
            standing.containers.append({"name": values["container"], **limits})

    def services(self) -> list[ExpertService]:
        """Return the services.

        :raises CsvError: something is wrong.
        """
        read = []
        for lines in self._lines.values():
            if len(self.errors) >= MAX_ERRORS:
                break
            try:
                read.append(ExpertService.model_validate({**lines.service, "containers": lines.containers}))
            except ValidationError as error:
                self.errors += [
                    {
                        **one,
                        "field": f"csv.{lines.first}.{one['field']}",
                        "reason": f"line {lines.first}, {one['field']}: {one['reason']}",
                    }
                    for one in field_errors(error)
                ]
        if self.errors:
            raise CsvError(sorted(self.errors, key=lambda one: int(one["field"].split(".")[1]))[:MAX_ERRORS])
        return read
