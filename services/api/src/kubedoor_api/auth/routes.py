"""`GET /api/v1/auth`: nginx's auth_request. Answers with a status and headers alone."""

from __future__ import annotations

from aiohttp import web

from kubedoor_api.auth.sign_in import NoRoleError, SignIn, TooManyAttemptsError, WrongCredentialsError
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

PATH = "/api/v1/auth"
TOKEN_HEADER = "X-KubeDoor-Token"  # noqa: S105 a header's name
REFUSAL_HEADER = "X-KubeDoor-Refusal"
SIGN_IN = web.AppKey("sign_in", SignIn)

log = get_logger(__name__)


async def authenticate(request: web.Request) -> web.Response:
    """Say whether credentials are right: 204 with a token, 401, or 403 with the reason in a header.

    auth_request takes 2xx, 401 and 403 only; nginx turns the reasons into 403, 429 and 503.
    """
    address = request.headers.get("X-Real-IP", request.remote or "")
    header = request.headers.get("Authorization", "")
    try:
        token = await request.app[SIGN_IN].token(header, address)
    except WrongCredentialsError:
        return web.Response(status=401)
    except NoRoleError:
        return _refusal("no-role")
    except TooManyAttemptsError as error:
        return _refusal("slow", {"Retry-After": str(error.wait_s)})
    except UnavailableError as error:
        log.warning("auth.unavailable", error=str(error))
        return _refusal("unavailable")
    return web.Response(status=204, headers={TOKEN_HEADER: token, "Cache-Control": "no-store"})


def _refusal(reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=403, headers={REFUSAL_HEADER: reason, **(headers or {})})
