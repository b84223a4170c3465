"""The endpoints of API tokens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.auth.people import TOKEN, RoleCheck
from kubedoor_api.auth.routes import GrantView, RoleName
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.tokens import queries, store
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Model, Nothing, Time
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from typing import Any

    from kubedoor_api.web.endpoint import Call, Context
    from kubedoor_core.clickhouse import Row


ANY = ".*"
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
    role: RoleName
    """What it may do"""
    env: Pattern = ANY
    """Regular expression of the envs"""
    namespace: Pattern = ANY
    """Regular expression of the namespaces"""
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


def _fields(context: Context, row: Row, *, stopped: bool = False) -> dict[str, Any]:
    value = store.value_of(row)
    names = ("name", "created_at", "created_by")
    token_id = row["key"].removeprefix(queries.PREFIX)
    grant = GrantView.model_validate(value["grant"])
    return {
        "id": token_id,
        "grant": grant,
        **{name: value[name] for name in names},
        "expires_at": store.expires_at(value, context[ApiSettings].api_token_max_days),
        "stopped": stopped,
    }


def _grant(body: NewToken) -> Grant:
    try:
        return Grant(role=Role(body.role), env=body.env, namespace=body.namespace)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise bad_field(field, reason, FieldCode.GRANT, reason=reason) from error


@endpoint("GET", "/tokens", tag="tokens", role=Role.ADMIN)
async def list_tokens(call: Call[Nothing, Nothing, Nothing]) -> TokenList:
    """List the API tokens of scripts."""
    context = call.context
    rows = await queries.tokens(context[ClickHouse])
    makers = {str(store.value_of(row)["created_by"]) for row in rows}
    has_role = {maker: await context[RoleCheck].has_role(maker) for maker in makers}
    return TokenList(
        items=[
            Token.model_validate(
                _fields(context, row, stopped=not has_role[store.value_of(row)["created_by"]])
            )
            for row in rows
        ]
    )


@endpoint("POST", "/tokens", tag="tokens", role=Role.ADMIN, status=201)
async def make_token(call: Call[Nothing, Nothing, NewToken]) -> MadeToken:
    """Make an API token for a script.

    The secret is in this answer and nowhere else: only its hash is kept.
    """
    if call.caller.principal.name.startswith(TOKEN):
        detail = "An API token can't make API tokens: sign in as a person"
        raise Problem(403, detail, code=ProblemCode.TOKENS_MAKE_NO_TOKENS)
    body, secret, now = call.body, store.make(), datetime.now(UTC)
    settings = call.context[ApiSettings]
    days, most = (
        body.days or min(settings.api_token_days, settings.api_token_max_days),
        settings.api_token_max_days,
    )
    if days > most:
        reason = f"a token may live {most} days at most (KUBEDOOR_API_TOKEN_MAX_DAYS)"
        raise bad_field("days", reason, FieldCode.LESS_THAN_EQUAL, le=most)
    expires = now + timedelta(days=days)
    value = {
        "name": body.name,
        "digest": secret.digest,
        "grant": _grant(body).model_dump(mode="json"),
        "created_at": now.isoformat(timespec="milliseconds"),
        "created_by": call.caller.principal.name,
        "expires_at": expires.isoformat(timespec="milliseconds"),
    }
    row = {
        "env": "",
        "namespace": "",
        "key": queries.PREFIX + secret.id,
        "value": json.dumps(value),
        "deleted": False,
    }

    async def prepare() -> list[Row]:
        return [row]

    call.audit.set(None, {"id": secret.id, **body.model_dump()})
    await call.context[Writer].commit("setting", call.caller.principal.name, prepare, call.audit)
    return MadeToken.model_validate({**_fields(call.context, row), "token": secret.text})


@endpoint("DELETE", "/tokens/{id}", tag="tokens", role=Role.ADMIN, status=204)
async def revoke_token(call: Call[TokenPath, Nothing, Nothing]) -> None:
    """Revoke an API token.

    It stops working within seconds.
    """
    context, token_id = call.context, call.path.id

    async def prepare() -> list[Row]:
        row = await queries.token(context[ClickHouse], token_id)
        if row is None:
            raise Problem(
                404,
                f"There is no token {token_id}, or it is revoked already",
                code=ProblemCode.NO_TOKEN,
                parameters={"id": token_id},
            )
        call.audit.set({"id": token_id, "name": store.value_of(row)["name"]}, None)
        return [{"env": "", "namespace": "", "key": row["key"], "value": row["value"], "deleted": True}]

    await context[Writer].commit("setting", call.caller.principal.name, prepare, call.audit)
