"""Listing, making and revoking API tokens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kubedoor_api.access.roles import Grant, Role
from kubedoor_api.auth.me_models import GrantView
from kubedoor_api.auth.people import TOKEN, RoleCheck
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.tokens import queries, store
from kubedoor_api.tokens.models import MadeToken, NewToken, Token, TokenList, TokenPath
from kubedoor_api.web.fields import Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from typing import Any

    from kubedoor_api.web.context import Context
    from kubedoor_api.web.endpoint import Call
    from kubedoor_core.clickhouse import Row


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


async def list_tokens(context: Context) -> TokenList:
    """Return the tokens that are not revoked."""
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


def _grant(body: NewToken) -> Grant:
    try:
        return Grant(role=Role(body.role), env=body.env, namespace=body.namespace)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise bad_field(field, reason, FieldCode.GRANT, reason=reason) from error


async def make(call: Call[Nothing, Nothing, NewToken]) -> MadeToken:
    """Make a token; its secret is told this once.

    :raises Problem: 403 for a script, 400 for a life that is too long.
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


async def revoke(call: Call[TokenPath, Nothing, Nothing]) -> None:
    """Revoke a token.

    :raises Problem: 404.
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
