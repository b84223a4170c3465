"""The endpoint of the signed-in user."""

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.auth.grafana import role_in_grafana
from kubedoor_api.auth.me_models import GrantView, Me
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.config.grafana import GRAFANA_PATH
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing


@endpoint("GET", "/me", tag="me", role=Role.VIEWER)
async def get_me(call: Call[Nothing, Nothing, Nothing]) -> Me:
    """Say who I am and what I may do."""
    principal = call.caller.principal
    grants = [
        GrantView(role=grant.role.value, env=grant.env, namespace=grant.namespace)
        for grant in principal.grants
    ]
    return Me(
        name=principal.name,
        role=principal.role.value,
        grants=grants,
        grafana_url=_grafana_url(call.context[ApiSettings].grafana_url, principal.grants),
    )


def _grafana_url(url: str, grants: tuple[Grant, ...]) -> str | None:
    """Return where Grafana is; behind nginx only for those whom it is shown to."""
    hidden = url == GRAFANA_PATH and role_in_grafana(grants) is None
    return None if hidden or not url else url
