"""The endpoints of API tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from kubedoor_api.access.roles import Grant, Right, Role, authorize_right
from kubedoor_api.auth.people import TOKEN, RoleCheck
from kubedoor_api.auth.routes import GrantView, grant_view
from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.tokens import queries, store
from kubedoor_api.tokens.queries import StoredToken
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import Model, Nothing, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

ANY = ".*"
STORED_GRANT = TypeAdapter(dict[str, object])
TokenName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Pattern = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TokenPath(Model):
    """One token."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Identity of the token"""


class NewToken(Model):
    """A token to make."""

    name: TokenName
    """What it is for; shows in the audit"""
    role: Role
    """What it may do"""
    env: Pattern = ANY
    """Regular expression of the envs"""
    namespace: Pattern = ANY
    """Regular expression of the namespaces"""
    may: Annotated[list[Right], Field(max_length=len(Right))] | None = None
    """Rights over pods and nodes; null for those of the role"""
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """Days until it expires, `API_TOKEN_MAX_DAYS` at most; null for `API_TOKEN_DAYS`"""


class Token(Model):
    """A token, without its secret."""

    id: str
    """Identity of the token"""
    name: str
    """What it is for"""
    grant: GrantView
    """What it may do, and where"""
    created_at: Time
    """When it was made, UTC"""
    created_by: str
    """Who made it"""
    expires_at: Time
    """When it expires, UTC"""
    stopped: bool
    """It doesn't work any more, since who made it has no role left"""


class MadeToken(Token):
    """A new token with its secret, which is shown this once."""

    token: str
    """Goes into `Authorization: Bearer ...`"""


class TokenList(Model):
    """The tokens that are not revoked."""

    items: list[Token]
    """The tokens, the latest first"""


def _token(context: Context, stored: StoredToken, *, stopped: bool = False) -> Token:
    try:
        grant = grant_view(Grant.model_validate(stored.grant))
    except ValidationError:  # its expressions are invalid by now: it allows nothing, and is shown
        grant = GrantView.model_validate({**STORED_GRANT.validate_python(stored.grant), "may": []})
    return Token(
        id=stored.id,
        name=stored.name,
        grant=grant,
        created_at=stored.created_at,
        created_by=stored.created_by,
        expires_at=stored.ends_at(context[ApiSettings].api_token_max_days),
        stopped=stopped,
    )


@endpoint("GET", "/tokens", tag="tokens", role=Role.ADMIN)
async def list_tokens(call: Call[Nothing, Nothing, Nothing]) -> TokenList:
    """List the API tokens of scripts."""
    context = call.context
    found = await queries.tokens(context[ClickHouse])
    makers = {stored.created_by for stored in found}
    has_role = {maker: await context[RoleCheck].has_role(maker) for maker in makers}
    return TokenList(
        items=[_token(context, stored, stopped=not has_role[stored.created_by]) for stored in found]
    )


@endpoint("POST", "/tokens", tag="tokens", role=Role.ADMIN, status=201)
async def make_token(call: Call[Nothing, Nothing, NewToken]) -> MadeToken:
    """Make an API token for a script.

    The secret is in this answer and nowhere else: only its hash is kept. Nobody gives a right over pods
    and nodes that they don't have themselves.
    """
    if call.caller.principal.name.startswith(TOKEN):
        detail = "An API token can't make API tokens: sign in as a person"
        raise Problem(403, detail, code=ProblemCode.TOKENS_MAKE_NO_TOKENS)
    body, secret, now = call.body, store.make(), datetime.now(UTC)
    settings = call.context[ApiSettings]
    most = settings.api_token_max_days
    days = body.days or min(settings.api_token_days, most)
    if days > most:
        reason = f"a token may live {most} days at most (KUBEDOOR_API_TOKEN_MAX_DAYS)"
        raise bad_field("days", reason, FieldCode.LESS_THAN_EQUAL, le=most)
    try:
        grant = Grant.model_validate(body.model_dump(include={"role", "env", "namespace", "may"}))
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        field = str(place[0]) if place else "may"
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise bad_field(field, reason, FieldCode.GRANT, reason=reason) from error
    for right in sorted(grant.rights):
        authorize_right(call.caller.principal.grants, right)
    stored = StoredToken(
        id=secret.id,
        name=body.name,
        digest=secret.digest,
        grant=grant.plain(),
        created_at=now,
        created_by=call.caller.principal.name,
        expires_at=now + timedelta(days=days),
    )

    async def prepare() -> list[Columns]:
        return [stored.setting()]

    call.audit.set(None, {"id": secret.id, **body.model_dump()})
    await call.context[Writer].commit("setting", call.caller.principal.name, prepare, call.audit)
    return MadeToken(**_token(call.context, stored).model_dump(), token=secret.text)


@endpoint("DELETE", "/tokens/{id}", tag="tokens", role=Role.ADMIN, status=204)
async def revoke_token(call: Call[TokenPath, Nothing, Nothing]) -> None:
    """Revoke an API token.

    It stops working within seconds.
    """
    context, token_id = call.context, call.path.id

    async def prepare() -> list[Columns]:
        stored = await queries.token(context[ClickHouse], token_id)
        if stored is None:
            raise Problem(
                404,
                f"There is no token {token_id}, or it is revoked already",
                code=ProblemCode.NO_TOKEN,
                parameters={"id": token_id},
            )
        call.audit.set({"id": token_id, "name": stored.name}, None)
        return [stored.setting(deleted=True)]

    await context[Writer].commit("setting", call.caller.principal.name, prepare, call.audit)


class LeftBehind(Model):
    """One thing of somebody who has no role any more."""

    kind: Literal["token", "schedule", "operation"]
    """A token does not work, a schedule is skipped, an operation that is to come or gives back a temporary
    scale's count goes on: cancel it where it should not"""
    id: str
    """Identity of the thing"""
    env: str
    """Where it is; empty for a token"""
    name: str
    """Its name; of an operation its kind"""
    owner: str
    """Who made it, or changed it last"""
    at: Time
    """When that was, UTC"""


class LeftBehindList(Model):
    """Everything that is left behind."""

    items: list[LeftBehind]
    """By owner and kind"""


@endpoint("GET", "/left-behind", tag="tokens", role=Role.ADMIN)
async def list_left_behind(call: Call[Nothing, Nothing, Nothing]) -> LeftBehindList:
    """List what people who have no role any more left behind: tokens, schedules, operations to come."""
    rows = await queries.owned(call.context[ClickHouse])
    people = call.context[RoleCheck]
    has_role = {owner: await people.has_role(owner) for owner in {row.owner for row in rows}}
    return LeftBehindList(items=[LeftBehind.model_validate(row) for row in rows if not has_role[row.owner]])
