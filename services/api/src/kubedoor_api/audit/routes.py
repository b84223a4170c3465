"""The endpoints of the audit log."""

from kubedoor_api.access.roles import Role
from kubedoor_api.audit import service
from kubedoor_api.audit.models import AuditPage, AuditQuery, AuditVerdict
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import Nothing


@endpoint("GET", "/audit", tag="audit", role=Role.ADMIN, by_target=True)
async def list_audit(call: Call[Nothing, AuditQuery, Nothing]) -> AuditPage:
    """List who did or tried what, the latest first.

    In the envs and namespaces of which you are an administrator.
    """
    return await service.page(call.caller, call.context, call.query)


@endpoint("GET", "/audit/export", tag="audit", role=Role.ADMIN, media_types=("text/csv",), by_target=True)
async def export_audit(call: Call[Nothing, AuditQuery, Nothing]) -> Download:
    """Download audit rows as CSV.

    With the same conditions as `listAudit`, up to `limit` rows.
    """
    return await service.export(call.caller, call.context, call.query)


@endpoint("GET", "/audit/verification", tag="audit", role=Role.ADMIN)
async def verify_audit(call: Call[Nothing, Nothing, Nothing]) -> AuditVerdict:
    """Verify the chain of the audit log.

    A row that was changed or removed behind the API's back shows.
    """
    return await service.check(call.context)
