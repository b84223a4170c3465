"""Which user or group has which role (ROLES_FILE), and whether somebody still has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.auth.credentials import Directory, Identity, canonical
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.settings import BadSettingError


def _grants(value: object) -> object:
    if isinstance(value, str):
        return [{"role": value}]
    return [value] if isinstance(value, dict) else value


class RoleFile(BaseModel):
    """The file: a role, a grant or a list of grants for each user and group."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    users: dict[str, tuple[Grant, ...]] = Field(default_factory=dict)
    groups: dict[str, tuple[Grant, ...]] = Field(default_factory=dict)
    default: tuple[Grant, ...] = ()

    @field_validator("users", "groups", mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        return {name: _grants(grants) for name, grants in value.items()} if isinstance(value, dict) else value

    @field_validator("users")
    @classmethod
    def _one_case(cls, users: dict[str, tuple[Grant, ...]]) -> dict[str, tuple[Grant, ...]]:
        found = {canonical(name): grants for name, grants in users.items()}
        twice = [name for name, count in Counter(map(canonical, users)).items() if count > 1]
        if twice:
            raise ValueError(f"a name is the same in any case, and {twice[0]!r} is duplicated")
        return found

    @field_validator("default", mode="before")
    @classmethod
    def _short_default(cls, value: object) -> object:
        return _grants(value)

    def of(self, identity: Identity) -> tuple[Grant, ...]:
        """Return what somebody may do; nothing for whom the file doesn't know.

        Users are named in any case.
        Groups are named by their whole distinguished name or by its first value, in any case.
        """
        held = {group.casefold() for group in identity.groups}
        firsts = (group.split(",", 1)[0].casefold() for group in identity.groups)
        held |= {first.partition("=")[2] or first for first in firsts}
        grants = list(self.users.get(identity.user, ()))
        for name, given in self.groups.items():
            if name.casefold() in held:
                grants.extend(given)
        return tuple(grants) or self.default


class Roles:
    """The roles of everybody. Without a file every user is an administrator."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._file = RoleFile(default=(Grant(role=Role.ADMIN),))
        if path is not None:
            self._refresh(path)

    def of(self, identity: Identity) -> tuple[Grant, ...]:
        """Return what somebody may do.

        :raises UnavailableError: the file has gone bad; nobody is let in by what it said before.
        """
        if self._path is not None:
            try:
                self._refresh(self._path)
            except BadSettingError as error:
                raise UnavailableError(str(error)) from error
        return self._file.of(identity)

    def _refresh(self, path: Path) -> None:
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp == self._stamp:
                return
            self._file = RoleFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
            self._stamp = stamp
        except (OSError, yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
            first = " ".join(str(error).split())[:300]
            raise BadSettingError(f"KUBEDOOR_ROLES_FILE: {first}") from error


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
