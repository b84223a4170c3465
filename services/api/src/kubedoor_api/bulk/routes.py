"""The endpoints of many services at once."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.bulk import service
from kubedoor_api.bulk.models import Batch, BulkResult, ExportQuery, Import
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Download, Operation, operation


async def change_services(call: Call[EnvPath, Nothing, Batch]) -> BulkResult:
    """Change many services at once, all or none.

    Each against the version it is based on; 409 names the ones that were changed since. It takes the role
    in the namespace of each.
    """
    return await service.batch(call)


async def export_services(call: Call[EnvPath, ExportQuery, Nothing]) -> Download:
    """Download what the experts have entered, as CSV or JSON.

    Of the namespaces that you may see.
    """
    return await service.export(call)


async def import_services(call: Call[EnvPath, Nothing, Import]) -> BulkResult:
    """Import what was exported, from CSV or JSON, all or none.

    The named services' expert values become exactly the given ones, unregistered services are
    registered, others stay as they are. With `dry_run` it only says what would change. It takes the
    role in the namespace of each.
    """
    return await service.import_(call)


SERVICES = "/envs/{env}/services"

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "POST",
        SERVICES + "/batch",
        change_services,
        tag="services",
        role=Role.OPERATOR,
        conflicts=True,
        by_target=True,
    ),
    operation(
        "GET",
        SERVICES + "/export",
        export_services,
        tag="services",
        role=Role.VIEWER,
        media_types=("text/csv", "application/json"),
        by_target=True,
    ),
    operation(
        "POST", SERVICES + "/import", import_services, tag="services", role=Role.OPERATOR, by_target=True
    ),
)
