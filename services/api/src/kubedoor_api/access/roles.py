"""Roles and the one place where a request is allowed or refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem
from kubedoor_core.regex import expression
from kubedoor_core.settings import Regex

ANY = ".*"


class Role(StrEnum):
    """What somebody may do; each role may do what the ones before it may.

    `ingest` sees nothing: it sends alerts.
    """

    INGEST = "ingest"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Order of the roles."""
        return list(Role).index(self)


class Right(StrEnum):
    """What somebody may do to pods and nodes, besides what their role lets them."""

    LOGS = "logs"
    DIAGNOSE = "diagnose"
    ISOLATE = "isolate"
    DELETE = "delete"
    DUMP = "dump"
    EXEC = "exec"
    NODES = "nodes"
    INGEST = "ingest"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.INGEST: frozenset({Right.INGEST}),
    Role.VIEWER: frozenset(),
    Role.OPERATOR: frozenset({Right.LOGS, Right.DIAGNOSE, Right.ISOLATE, Right.DELETE}),
    Role.ADMIN: frozenset(Right) - {Right.EXEC},
}
"""What a grant allows that names no rights. A shell is for nobody who is not given it by name."""
OF_A_VIEWER = frozenset({Right.LOGS})
"""What a viewer may be given: nothing that touches what runs."""
OF_INGEST = RIGHTS[Role.INGEST]
"""What a sender of alerts may be given: nothing else."""


class Grant(BaseModel):
    """A role, everywhere or in some envs and namespaces (regular expressions of the whole name)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role
    env: Regex = Field(".*", description="Regular expression of the envs")
    namespace: Regex = Field(".*", description="Regular expression of the namespaces")
    may: frozenset[Right] | None = Field(
        None, description="Rights over pods and nodes; null: those of the role"
    )

    @model_validator(mode="after")
    def _a_viewer_changes_nothing(self) -> Grant:
        bounds = {Role.VIEWER: ("a viewer", OF_A_VIEWER), Role.INGEST: ("who sends alerts", OF_INGEST)}
        who, most = bounds.get(self.role, ("", frozenset(Right)))
        if beyond := sorted((self.may or frozenset()) - most):
            only = ", ".join(sorted(most))
            raise ValueError(f"{who} may be given {only} only; {beyond[0]} requires the role operator")
        return self

    @property
    def rights(self) -> frozenset[Right]:
        """The rights that are named, else those of the role."""
        return RIGHTS[self.role] if self.may is None else self.may

    def plain(self) -> dict[str, object]:
        """Return it as JSON values, without what is not named.

        An instance from before there were rights believes a grant that names none.
        """
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def everywhere(self) -> bool:
        """Tell whether the grant has no bounds."""
        return (self.env, self.namespace) == (ANY, ANY)

    def covers(self, env: str | None, namespace: str | None) -> bool:
        """Tell whether the grant reaches an env and, in it, a namespace.

        An operation on a whole env (no namespace) is covered by grants that reach all of its
        namespaces only, and one on everything (no env) by grants that reach everything. Looking at
        what concerns no env is for whoever has any role.
        """
        if env is None:
            return self.everywhere
        if not self.reaches(env):
            return False
        if namespace is None:
            return self.namespace == ".*"
        return expression(self.namespace).matches(namespace)

    def reaches(self, env: str) -> bool:
        """Tell whether the grant reaches an env, if only some of its namespaces."""
        return expression(self.env).matches(env)


def allowed(grants: tuple[Grant, ...], role: Role, env: str | None, namespace: str | None) -> bool:
    """Tell whether one of the grants suffices."""
    return any(
        grant.role.rank >= role.rank
        and (grant.covers(env, namespace) or (env is None and role is Role.VIEWER))
        for grant in grants
    )


def authorize_somewhere(grants: tuple[Grant, ...], role: Role, env: str | None) -> None:
    """Refuse with 403 whoever has the role in no namespace of an env, or without one in no env.

    :raises Problem: naming the role that it takes.
    """
    if not any(grant.role.rank >= role.rank and (env is None or grant.reaches(env)) for grant in grants):
        detail = f"This requires the role {role.value}{_where(env)}; an administrator can give it"
        raise Problem(403, detail, parameters={"role": role.value, "env": env, "namespace": None})


def authorize(
    grants: tuple[Grant, ...], role: Role, env: str | None = None, namespace: str | None = None
) -> None:
    """Refuse with 403 what no grant allows.

    :raises Problem: naming the role that it takes, and where.
    """
    if allowed(grants, role, env, namespace):
        return
    raise Problem(
        403,
        f"This requires the role {role.value}{_where(env, namespace)}; an administrator can give it",
        parameters={"role": role.value, "env": env, "namespace": namespace},
    )


def _where(env: str | None, namespace: str | None = None) -> str:
    return "".join([f" in env {env!r}" if env else "", f", namespace {namespace!r}" if namespace else ""])


def may(grants: tuple[Grant, ...], right: Right, env: str | None, namespace: str | None) -> bool:
    """Tell whether one of the grants has a right there."""
    return any(right in grant.rights and grant.covers(env, namespace) for grant in grants)


def authorize_right(
    grants: tuple[Grant, ...], right: Right, env: str | None = None, namespace: str | None = None
) -> None:
    """Refuse with 403 who has no such right there.

    :raises Problem: naming the right, and where.
    """
    if may(grants, right, env, namespace):
        return
    raise Problem(
        403,
        f"This requires the right {right.value}{_where(env, namespace)};"
        " an administrator can add it to `may` of your grant",
        code=ProblemCode.RIGHT_MISSING,
        parameters={"right": right.value, "env": env, "namespace": namespace},
    )


@dataclass(frozen=True)
class Principal:
    """A signed-in person or script."""

    name: str
    grants: tuple[Grant, ...]

    @property
    def role(self) -> Role:
        """The highest role that the principal has anywhere."""
        return max((grant.role for grant in self.grants), key=lambda role: role.rank)
