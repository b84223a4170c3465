"""The endpoints of one day's peak data."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Download, Operation, operation
from kubedoor_api.http.prepared import Prepared
from kubedoor_api.peaks import service
from kubedoor_api.peaks.models import PeakExportQuery, PeakList, PeakQuery


async def list_peaks(call: Call[EnvPath, PeakQuery, Nothing]) -> Prepared:
    """List what was collected of one day, a row per container.

    Of the namespaces that you may see. Each with what is odd about it, and how often each oddity is
    found that day.
    """
    return await service.list_peaks(call.caller, call.context, call.path.env, call.query)


async def export_peaks(call: Call[EnvPath, PeakExportQuery, Nothing]) -> Download:
    """Download what was collected of one day, as CSV or JSON."""
    return await service.export(call.caller, call.context, call.path.env, call.query)


COLLECTION = "/envs/{env}/peaks"

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GET",
        COLLECTION,
        list_peaks,
        tag="statistics",
        role=Role.VIEWER,
        answers=PeakList,
        by_target=True,
    ),
    operation(
        "GET",
        COLLECTION + "/export",
        export_peaks,
        tag="statistics",
        role=Role.VIEWER,
        media_types=("text/csv", "application/json"),
        by_target=True,
    ),
)
