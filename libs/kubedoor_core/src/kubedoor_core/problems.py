"""Errors over HTTP: every one is an RFC 9457 problem document."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from aiohttp import web
from aiohttp.typedefs import Handler

from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import OF_STATUS, FieldCode, ProblemCode

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 2

log = get_logger(__name__)


class FieldError(TypedDict):
    """One wrong field of a request: where it is, and why it was not taken."""

    field: str
    reason: str
    code: FieldCode
    parameters: NotRequired[dict[str, Any]]


class Problem(Exception):  # noqa: N818 it is the RFC's word
    """An answer other than success, raised anywhere under a handler.

    :param status: HTTP status, 400 to 599.
    :param detail: one sentence for a person: what is wrong and what to do.
    :param code: the same for machines; without it the status says it.
    :param errors: the fields that are wrong, where the request had some.
    :param parameters: what the detail's words are about, by name, for other words in its place.
    :param extra: further members of the document, such as the current row beside a 412.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: ProblemCode | None = None,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code or OF_STATUS.get(status, ProblemCode.FAILED)
        self.errors = errors or []
        self.headers = headers or {}
        self.extra = extra or {}
        self.parameters = parameters or {}

    def response(self) -> web.Response:
        """Render the problem document."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "parameters": self.parameters,
            **self.extra,
        }
        if self.errors:
            body["errors"] = [{"parameters": {}, **error} for error in self.errors]
        return web.Response(
            status=self.status,
            body=json.dumps(body, ensure_ascii=False).encode(errors="replace"),
            content_type=CONTENT_TYPE,
            headers=self.headers,
        )


def bad_field(field: str, reason: str, code: FieldCode, /, **parameters: Any) -> Problem:  # noqa: ANN401 JSON
    """Return the 400 for one wrong field.

    :param reason: why it was not taken, in words that follow the field's name.
    """
    error: FieldError = {"field": field, "reason": reason, "code": code, "parameters": parameters}
    return Problem(400, f"{field}: {reason}", errors=[error])


def unavailable(detail: str, part: str = "", condition: str = "") -> Problem:
    """Return a 503 that asks the client to come back shortly.

    :param part: what could not be asked, where that is known.
    :param condition: why, in one word, where that is known.
    """
    given = {"part": part, "condition": condition}
    parameters = {name: value for name, value in given.items() if value}
    return Problem(503, detail, headers={"Retry-After": str(RETRY_AFTER_S)}, parameters=parameters)


@web.middleware
async def problem_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error of a handler into a problem document; an unforeseen one is logged."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except UnavailableError as error:
        log.warning("http.unavailable", path=request.path, error=str(error))
        return unavailable(str(error), error.part, error.condition).response()
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        detail = error.text or error.reason
        return Problem(error.status, detail, headers=headers).response()
    except MemoryError:
        log.warning("http.out_of_memory", method=request.method, path=request.path)
        return unavailable("the service is out of memory for this request; try again shortly").response()
    except Exception as error:
        if isinstance(error, ConnectionError) and _gone(request):
            log.info("http.client_gone", method=request.method, path=request.path)
            raise  # the server knows
        log.exception("http.failed", method=request.method, path=request.path)
        return Problem(500, "An unforeseen error; the service's log tells more").response()


def _gone(request: web.Request) -> bool:
    """Tell whether whoever asked has closed the connection."""
    return request.transport is None or request.transport.is_closing()
