"""Whether somebody who left something behind still has a role: a token, a schedule, an operation to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kubedoor_api.auth.credentials import Directory
    from kubedoor_api.auth.role_file import Roles

TOKEN = "token:"  # noqa: S105 what the names of scripts begin with; no person's name has a colon
MAX_DEPTH = 10

log = get_logger(__name__)


class RoleCheck:
    """Tells who has a role; without a directory to ask nobody can tell, and everybody counts."""

    async def has_role(self, name: str) -> bool:  # noqa: ARG002 whoever it is
        """Tell whether somebody has one."""
        return True


class People(RoleCheck):
    """Asks the directory and the roles file as they are now."""

    def __init__(
        self, directory: Directory, roles: Roles, maker_of: Callable[[str], Awaitable[str | None]]
    ) -> None:
        """Take what knows people and roles.

        :param maker_of: returns who made the last token of a name, revoked ones included.
        """
        self._directory, self._roles, self._maker_of = directory, roles, maker_of
        self._known: dict[str, bool] = {}

    async def has_role(self, name: str) -> bool:
        """Tell whether a person, or who made a script's token, has any role now.

        A directory that can't be asked, or can't look somebody up without their password, takes nothing
        from anybody: what was known last counts, else that they have one.
        """
        person = await self._person(name)
        if person is None:
            return False
        try:
            found = await self._directory.find(person)
            self._known[person] = found is not None and bool(self._roles.of(found))
        except UnavailableError as error:
            log.warning("people.unknown", person=person, reason=str(error))
        return self._known.get(person, True)

    async def _person(self, name: str) -> str | None:
        for _ in range(MAX_DEPTH):
            if not name.startswith(TOKEN):
                return name
            maker = await self._maker_of(name.removeprefix(TOKEN))
            if maker is None:
                return None
            name = maker
        return None
