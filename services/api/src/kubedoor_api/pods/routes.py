"""The endpoints of actions on pods."""

from __future__ import annotations

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import POD_ACTION_GROUPS, ApiSettings, PodActionGroup
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing

COLLECTION = "/envs/{env}/pod-actions"


class ActionGroup(Model):
    """A group of actions on pods, which has rights of its own in the cluster."""

    name: PodActionGroup
    """Name of the group"""
    on: bool
    """Whether it is switched on"""
    chart_value: str
    """The value of the chart that switches it on"""


class ActionGroups(Model):
    """What can be done to pods here."""

    groups: list[ActionGroup]
    """Each group, also those that are off"""
    namespaces: list[str]
    """Where; empty: in all namespaces"""


@endpoint("GET", COLLECTION + "/groups", tag="pods", role=Role.VIEWER, by_target=True)
async def list_action_groups(call: Call[EnvPath, Nothing, Nothing]) -> ActionGroups:
    """Say which groups of actions on pods are switched on, and what would switch on the others.

    Who may use them is said by the rights in `GET /me`.
    """
    settings = call.context[ApiSettings]
    groups = [
        ActionGroup(name=name, on=name in settings.pod_action_groups, chart_value=f"podActions.{name}")
        for name in POD_ACTION_GROUPS
    ]
    return ActionGroups(
        groups=groups, namespaces=[one for one in settings.pod_actions_namespaces.split(",") if one]
    )
