"""What is told of the signed-in user."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.web.fields import Model

RoleName = Literal["viewer", "operator", "admin"]


class GrantView(Model):
    """A role and where it holds."""

    role: RoleName
    """The role"""
    env: str
    """Regular expression of the envs"""
    namespace: str
    """Regular expression of the namespaces"""


class Me(Model):
    """The signed-in user."""

    name: str
    """Name of the user or of the API token"""
    role: RoleName
    """The highest role held anywhere"""
    grants: list[GrantView]
    """Every role and where it holds"""
    grafana_url: str | None
    """Where Grafana is for this user: `/grafana/`, which may be embedded, or another address, or nowhere"""
