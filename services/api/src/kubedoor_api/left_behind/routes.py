"""The endpoint of what is left behind."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.left_behind import queries
from kubedoor_api.left_behind.models import LeftBehind, LeftBehindList


async def list_left_behind(call: Call[Nothing, Nothing, Nothing]) -> LeftBehindList:
    """List what people who have no role any more left behind: tokens, schedules, operations to come."""
    rows = await queries.owned(call.context.clickhouse)
    people = call.context.people
    has_role = {owner: await people.has_role(owner) for owner in {str(row["owner"]) for row in rows}}
    return LeftBehindList(
        items=[LeftBehind.model_validate(row) for row in rows if not has_role[row["owner"]]]
    )


OPERATIONS: tuple[Operation, ...] = (
    operation("GET", "/left-behind", list_left_behind, tag="tokens", role=Role.ADMIN),
)
