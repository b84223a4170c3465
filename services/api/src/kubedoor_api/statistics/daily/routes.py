"""The endpoints of one day's peak data."""

from kubedoor_api.access.roles import Role
from kubedoor_api.statistics.daily import service
from kubedoor_api.statistics.daily.models import PeakExportQuery, PeakList, PeakQuery
from kubedoor_api.web.encoded_body import EncodedBody
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing

COLLECTION = "/envs/{env}/peaks"


@endpoint("GET", COLLECTION, tag="statistics", role=Role.VIEWER, answers=PeakList, by_target=True)
async def list_peaks(call: Call[EnvPath, PeakQuery, Nothing]) -> EncodedBody:
    """List what was collected of one day, a row per container.

    Of the namespaces that you may see. Each with what is odd about it, and how often each oddity is
    found that day.
    """
    return await service.list_peaks(call.caller, call.context, call.path.env, call.query)


@endpoint(
    "GET",
    COLLECTION + "/export",
    tag="statistics",
    role=Role.VIEWER,
    media_types=("text/csv", "application/json"),
    by_target=True,
)
async def export_peaks(call: Call[EnvPath, PeakExportQuery, Nothing]) -> Download:
    """Download what was collected of one day, as CSV or JSON."""
    return await service.export(call.caller, call.context, call.path.env, call.query)
