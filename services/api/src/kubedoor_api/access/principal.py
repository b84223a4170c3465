"""Who somebody is, once the token has been believed."""

from __future__ import annotations

from dataclasses import dataclass

from kubedoor_api.access.roles import Grant, Role


@dataclass(frozen=True)
class Principal:
    """A signed-in person or script."""

    name: str
    grants: tuple[Grant, ...]

    @property
    def role(self) -> Role:
        """The highest role that the principal has anywhere."""
        return max((grant.role for grant in self.grants), key=lambda role: role.rank)
