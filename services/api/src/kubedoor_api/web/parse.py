"""Paths, queries and bodies become models, or a 400 that names every wrong field."""

from __future__ import annotations

import json
from typing import Any, TypeVar, get_origin

from aiohttp import web
from pydantic import BaseModel, ValidationError

from kubedoor_api.web.endpoint import Endpoint
from kubedoor_api.web.fields import PARAMETERS, PLACE, REASON
from kubedoor_core.problem_codes import FieldCode, field_code
from kubedoor_core.problems import FieldError, Problem, bad_field

M = TypeVar("M", bound=BaseModel)
MAX_NAMED = 100
MAX_LISTED = 10_000
"""Pydantic lists all faults or none, and a body of 3 MB can have a million of them."""


def field_errors(error: ValidationError) -> list[FieldError]:
    """Name each wrong field by its path, with the reason in words and the kind of fault; the first 100."""
    if error.error_count() > MAX_LISTED:
        return []
    found: list[FieldError] = []
    for item in error.errors(include_url=False, include_input=False)[:MAX_NAMED]:
        context = dict(item.get("ctx", {}))
        place = context.pop(PLACE, "")  # a validator of a whole model says which field it means
        parameters = context.pop(PARAMETERS, None)
        if parameters is None:
            parameters = {name: value for name, value in context.items() if name != "error"}
        found.append(
            {
                "field": ".".join(str(part) for part in (*item["loc"], *([place] if place else []))),
                "reason": str(context.get(REASON) or item["msg"].removeprefix("Value error, ")),
                "code": field_code(item["type"]),
                "parameters": json.loads(json.dumps(parameters, default=str)),
            }
        )
    return found


def refuse(error: ValidationError, what: str) -> Problem:
    """Return the 400 for what could not be parsed."""
    errors, count = field_errors(error), error.error_count()
    if not errors:
        return Problem(400, f"The {what} is invalid: {count} values in it are wrong, too many to name")
    first = errors[0]
    where = f"{first['field']}: " if first["field"] else ""
    more = f" (and {count - len(errors)} more than are named here)" if count > len(errors) else ""
    return Problem(400, f"The {what} is invalid: {where}{first['reason']}{more}", errors=errors)


def parse_strings(model: type[M], items: list[tuple[str, str]]) -> M:
    """Parse a path or a query: text that means numbers or names.

    :raises Problem: 400 for what is wrong, unknown or there twice.
    """
    values: dict[str, Any] = {}
    for name, value in items:
        field = model.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is list:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise bad_field(name, "is duplicated", FieldCode.TWICE, name=name)
        else:
            values[name] = value
    try:
        # Pydantic's way with strings knows no lists.
        many = any(isinstance(value, list) for value in values.values())
        return model.model_validate(values) if many else model.model_validate_strings(values)
    except ValidationError as error:
        raise refuse(error, "address") from error


async def parse_body(endpoint: Endpoint, request: web.Request) -> BaseModel:
    """Parse a JSON body: exact types, no unknown fields.

    :raises Problem: 415 for another type than the endpoint takes, 400 for what is wrong.
    """
    model = endpoint.body_model
    if model is None:
        raise TypeError("the endpoint has no body")
    if request.content_type not in endpoint.body_types:
        wanted = " or ".join(endpoint.body_types)
        raise Problem(
            415,
            f"Send the body as {wanted}, not as {request.content_type}",
            parameters={"wanted": wanted, "given": request.content_type},
        )
    if endpoint.max_body_bytes is not None:
        request = request.clone(client_max_size=endpoint.max_body_bytes)
    body = await request.read()
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise refuse(error, "body") from error
