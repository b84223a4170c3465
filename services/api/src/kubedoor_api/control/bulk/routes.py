"""The endpoints of many services at once."""

from kubedoor_api.access.roles import Role
from kubedoor_api.control.bulk import service
from kubedoor_api.control.bulk.models import Batch, BulkResult, ExportQuery, Import
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing

SERVICES = "/envs/{env}/services"


@endpoint("POST", SERVICES + "/batch", tag="services", role=Role.OPERATOR, conflicts=True, by_target=True)
async def change_services(call: Call[EnvPath, Nothing, Batch]) -> BulkResult:
    """Change many services at once, all or none.

    Each against the version it is based on; 409 names the ones that were changed since. It requires the role
    in the namespace of each.
    """
    return await service.batch(call)


@endpoint(
    "GET",
    SERVICES + "/export",
    tag="services",
    role=Role.VIEWER,
    media_types=("text/csv", "application/json"),
    by_target=True,
)
async def export_services(call: Call[EnvPath, ExportQuery, Nothing]) -> Download:
    """Download what the experts have entered, as CSV or JSON.

    Of the namespaces that you may see.
    """
    return await service.export(call)


@endpoint("POST", SERVICES + "/import", tag="services", role=Role.OPERATOR, by_target=True)
async def import_services(call: Call[EnvPath, Nothing, Import]) -> BulkResult:
    """Import what was exported, from CSV or JSON, all or none.

    The named services' expert values become exactly the given ones, unregistered services are
    registered, others stay as they are. With `dry_run` it only says what would change. It takes the
    role in the namespace of each.
    """
    return await service.import_(call)
