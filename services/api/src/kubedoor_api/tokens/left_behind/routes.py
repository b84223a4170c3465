"""The endpoint of what is left behind."""

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.people import RoleCheck
from kubedoor_api.tokens.left_behind import queries
from kubedoor_api.tokens.left_behind.models import LeftBehind, LeftBehindList
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing
from kubedoor_core.clickhouse import ClickHouse


@endpoint("GET", "/left-behind", tag="tokens", role=Role.ADMIN)
async def list_left_behind(call: Call[Nothing, Nothing, Nothing]) -> LeftBehindList:
    """List what people who have no role any more left behind: tokens, schedules, operations to come."""
    rows = await queries.owned(call.context[ClickHouse])
    people = call.context[RoleCheck]
    has_role = {owner: await people.has_role(owner) for owner in {str(row["owner"]) for row in rows}}
    return LeftBehindList(
        items=[LeftBehind.model_validate(row) for row in rows if not has_role[row["owner"]]]
    )
