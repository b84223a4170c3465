"""Who is signed in: for the console, and for nginx's auth_request, which takes a status and headers alone."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from kubedoor_api.access.roles import Grant, Principal, Right, Role
from kubedoor_api.auth.sign_in import (
    NoRoleError,
    SignIn,
    SignInError,
    TooManyAttemptsError,
    WrongCredentialsError,
)
from kubedoor_api.auth.token import GrafanaTokens, role_in_grafana
from kubedoor_api.config.environment import GRAFANA_PATH, ApiSettings
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, Nothing
from kubedoor_api.web.middlewares import REMOTE
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger


class GrantView(Model):
    """A role and where it holds."""

    role: Role
    """The role"""
    env: str
    """Regular expression of the envs"""
    namespace: str
    """Regular expression of the namespaces"""
    may: list[Right]
    """Rights over pods and nodes there, in the order in which they are documented"""


def grant_view(grant: Grant) -> GrantView:
    """Return a grant with the rights that it comes to."""
    rights = [right for right in Right if right in grant.rights]
    return GrantView(role=grant.role, env=grant.env, namespace=grant.namespace, may=rights)


class Me(Model):
    """The signed-in user."""

    name: str
    """Name of the user or of the API token"""
    role: Role
    """The highest role held anywhere"""
    grants: list[GrantView]
    """Every role and where it holds"""
    grafana_url: str | None
    """Where Grafana is for this user: `/grafana/`, which may be embedded, or another address, or nowhere"""


@endpoint("GET", "/me", tag="me", role=Role.VIEWER)
async def get_me(call: Call[Nothing, Nothing, Nothing]) -> Me:
    """Say who I am and what I may do."""
    principal, url = call.caller.principal, call.context[ApiSettings].grafana_url
    # Behind nginx it is shown to some only.
    hidden = url == GRAFANA_PATH and role_in_grafana(principal.grants) is None
    return Me(
        name=principal.name,
        role=principal.role,
        grants=[grant_view(grant) for grant in principal.grants],
        grafana_url=None if hidden or not url else url,
    )


PATH = "/api/v1/auth"
FOR_GRAFANA = "/api/v1/auth/grafana"
TOKEN_HEADER = "X-KubeDoor-Token"  # noqa: S105 a header's name
REFUSAL_HEADER = "X-KubeDoor-Refusal"
SIGN_IN = web.AppKey("sign_in", SignIn)
GRAFANA_TOKENS: web.AppKey[GrafanaTokens | None] = web.AppKey("grafana_tokens")

log = get_logger(__name__)


class NotForThemError(SignInError):
    """Signed in, but this is not for them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def authenticate(request: web.Request) -> web.Response:
    """Say whether credentials are right: 204 with a token, 401, or 403 with the reason in a header.

    auth_request takes 2xx, 401 and 403 only; nginx turns the reasons into 403, 429 and 503.
    """
    return await _answer(request, request.app[SIGN_IN].tokens.issue)


async def authenticate_for_grafana(request: web.Request) -> web.Response:
    """Likewise with a token for Grafana; 403 also where there is none, or it shows more than they may see."""
    tokens = request.app[GRAFANA_TOKENS]

    def issue(principal: Principal) -> str:
        if tokens is None:
            raise NotForThemError("no-grafana")
        role = role_in_grafana(principal.grants)
        if role is None:
            raise NotForThemError("not-everywhere")
        return tokens.issue(principal, role)

    return await _answer(request, issue)


async def _answer(request: web.Request, issue: Callable[[Principal], str]) -> web.Response:
    address = request.app[REMOTE].of(request)
    header = request.headers.get("Authorization", "")
    try:
        token = issue(await request.app[SIGN_IN].principal(header, address))
    except WrongCredentialsError:
        return web.Response(status=401)
    except NoRoleError:
        return _refusal("no-role")
    except NotForThemError as error:
        return _refusal(error.reason)
    except TooManyAttemptsError as error:
        return _refusal("slow", {"Retry-After": str(error.wait_s)})
    except UnavailableError as error:
        log.warning("auth.unavailable", error=str(error))
        return _refusal("unavailable")
    return web.Response(status=204, headers={TOKEN_HEADER: token, "Cache-Control": "no-store"})


def _refusal(reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=403, headers={REFUSAL_HEADER: reason, **(headers or {})})
