"""The endpoints of stored settings."""

from kubedoor_api.access.roles import Role
from kubedoor_api.settings import service
from kubedoor_api.settings.models import Setting, SettingChange, SettingList, SettingPath
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing

COLLECTION = "/envs/{env}/settings"
ITEM = COLLECTION + "/{key}"


@endpoint("GET", COLLECTION, tag="settings", role=Role.VIEWER, by_target=True)
async def list_settings(call: Call[EnvPath, Nothing, Nothing]) -> SettingList:
    """List the settings of an env that can be changed here."""
    return await service.list_settings(call.context, call.path.env)


@endpoint("PUT", ITEM, tag="settings", role=Role.ADMIN, if_match=True)
async def change_setting(call: Call[SettingPath, Nothing, SettingChange]) -> Setting:
    """Store a setting of an env; it wins over the environment."""
    return await service.change(call)


@endpoint("DELETE", ITEM, tag="settings", role=Role.ADMIN, if_match=True)
async def reset_setting(call: Call[SettingPath, Nothing, Nothing]) -> Setting:
    """Forget a stored setting: the environment's value holds again."""
    return await service.reset(call)
