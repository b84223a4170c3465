"""Takes admission requests past the application's router and middlewares, which cost as much as parsing."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import hdrs, web

from kubedoor_core.mutate_settings import MUTATE_PATH
from kubedoor_core.problems import problem_middleware

ServerHandler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def addresses(secrets: Sequence[str]) -> list[bytes]:
    """Return the paths at which admissions are decided: `/mutate`, or with secrets theirs alone."""
    return [f"{MUTATE_PATH}/{secret}".encode() for secret in secrets] or [MUTATE_PATH.encode()]


def is_ours(path: str, ours: Sequence[bytes]) -> bool:
    """Tell whether a path is one of ours, in a time that tells nothing of a secret."""
    given = path.encode(errors="replace")
    return any(hmac.compare_digest(given, address) for address in ours)


def in_front(application: ServerHandler, mutate: Handler, secrets: Sequence[str]) -> ServerHandler:
    """Return a handler that passes admission requests to one handler and all others to the application.

    The application has a route for them too: of a client that wants to be told to go on, and of whoever asks
    by another method.
    """
    ours = addresses(secrets)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if (
            isinstance(request, web.Request)
            and request.method == hdrs.METH_POST
            and hdrs.EXPECT not in request.headers
            and is_ours(request.path, ours)
        ):
            return await problem_middleware(request, mutate)
        return await application(request)

    return handle
