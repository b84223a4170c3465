"""The endpoints of stored settings."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.preferences import service
from kubedoor_api.preferences.models import Setting, SettingChange, SettingList, SettingPath


async def list_settings(call: Call[EnvPath, Nothing, Nothing]) -> SettingList:
    """List the settings of an env that can be changed here."""
    return await service.list_settings(call.context, call.path.env)


async def change_setting(call: Call[SettingPath, Nothing, SettingChange]) -> Setting:
    """Store a setting of an env; it wins over the environment."""
    return await service.change(call)


async def reset_setting(call: Call[SettingPath, Nothing, Nothing]) -> Setting:
    """Forget a stored setting: the environment's value holds again."""
    return await service.reset(call)


COLLECTION = "/envs/{env}/settings"
ITEM = COLLECTION + "/{key}"

OPERATIONS: tuple[Operation, ...] = (
    operation("GET", COLLECTION, list_settings, tag="settings", role=Role.VIEWER, by_target=True),
    operation("PUT", ITEM, change_setting, tag="settings", role=Role.ADMIN, if_match=True),
    operation("DELETE", ITEM, reset_setting, tag="settings", role=Role.ADMIN, if_match=True),
)
