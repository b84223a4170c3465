"""Rights over pods and nodes: what a role has unless its grant names others."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kubedoor_api.access.roles import RIGHTS, Grant, Principal, Right, Role, authorize_right, may
from kubedoor_api.auth.credentials import Identity
from kubedoor_api.auth.people import Roles
from kubedoor_api.auth.token import Tokens
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

KEY = "a key for this test and long enough"
TOUCHING = set(Right) - {Right.LOGS}


def test_a_role_has_its_rights_and_a_shell_is_for_nobody_unless_named() -> None:
    assert RIGHTS[Role.VIEWER] == set()
    assert RIGHTS[Role.OPERATOR] == {Right.LOGS, Right.DIAGNOSE, Right.ISOLATE, Right.DELETE}
    assert RIGHTS[Role.ADMIN] == set(Right) - {Right.EXEC}
    assert Grant(role=Role.ADMIN, may=frozenset({Right.EXEC})).rights == {Right.EXEC}
    assert Grant(role=Role.ADMIN, may=frozenset()).rights == set()


@pytest.mark.parametrize("right", sorted(TOUCHING))
def test_a_viewer_is_given_logs_and_nothing_that_touches_what_runs(right: Right) -> None:
    assert Grant(role=Role.VIEWER, may=frozenset({Right.LOGS})).rights == {Right.LOGS}
    with pytest.raises(ValidationError, match="requires the role operator"):
        Grant(role=Role.VIEWER, may=frozenset({right}))


def test_a_right_holds_where_its_grant_does() -> None:
    grants = (
        Grant(role=Role.OPERATOR, env="a", namespace="shop", may=frozenset({Right.LOGS})),
        Grant(role=Role.OPERATOR, env="a", namespace="pay"),
    )
    assert may(grants, Right.LOGS, "a", "shop")
    assert not may(grants, Right.DELETE, "a", "shop")
    assert may(grants, Right.DELETE, "a", "pay")
    assert not may(grants, Right.LOGS, "b", "shop")
    with pytest.raises(Problem) as refused:
        authorize_right(grants, Right.DELETE, "a", "shop")
    assert (refused.value.status, refused.value.code) == (403, ProblemCode.RIGHT_MISSING)
    assert refused.value.parameters == {"right": "delete", "env": "a", "namespace": "shop"}


def test_rights_pass_through_the_roles_file_and_the_signed_token(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text("users: {ann: {role: operator, may: [logs]}, bob: operator}")
    roles, tokens = Roles(path), Tokens((KEY,), 60)
    for name, rights in (("ann", {Right.LOGS}), ("bob", RIGHTS[Role.OPERATOR])):
        grants = roles.of(Identity(name))
        assert tokens.verify(tokens.issue(Principal(name, grants))).grants == grants
        assert grants[0].rights == rights


def test_a_grant_that_names_no_rights_is_written_as_before_there_were_any() -> None:
    """So that an instance of the version before believes it while the api is rolled out."""
    assert set(Grant(role=Role.ADMIN).plain()) == {"role", "env", "namespace"}
